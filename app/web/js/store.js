/**
 * The state of everything, as one immutable object behind a signal; only events change it.
 */

import { batch, signal } from "@preact/signals";
import { apply } from "./reducers/apply.js";
import { BEGINNING } from "./reducers/local.js";

/** @typedef {import("./types").State} State */
/** @typedef {import("./types").AnyEvent} AnyEvent */

export { apply, BEGINNING };

export const state = signal(/** @type {State} */ (BEGINNING));

/** Milliseconds between two looks at what came: a hundred events a second are drawn twenty times. */
const PACE = 50;

/** @type {Set<(events: AnyEvent[]) => void>} */
const listeners = new Set();

/** @type {AnyEvent[]} */
let queue = [];

/** @type {ReturnType<typeof setTimeout> | null} */
let timer = null;

/** Of our own doing: at once. @param {...AnyEvent} events */
export function dispatch(...events) {
  state.value = events.reduce(apply, state.value);
}

/** Of the stream: the first at once, those close behind it together. @param {AnyEvent[]} events */
export function receive(events) {
  const received = Date.now();
  queue.push(...events.map((event) => ({ ...event, received })));
  if (timer === null) flush();
}

function flush() {
  timer = null;
  if (!queue.length) return;
  const events = queue;
  queue = [];
  timer = setTimeout(flush, PACE);
  batch(() => {
    dispatch(...events);
    for (const listener of listeners) listener(events);
  });
}

/** What came for who has signed out since. */
export function forgetQueue() {
  queue = [];
}

/** Hears of all that comes, when it has been applied. @param {(events: AnyEvent[]) => void} listener */
export function onEvents(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
