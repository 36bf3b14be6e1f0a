/**
 * Chats, and who is in them. What was done is in the state at once; the event that tells of it changes nothing more.
 */

import { api, all } from "../api.js";
import { dispatch, state } from "../store.js";

/** @typedef {import("../types").Chat} Chat */

/** @param {Chat} chat @returns {Chat} */
function shown(chat) {
  dispatch({ type: "local.chat", chat });
  return chat;
}

/** @param {{workspace_id: number, type: string, name?: string | null, topic?: string, member_ids?: number[]}} plan */
export async function createChat(plan) {
  return shown(await api.post("/chats", plan));
}

/** @param {number} chatId @param {{name?: string | null, topic?: string, read_only?: boolean, slow_mode?: number}} changes */
export async function updateChat(chatId, changes) {
  return shown(await api.patch(`/chats/${chatId}`, changes));
}

/** @param {number} chatId */
export async function deleteChat(chatId) {
  const workspaceId = state.value.chats.byId[chatId]?.workspace_id;
  await api.delete(`/chats/${chatId}`);
  dispatch({ type: "chat.deleted", workspace_id: workspaceId, chat_id: chatId });
}

/** One that is not among one's own: a public channel, before it is joined. @param {number} chatId @returns {Promise<Chat>} */
export async function loadChat(chatId) {
  return shown(await api.get(`/chats/${chatId}`));
}

/** @param {number} chatId */
export async function joinChat(chatId) {
  return shown(await api.post(`/chats/${chatId}/join`));
}

/** @param {number} chatId */
export async function leaveChat(chatId) {
  await api.post(`/chats/${chatId}/leave`);
  dispatch({ type: "local.chatGone", id: chatId });
}

/** Of a workspace, all public ones. @param {number} workspaceId */
export async function loadChannels(workspaceId) {
  await paged(`/workspaces/${workspaceId}/channels`, (page) => ({ type: "local.channels", workspaceId, ...page }));
}

/** @param {number} chatId */
export async function loadChatMembers(chatId) {
  await paged(`/chats/${chatId}/members`, (page) => ({ type: "local.chatMembers", chatId, ...page }));
}

/** @param {number} chatId @param {number[]} userIds */
export async function addMembers(chatId, userIds) {
  const { items } = await api.post(`/chats/${chatId}/members`, { user_ids: userIds });
  const known = state.value.chatMembers[chatId];
  if (known) dispatch({ type: "local.chatMembers", chatId, items, done: known.complete, first: false });
}

/** @param {number} chatId @param {number} userId @param {string} role */
export async function changeChatRole(chatId, userId, role) {
  const member = await api.patch(`/chats/${chatId}/members/${userId}`, { role });
  const known = state.value.chatMembers[chatId];
  if (known) dispatch({ type: "local.chatMembers", chatId, items: [member], done: known.complete, first: false });
}

/** @param {number} chatId @param {number} userId */
export async function removeMember(chatId, userId) {
  await api.delete(`/chats/${chatId}/members/${userId}`);
  if (userId === state.value.me) dispatch({ type: "local.chatGone", id: chatId });
}

/**
 * Shows the pages of a list as they come, with the people in them.
 * @param {string} path
 * @param {(page: {items: any[], done: boolean, first: boolean}) => import("../types").AnyEvent} word
 */
export async function paged(path, word) {
  let first = true;
  await all(path, {}, (items, done) => {
    const people = items.filter((item) => item.user_id).map((item) => ({ ...item, id: item.user_id }));
    dispatch({ type: "local.users", people }, word({ items, done, first }));
    first = false;
  });
}
