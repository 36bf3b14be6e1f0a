/**
 * Messages on their way: seen at once, solid as soon as the server or the stream has them, never sent twice.
 */

import { batch, signal } from "@preact/signals";
import { api } from "./api.js";
import { ApiError } from "./http.js";
import { dispatch, onEvents, state } from "./store.js";

/** @typedef {import("./types").Pending} Pending */
/** @typedef {import("./types").Message} Message */

/** In the order in which they were sent. */
export const pending = signal(/** @type {Pending[]} */ ([]));

/** Milliseconds between tries, as long as it is not known whether the server has it; out of reach the last for ever. */
const PAUSES = [400, 1000, 2000, 4000, 8000];

/** From this try on it is said to wait. */
const LONG = 2;

/** Ends the pause of each that makes one. @type {Set<() => void>} */
const pausing = new Set();

/** By chat, the end of the line: what was sent first arrives first. @type {Map<number, Promise<void>>} */
const lines = new Map();

/** Made by hand, since `randomUUID` is there in secure contexts alone. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {number} chatId @param {string} text @param {{replyTo?: number | null}} [options] @returns {string} its client_id */
export function send(chatId, text, { replyTo = null } = {}) {
  const clientId = newId();
  const createdAt = new Date().toISOString();
  pending.value = [
    ...pending.value,
    { clientId, chatId, text, replyTo, createdAt, state: "sending", error: null },
  ];
  enqueue(clientId, chatId);
  return clientId;
}

/** Of one that failed: the same message, so that it cannot be there twice. @param {string} clientId */
export function retry(clientId) {
  const message = find(clientId);
  if (message?.state !== "failed") return;
  change(clientId, { state: "sending", error: null });
  enqueue(clientId, message.chatId);
}

/** @param {string} clientId */
export function discard(clientId) {
  pending.value = pending.value.filter((message) => message.clientId !== clientId);
  hurry(); // those behind it
}

/** All that waits is tried now. */
export function hurry() {
  for (const go of pausing) go();
}

export function forgetAll() {
  pending.value = [];
  lines.clear();
}

/** @param {string} clientId */
const find = (clientId) => pending.value.find((message) => message.clientId === clientId);

/** @param {string} clientId @param {Partial<Pending>} news */
function change(clientId, news) {
  pending.value = pending.value.map((message) => (message.clientId === clientId ? { ...message, ...news } : message));
}

/** @param {string} clientId @param {number} chatId */
function enqueue(clientId, chatId) {
  const before = lines.get(chatId) ?? Promise.resolve();
  lines.set(chatId, before.then(() => post(clientId)));
}

/** @param {string} clientId */
async function post(clientId) {
  for (let attempt = 0; ; attempt += 1) {
    const message = find(clientId);
    if (!message) return;
    try {
      return settle(await api.post(`/chats/${message.chatId}/messages`, body(message)));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const pause = PAUSES[isUnreached(error) ? Math.min(attempt, PAUSES.length - 1) : attempt];
      if (pause === undefined || !mayPass(error)) return change(clientId, { state: "failed", error });
      if (attempt >= LONG && isUnreached(error)) change(clientId, { state: "waiting" });
      await untilLater(Math.max(pause, 1000 * (error.retryAfter ?? 0)));
    }
  }
}

/** @param {number} milliseconds */
function untilLater(milliseconds) {
  return new Promise((resolve) => {
    const go = () => resolve(pausing.delete(go));
    pausing.add(go);
    setTimeout(go, milliseconds);
  });
}

/** @param {Pending} message */
function body({ text, clientId, replyTo }) {
  return { content: text, client_id: clientId, ...(replyTo === null ? {} : { reply_to: replyTo }) };
}

/** The server, or what it needs itself. @param {ApiError} error */
const isUnreached = ({ status }) => status === 0 || status > 500;

/** Whether it may be better in a moment. @param {ApiError} error */
const mayPass = (error) => isUnreached(error) || (error.status === 500 && (error.retryAfter ?? 0) <= 5);

/** @param {Message} message */
function settle(message) {
  batch(() => {
    dispatch({ type: "local.posted", message });
    arrived(message);
  });
}

/** @param {Message} message */
function arrived({ client_id, sender_id, chat_id }) {
  if (client_id === null || sender_id !== state.value.me) return;
  const is = (/** @type {Pending} */ one) => one.clientId === client_id && one.chatId === chat_id;
  if (pending.value.some(is)) pending.value = pending.value.filter((one) => !is(one));
}

/** The stream may be quicker than the answer, or have what the answer was lost of. */
export function listen() {
  onEvents((events) => {
    for (const event of events) if (event.type === "message.created") arrived(event.message);
  });
}
