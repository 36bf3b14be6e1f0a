/**
 * What an event tells of without saying all of it: it is asked for, and the events that come meanwhile are applied to
 * the answer, which may or may not have them in it.
 */

/** @typedef {import("../types").State} State */
/** @typedef {import("../types").AnyEvent} AnyEvent */

/** @typedef {"chats" | "workspaces"} Kind */

/** @param {State} state @param {Kind} kind @param {number} id @returns {State} */
function wait(state, kind, id) {
  if (state.stale[kind][id]) return state;
  const round = state.stale.round + 1;
  return { ...state, stale: { ...state.stale, round, [kind]: { ...state.stale[kind], [id]: { round, since: [] } } } };
}

/** @param {State} state @param {number} id */
export const waitForChat = (state, id) => wait(state, "chats", id);

/** @param {State} state @param {number} id */
export const waitForWorkspace = (state, id) => wait(state, "workspaces", id);

/** @param {State} state @param {Kind} kind @param {number} id @returns {State} */
export function forget(state, kind, id) {
  if (!state.stale[kind][id]) return state;
  const { [id]: _, ...rest } = state.stale[kind];
  return { ...state, stale: { ...state.stale, [kind]: rest } };
}

/**
 * Keeps an event for what was waited for before it came, and still is.
 * @param {State} before
 * @param {State} state
 * @param {AnyEvent} event
 * @returns {State}
 */
export function keepForLater(before, state, event) {
  if (event.type.startsWith("local.")) return state;
  const next = add(before, state, "chats", event.chat_id, event);
  return add(before, next, "workspaces", event.workspace_id, event);
}

/** @param {State} before @param {State} state @param {Kind} kind @param {number} id @param {AnyEvent} event @returns {State} */
function add(before, state, kind, id, event) {
  const kept = state.stale[kind][id];
  if (!kept || !before.stale[kind][id]) return state;
  const more = { ...kept, since: [...kept.since, event] };
  return { ...state, stale: { ...state.stale, [kind]: { ...state.stale[kind], [id]: more } } };
}
