/**
 * Who is in a chat, and as what.
 */

import { changeBrowsed } from "./channels.js";
import { dropChat, putChat } from "./chats.js";
import { forget, waitForChat } from "./stale.js";
import { merged, put, without } from "./tables.js";

/** @typedef {import("../types").State} State */
/** @typedef {import("../types").AnyEvent} AnyEvent */
/** @typedef {import("../types").Chat} Chat */
/** @typedef {import("../types").Members} Members */

/** @param {State} state @param {AnyEvent} event @param {number[] | null} memberIds @returns {State} */
function counted(state, event, memberIds) {
  const chat = state.chats.byId[event.chat_id];
  let next = changeBrowsed(state, event.workspace_id, event.chat_id, { member_count: event.member_count });
  if (!chat) return next;
  const own = event.user_id === state.me && event.role ? { role: event.role } : {};
  next = putChat(next, merged(chat, { member_count: event.member_count, member_ids: memberIds, ...own }));
  return next;
}

/** @param {State} state @param {AnyEvent} event @returns {State} */
function ranked(state, event) {
  const members = state.chatMembers[event.chat_id];
  if (!members || members.roles[event.user_id] === event.role) return state;
  const roles = { ...members.roles, [event.user_id]: event.role };
  return put(state, "chatMembers", event.chat_id, { ...members, roles });
}

/** @param {Chat | undefined} chat @returns {number[] | null} */
const idsOf = (chat) => chat?.member_ids ?? null;

/** @param {State} state @param {AnyEvent} event @returns {State} */
function added(state, event) {
  const chat = state.chats.byId[event.chat_id];
  if (event.user_id === state.me && !chat) {
    return waitForChat(changeBrowsed(state, event.workspace_id, event.chat_id, { is_member: true }), event.chat_id);
  }
  const ids = idsOf(chat);
  const more = ids && !ids.includes(event.user_id) ? [...ids, event.user_id].sort((a, b) => a - b) : ids;
  return ranked(counted(state, event, more), event);
}

/** @param {State} state @param {AnyEvent} event @returns {State} */
function updated(state, event) {
  return ranked(counted(state, event, idsOf(state.chats.byId[event.chat_id])), event);
}

/** @param {State} state @param {AnyEvent} event @returns {State} */
function removed(state, event) {
  if (event.user_id === state.me) {
    const news = { is_member: false, member_count: event.member_count };
    const next = changeBrowsed(state, event.workspace_id, event.chat_id, news);
    return forget(dropChat(next, event.chat_id), "chats", event.chat_id);
  }
  const ids = idsOf(state.chats.byId[event.chat_id]);
  const next = counted(state, event, ids && ids.filter((id) => id !== event.user_id));
  const members = next.chatMembers[event.chat_id];
  if (!members) return next;
  return put(next, "chatMembers", event.chat_id, { ...members, roles: without(members.roles, event.user_id) });
}

/**
 * @param {State} state
 * @param {{chatId: number, items: {user_id: number, role: string}[], done: boolean, first: boolean}} page
 * @returns {State}
 */
function loaded(state, { chatId, items, done, first }) {
  const old = first ? {} : (state.chatMembers[chatId]?.roles ?? {});
  const roles = { ...old, ...Object.fromEntries(items.map((item) => [item.user_id, item.role])) };
  return put(state, "chatMembers", chatId, { roles, complete: done });
}

export const members = {
  "member.added": added,
  "member.updated": updated,
  "member.removed": removed,
  "local.chatMembers": loaded,
};
