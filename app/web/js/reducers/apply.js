/**
 * One event after another makes the state: a pure function, in which unknown events change nothing.
 */

import { channels } from "./channels.js";
import { chats } from "./chats.js";
import { local } from "./local.js";
import { members } from "./members.js";
import { messages } from "./messages.js";
import { passing } from "./passing.js";
import { forget, keepForLater } from "./stale.js";
import { workspaces } from "./workspaces.js";

/** @typedef {import("../types").State} State */
/** @typedef {import("../types").AnyEvent} AnyEvent */

/** @type {Record<string, (state: State, event: any) => State>} */
const REDUCERS = Object.assign(
  Object.create(null),
  channels,
  chats,
  local,
  members,
  messages,
  passing,
  workspaces,
  { "local.answer": answer },
);

/** @param {State} state @param {AnyEvent} event @returns {State} the same object if nothing has changed */
export function apply(state, event) {
  const reduce = REDUCERS[event.type];
  if (!reduce) return state;
  // Of what was asked for by an earlier event: this one may be missing in the answer.
  return keepForLater(state, reduce(state, event), event);
}

/**
 * The answer to what an event made us ask for (`chat` or `workspace`, null if it is not there), and behind it the events
 * that came meanwhile. An answer to an earlier question is none to this one.
 * @param {State} state
 * @param {{kind: "chats" | "workspaces", id: number, round: number, found: any}} word
 * @returns {State}
 */
function answer(state, { kind, id, round, found }) {
  const wanted = state.stale[kind][id];
  if (wanted?.round !== round) return state;
  const name = kind === "chats" ? "chat" : "workspace";
  const word = found ? { type: `local.${name}`, [name]: found } : { type: `local.${name}Gone`, id };
  return wanted.since.reduce(apply, apply(forget(state, kind, id), word));
}
