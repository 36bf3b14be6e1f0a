/**
 * One's workspaces, and who is in them.
 */

import { dropChat } from "./chats.js";
import { forget, waitForWorkspace } from "./stale.js";
import { merged, put, without } from "./tables.js";

/** @typedef {import("../types").State} State */
/** @typedef {import("../types").AnyEvent} AnyEvent */
/** @typedef {import("../types").Workspace} Workspace */

/** In the order of joining, new ones last. @param {State} state @param {Workspace} workspace @returns {State} */
export function putWorkspace(state, workspace) {
  const { byId, order } = state.workspaces;
  if (byId[workspace.id] === workspace) return state;
  return {
    ...state,
    workspaces: {
      byId: { ...byId, [workspace.id]: workspace },
      order: byId[workspace.id] ? order : [...order, workspace.id],
    },
  };
}

/** With its chats and all else that is kept of it. @param {State} state @param {number} id @returns {State} */
export function dropWorkspace(state, id) {
  const { byId, order } = state.workspaces;
  let next = forget(state, "workspaces", id);
  if (byId[id]) {
    next = { ...next, workspaces: { byId: without(byId, id), order: order.filter((other) => other !== id) } };
  }
  for (const chat of Object.values(next.chats.byId)) {
    if (chat.workspace_id === id) next = dropChat(next, chat.id);
  }
  return put(put(next, "members", id, undefined), "channels", id, undefined);
}

/** @param {State} state @param {AnyEvent} event @returns {State} */
function updated(state, event) {
  const known = state.workspaces.byId[event.workspace_id];
  return known ? putWorkspace(state, merged(known, event.workspace)) : state;
}

/** @param {State} state @param {AnyEvent} event @returns {State} */
function deleted(state, event) {
  return dropWorkspace(state, event.workspace_id);
}

/** @param {State} state @param {AnyEvent} event @returns {State} */
function ranked(state, event) {
  const members = state.members[event.workspace_id];
  if (!members || members.roles[event.user_id] === event.role) return state;
  return put(state, "members", event.workspace_id, {
    ...members,
    roles: { ...members.roles, [event.user_id]: event.role },
  });
}

/** Their number is in no event: it is asked for. @param {State} state @param {AnyEvent} event @returns {State} */
function memberAdded(state, event) {
  const next = memberUpdated(state, event);
  return waitForWorkspace(next, event.workspace_id);
}

/** @param {State} state @param {AnyEvent} event @returns {State} */
function memberUpdated(state, event) {
  const next = ranked(state, event);
  const known = next.workspaces.byId[event.workspace_id];
  if (event.user_id !== state.me || !known || known.role === event.role) return next;
  // Who is no guest any more sees all public channels: what was looked at is not all.
  return put(putWorkspace(next, { ...known, role: event.role }), "channels", event.workspace_id, undefined);
}

/** @param {State} state @param {AnyEvent} event @returns {State} */
function memberRemoved(state, event) {
  if (event.user_id === state.me) return dropWorkspace(state, event.workspace_id);
  const members = state.members[event.workspace_id];
  const next = members
    ? put(state, "members", event.workspace_id, { ...members, roles: without(members.roles, event.user_id) })
    : state;
  return waitForWorkspace(next, event.workspace_id);
}

/**
 * @param {State} state
 * @param {{workspaceId: number, items: {user_id: number, role: string}[], done: boolean, first: boolean}} page
 * @returns {State}
 */
function loaded(state, { workspaceId, items, done, first }) {
  const old = first ? {} : (state.members[workspaceId]?.roles ?? {});
  const roles = { ...old, ...Object.fromEntries(items.map((item) => [item.user_id, item.role])) };
  return put(state, "members", workspaceId, { roles, complete: done });
}

export const workspaces = {
  "workspace.updated": updated,
  "workspace.deleted": deleted,
  "workspace.member_added": memberAdded,
  "workspace.member_updated": memberUpdated,
  "workspace.member_removed": memberRemoved,
  "local.members": loaded,
};
