/**
 * What is loaded of a chat's history.
 */

import { api } from "../api.js";
import { dispatch, state } from "../store.js";

const PAGE = 50;

/** By chat: one page at a time. @type {Map<number, Promise<void>>} */
const loading = new Map();

/** Which chat is looked at. @type {number | null} */
let open = null;

/** @returns {number[]} */
export const onScreen = () => (open !== null && state.value.messages[open] ? [open] : []);

/**
 * Begins to show a chat: its newest messages; `messageId` is one to begin at instead.
 * @param {number} chatId
 * @param {number} [messageId]
 */
export async function openChat(chatId, messageId) {
  if (open !== chatId) dispatch({ type: "local.shown", chatId, isOpen: true });
  open = chatId;
  try {
    if (messageId) await loadAround(chatId, { id: messageId });
    else {
      if (!isThere(chatId)) await loading.get(chatId);
      // Also where what was on its way came to nothing: with fresh lists all that was loaded is gone.
      if (!isThere(chatId)) await loadLatest(chatId);
    }
  } catch (error) {
    dispatch({ type: "local.loading", chatId, loading: false });
    throw error;
  }
}

/** Whether its first page is. @param {number} chatId */
const isThere = (chatId) => state.value.messages[chatId]?.isThere ?? false;

/** What is about to be opened: its messages are on their way while the button is still down. @param {number} chatId */
export function openAhead(chatId) {
  if (isThere(chatId) || loading.has(chatId)) return;
  putAside(chatId);
  loadLatest(chatId).catch(() => {});
}

/** Of so many chats that were looked at their newest messages are kept. */
const ASIDE = 20;

/** The ones looked at last are last. @type {number[]} */
let aside = [];

/** @param {number} chatId */
function putAside(chatId) {
  aside = [...aside.filter((id) => id !== chatId), chatId];
}

/** It is not looked at any more. @param {number} chatId */
export function closeChat(chatId) {
  if (open === chatId) open = null;
  putAside(chatId);
  const gone = aside.splice(0, aside.length - ASIDE).filter((id) => id !== open);
  dispatch(
    { type: "local.shown", chatId, isOpen: false },
    ...gone.map((id) => ({ type: "local.closed", chatId: id })),
  );
}

/** @param {number} chatId */
export async function loadLatest(chatId) {
  await one(chatId, async () => {
    await page(chatId, "replace", {});
    await toEnd(chatId);
  });
}

/** @param {number} chatId */
export async function loadOlder(chatId) {
  await one(chatId, async () => {
    const { items, hasMore } = history(chatId);
    if (hasMore && items[0]) await page(chatId, "before", { before: items[0].seq });
  });
}

/** @param {number} chatId */
export async function loadNewer(chatId) {
  await one(chatId, async () => {
    const { items, hasMoreAfter } = history(chatId);
    if (hasMoreAfter) await page(chatId, "after", { after: items.at(-1)?.seq ?? 0 });
  });
}

/** A page with a message in the middle, which is named by its `seq` or its `id`. @param {number} chatId @param {{seq?: number, id?: number}} goal */
export async function loadAround(chatId, { seq, id }) {
  const isLoaded = state.value.messages[chatId]?.items.some((message) => message.id === id);
  if (isLoaded) return;
  const goal = seq ?? (await messageIn(chatId, /** @type {number} */ (id)));
  if (goal === undefined) return loadLatest(chatId);
  await one(chatId, () => page(chatId, "replace", { around: goal }));
}

/** Its seq, if it is a message of that chat. @param {number} chatId @param {number} id */
async function messageIn(chatId, id) {
  const message = await quote(id);
  return message?.chat_id === chatId ? message.seq : undefined;
}

/** Fetches one that another one answers; null if it is not to be had. @param {number} id @returns {Promise<import("../types").Message | null>} */
export async function quote(id) {
  const message = await api.get(`/messages/${id}`).catch((error) => {
    if (error.status === 404) return null;
    throw error;
  });
  dispatch({ type: "local.quoted", id, message });
  return message;
}

/** After a reset: what is on screen, again. @param {number[]} chatIds */
export function reload(chatIds) {
  for (const chatId of chatIds) loadLatest(chatId).catch(() => {});
}

/** @param {number} chatId */
function history(chatId) {
  return state.value.messages[chatId] ?? { items: [], hasMore: true, hasMoreAfter: false };
}

/** @param {number} chatId @param {() => Promise<void>} load */
async function one(chatId, load) {
  const before = loading.get(chatId) ?? Promise.resolve();
  const mine = before.then(load, load);
  loading.set(chatId, mine);
  try {
    await mine;
  } finally {
    if (loading.get(chatId) === mine) loading.delete(chatId);
  }
}

/** @param {number} chatId @param {"replace" | "before" | "after"} mode @param {Record<string, number>} bound */
async function page(chatId, mode, bound) {
  dispatch({ type: "local.loading", chatId, loading: true });
  try {
    const page = await api.get(`/chats/${chatId}/messages`, { limit: PAGE, ...bound });
    dispatch({ type: "local.page", chatId, mode, page });
  } catch (error) {
    dispatch({ type: "local.loading", chatId, loading: false });
    throw error;
  }
}

/** What came while the newest page was on its way may be behind it. @param {number} chatId */
async function toEnd(chatId) {
  for (let tries = 0; tries < 3 && history(chatId).hasMoreAfter; tries += 1) {
    await page(chatId, "after", { after: history(chatId).items.at(-1)?.seq ?? 0 });
  }
}
