/**
 * What is done with messages; sending is in `outgoing.js`.
 */

import { api } from "../api.js";
import { dispatch, state } from "../store.js";

/** Milliseconds between two words of typing. */
const TYPING = 3_000;

/** @param {number} messageId @param {string} content */
export async function edit(messageId, content) {
  dispatch({ type: "local.changed", message: await api.patch(`/messages/${messageId}`, { content }) });
}

/** @param {number} messageId */
export async function remove(messageId) {
  await api.delete(`/messages/${messageId}`);
  const { messages } = state.value;
  const found = Object.values(messages).flatMap(({ items }) => items.filter((message) => message.id === messageId))[0];
  if (!found) return;
  const message = { ...found, content: null, deleted_at: found.deleted_at ?? new Date().toISOString() };
  dispatch({ type: "local.changed", message });
}

/** @param {number} messageId @param {string} reason */
export async function reportMessage(messageId, reason) {
  await api.post(`/messages/${messageId}/reports`, { reason });
}

/** By chat, how far it is to be marked as read, and whether that is on its way. @type {Map<number, {seq: number, busy: boolean}>} */
const pointers = new Map();

/** Shown at once; the server is told of the furthest alone. @param {number} chatId @param {number} seq */
export async function markRead(chatId, seq) {
  const chat = state.value.chats.byId[chatId];
  if (!chat || chat.last_read_seq >= seq) return;
  dispatch({ type: "read.updated", chat_id: chatId, last_read_seq: Math.min(seq, chat.last_seq) });
  const pointer = pointers.get(chatId) ?? { seq, busy: false };
  pointer.seq = Math.max(pointer.seq, seq);
  pointers.set(chatId, pointer);
  if (pointer.busy) return;
  pointer.busy = true;
  await tell(chatId, pointer);
}

/** @param {number} chatId @param {{seq: number, busy: boolean}} pointer */
async function tell(chatId, pointer) {
  let told = 0;
  try {
    while (told < pointer.seq) {
      told = pointer.seq;
      await api.post(`/chats/${chatId}/read`, { seq: told });
    }
    pointers.delete(chatId);
  } catch {
    // Told with the next one that is read.
    pointer.busy = false;
  }
}

/** @type {Map<number, number>} */
const typed = new Map();

/** To be called with each key: it is told of every few seconds. @param {number} chatId */
export function typing(chatId) {
  const now = Date.now();
  if (now - (typed.get(chatId) ?? 0) < TYPING) return;
  typed.set(chatId, now);
  api.post(`/chats/${chatId}/typing`).catch(() => {});
}

/** What was typed is sent: others see nobody typing any more, so the next key is news. @param {number} chatId */
export function typingIsOver(chatId) {
  typed.delete(chatId);
}
