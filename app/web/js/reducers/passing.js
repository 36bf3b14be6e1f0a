/**
 * What passes: who is typing, who is there.
 */

import { put } from "./tables.js";

/** @typedef {import("../types").State} State */
/** @typedef {import("../types").AnyEvent} AnyEvent */

/** Milliseconds for which one word of typing counts. */
const TYPING = 6_000;

/** `received`: when it came, by our own clock. @param {State} state @param {AnyEvent} event @returns {State} */
function typing(state, event) {
  if (event.user_id === state.me) return state;
  const until = (event.received ?? Date.parse(event.at)) + TYPING;
  return put(state, "typing", event.chat_id, { ...state.typing[event.chat_id], [event.user_id]: until });
}

/** @param {State} state @param {AnyEvent} event @returns {State} */
function presence(state, event) {
  return put(state, "presence", event.user_id, event.state);
}

/** Lets go of what is over. @param {State} state @param {{now: number}} word @returns {State} */
function passed(state, { now }) {
  let next = state;
  for (const [chatId, people] of Object.entries(state.typing)) {
    const left = Object.entries(people).filter(([, until]) => until > now);
    if (left.length < Object.keys(people).length) {
      next = put(next, "typing", Number(chatId), left.length ? Object.fromEntries(left) : undefined);
    }
  }
  return next;
}

export const passing = {
  typing,
  presence,
  "local.passed": passed,
};
