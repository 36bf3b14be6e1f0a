/**
 * Workspaces, who is in them, and invitations.
 */

import { api } from "../api.js";
import { send } from "../http.js";
import { whyNotInvited } from "../invited.js";
import { currentWorkspace, workspaces } from "../selectors.js";
import { dispatch, state } from "../store.js";
import { paged } from "./chats.js";

/** @typedef {import("../types").Workspace} Workspace */

/** @param {Workspace} workspace @returns {Workspace} */
function shown(workspace) {
  dispatch({ type: "local.workspace", workspace });
  return workspace;
}

/** @param {{name: string}} plan */
export async function createWorkspace(plan) {
  return shown(await api.post("/workspaces", plan));
}

/** @param {number} workspaceId @param {{name?: string}} changes */
export async function updateWorkspace(workspaceId, changes) {
  return shown(await api.patch(`/workspaces/${workspaceId}`, changes));
}

/** @param {number} workspaceId */
export async function deleteWorkspace(workspaceId) {
  await api.delete(`/workspaces/${workspaceId}`);
  dispatch({ type: "local.workspaceGone", id: workspaceId });
}

/** Milliseconds for which names are taken for good: no event tells of a new one. */
const GOOD_FOR = 5 * 60_000;

/** @type {Map<number, {at: number, done: Promise<void>}>} */
const loaded = new Map();

/** All of them, unless they have just been loaded. @param {number} workspaceId */
export function loadMembers(workspaceId) {
  const before = loaded.get(workspaceId);
  if (before && state.value.members[workspaceId] && Date.now() - before.at < GOOD_FOR) return before.done;
  const done = paged(`/workspaces/${workspaceId}/members`, (page) => ({ type: "local.members", workspaceId, ...page }));
  loaded.set(workspaceId, { at: Date.now(), done });
  done.catch(() => loaded.delete(workspaceId));
  return done;
}

/** Of larger ones only those are asked for who are seen. */
const MOST_AT_ONCE = 1000;

/** Of all workspaces, the one in view first. */
export async function loadPeople() {
  const inView = currentWorkspace();
  const others = workspaces.value.filter((workspace) => workspace.id !== inView?.id);
  for (const { id, member_count } of inView ? [inView, ...others] : others) {
    // Whom this does not bring is asked for when it is seen.
    if (member_count <= MOST_AT_ONCE) await loadMembers(id).catch(() => {});
  }
}

/** @param {number} workspaceId @param {number} userId @param {string} role */
export async function changeWorkspaceRole(workspaceId, userId, role) {
  await api.patch(`/workspaces/${workspaceId}/members/${userId}`, { role });
  dispatch({ type: "workspace.member_updated", workspace_id: workspaceId, user_id: userId, role });
}

/** Another; oneself leaves. @param {number} workspaceId @param {number} userId */
export async function removeFromWorkspace(workspaceId, userId) {
  await api.delete(`/workspaces/${workspaceId}/members/${userId}`);
  dispatch({ type: "workspace.member_removed", workspace_id: workspaceId, user_id: userId });
}

/** @param {number} workspaceId */
export async function leaveWorkspace(workspaceId) {
  await removeFromWorkspace(workspaceId, /** @type {number} */ (state.value.me));
}

/** The open ones. @param {number} workspaceId @returns {Promise<any[]>} */
export async function loadInvites(workspaceId) {
  return (await api.get(`/workspaces/${workspaceId}/invites`)).items;
}

/** @param {number} workspaceId @param {{email?: string, role?: string, max_uses?: number, expires_in?: number}} offer */
export async function createInvite(workspaceId, offer) {
  return api.post(`/workspaces/${workspaceId}/invites`, offer);
}

/** @param {number} workspaceId @param {number} inviteId */
export async function withdrawInvite(workspaceId, inviteId) {
  await api.delete(`/workspaces/${workspaceId}/invites/${inviteId}`);
}

/** What it is for, which whoever has it may know. @param {string} token */
export const openInvite = (token) => send("GET", `/api/invites/${encodeURIComponent(token)}`, {}).catch(whyNotInvited);

/** @param {string} token @returns {Promise<Workspace>} */
export async function acceptInvite(token) {
  return shown(await api.post(`/invites/${encodeURIComponent(token)}/accept`).catch(whyNotInvited));
}
