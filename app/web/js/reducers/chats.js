/**
 * The list of one's chats.
 */

import { dropBrowsed, putBrowsed } from "./channels.js";
import { forget, waitForChat } from "./stale.js";
import { merged, put, without } from "./tables.js";

/** @typedef {import("../types").State} State */
/** @typedef {import("../types").AnyEvent} AnyEvent */
/** @typedef {import("../types").Chat} Chat */

/** @param {Chat} chat */
export function activeAt(chat) {
  return chat.last_message?.created_at ?? chat.created_at;
}

/** Newest activity first. @param {Chat} one @param {Chat} other */
function byActivity(one, other) {
  const a = activeAt(one);
  const b = activeAt(other);
  if (a !== b) return a < b ? 1 : -1;
  return other.id - one.id;
}

/** @param {Chat[]} items */
export function table(items) {
  const order = [...items].sort(byActivity).map((chat) => chat.id);
  return { byId: Object.fromEntries(items.map((chat) => [chat.id, chat])), order };
}

/** Counts what is unread, and keeps the list in order. @param {State} state @param {Chat} chat @returns {State} */
export function putChat(state, chat) {
  const { byId, order } = state.chats;
  const unread = Math.max(0, chat.last_seq - chat.last_read_seq);
  const next = chat.unread_count === unread ? chat : { ...chat, unread_count: unread };
  const old = byId[chat.id];
  if (old === next) return state;
  const moves = !old || activeAt(old) !== activeAt(next);
  const chats = { byId: { ...byId, [chat.id]: next }, order };
  if (moves) chats.order = placed(chats.byId, order, next);
  return { ...state, chats };
}

/** @param {Record<number, Chat>} byId @param {number[]} order @param {Chat} chat */
function placed(byId, order, chat) {
  const rest = order.filter((id) => id !== chat.id);
  const at = rest.findIndex((id) => byActivity(chat, /** @type {Chat} */ (byId[id])) < 0);
  rest.splice(at < 0 ? rest.length : at, 0, chat.id);
  return rest;
}

/** With all that is kept of it. @param {State} state @param {number} id @returns {State} */
export function dropChat(state, id) {
  const { byId, order } = state.chats;
  let next = state;
  if (byId[id]) next = { ...next, chats: { byId: without(byId, id), order: order.filter((other) => other !== id) } };
  for (const part of /** @type {const} */ (["messages", "chatMembers", "typing"])) {
    next = put(next, part, id, undefined);
  }
  return next;
}

/** What everybody sees of a chat, over what one has of it. @param {State} state @param {Chat} chat @param {any} shared */
function renew(state, chat, shared) {
  return putChat(state, merged(chat, { ...shared, last_seq: Math.max(chat.last_seq, shared.last_seq) }));
}

/** @param {State} state @param {AnyEvent} event */
function created(state, event) {
  const known = state.chats.byId[event.chat_id];
  const next = putBrowsed(state, event.chat);
  // A public channel is told of to the whole workspace, and one's own part of a chat is in no event: it is asked for.
  return known ? renew(next, known, event.chat) : waitForChat(next, event.chat_id);
}

/** @param {State} state @param {AnyEvent} event */
function updated(state, event) {
  const known = state.chats.byId[event.chat_id];
  const next = putBrowsed(state, event.chat);
  return known ? renew(next, known, event.chat) : next;
}

/** @param {State} state @param {AnyEvent} event */
function deleted(state, event) {
  return dropBrowsed(forget(dropChat(state, event.chat_id), "chats", event.chat_id), event.workspace_id, event.chat_id);
}

/** @param {State} state @param {AnyEvent} event */
function read(state, event) {
  const chat = state.chats.byId[event.chat_id];
  if (!chat || chat.last_read_seq >= event.last_read_seq) return state;
  return putChat(state, { ...chat, last_read_seq: event.last_read_seq });
}

export const chats = {
  "chat.created": created,
  "chat.updated": updated,
  "chat.deleted": deleted,
  "read.updated": read,
};
