/**
 * What passes: who is typing, who is there; and the connection by which one hears of it.
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

/**
 * What passed before a stream began was not heard, so that with a new one nobody is known to be there or not but oneself,
 * and without one, if that is for long, nobody at all.
 * @param {State} state @param {{connection: State["connection"]}} word @returns {State}
 */
function connected(state, { connection }) {
  if (state.connection === connection) return state;
  if (connection === "connecting") return { ...state, connection };
  /** @type {State["presence"]} */
  const presence = connection === "live" ? { [state.me ?? 0]: "online" } : {};
  return { ...state, connection, presence, stream: {} };
}

/**
 * Who of these is there, by an answer to who asked during that stream; null: they have just been asked for. What an
 * event has said of somebody is newer, whichever came first.
 * @param {State} state @param {{ids: number[], online: number[] | null, stream: object}} word @returns {State}
 */
function found(state, { ids, online, stream }) {
  if (stream !== state.stream) return state;
  const presence = { ...state.presence };
  for (const id of ids) presence[id] ||= online && (online.includes(id) ? "online" : "offline");
  return { ...state, presence };
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
  "local.connection": connected,
  "local.passed": passed,
  "local.presence": found,
};
