/**
 * The public channels of a workspace, as far as they have been looked at.
 */

import { merged, without } from "./tables.js";

/** @typedef {import("../types").State} State */
/** @typedef {import("../types").Channel} Channel */

const SHOWN = ["id", "workspace_id", "type", "name", "topic", "read_only", "slow_mode", "member_count", "created_at"];

/** @param {any} chat @returns {Channel} */
function shown(chat) {
  return /** @type {any} */ (Object.fromEntries(SHOWN.map((field) => [field, chat[field]])));
}

/** @param {State} state @param {any} chat as in an event, or with one's own part of it */
export function putBrowsed(state, chat) {
  const channels = state.channels[chat.workspace_id];
  if (!channels || chat.type !== "public_channel") return state;
  const old = channels.byId[chat.id];
  const own = { is_member: "role" in chat ? chat.role !== null : (old?.is_member ?? false) };
  const next = merged(old ?? /** @type {Channel} */ ({}), { ...shown(chat), ...own });
  return next === old ? state : put(state, chat.workspace_id, { ...channels.byId, [chat.id]: next });
}

/** @param {State} state @param {number} workspaceId @param {number} id @param {Partial<Channel>} news */
export function changeBrowsed(state, workspaceId, id, news) {
  const channels = state.channels[workspaceId];
  const old = channels?.byId[id];
  if (!channels || !old) return state;
  const next = merged(old, news);
  return next === old ? state : put(state, workspaceId, { ...channels.byId, [id]: next });
}

/** @param {State} state @param {number} workspaceId @param {number} id */
export function dropBrowsed(state, workspaceId, id) {
  const channels = state.channels[workspaceId];
  return channels?.byId[id] ? put(state, workspaceId, without(channels.byId, id)) : state;
}

/** @param {State} state @param {number} workspaceId @param {Record<number, Channel>} byId @returns {State} */
function put(state, workspaceId, byId) {
  const complete = state.channels[workspaceId]?.complete ?? false;
  return { ...state, channels: { ...state.channels, [workspaceId]: { byId, complete } } };
}

/** @param {State} state @param {{workspaceId: number, items: any[], done: boolean, first: boolean}} page @returns {State} */
function loaded(state, { workspaceId, items, done, first }) {
  const old = first ? {} : (state.channels[workspaceId]?.byId ?? {});
  const news = Object.fromEntries(items.map((item) => [item.id, { ...shown(item), is_member: item.is_member }]));
  const channels = { byId: { ...old, ...news }, complete: done };
  return { ...state, channels: { ...state.channels, [workspaceId]: channels } };
}

export const channels = {
  "local.channels": loaded,
};
