/**
 * Whether the server answers. One lost request is only a doubt: then it is asked, and as long as it is silent again and
 * again.
 */

import { signal } from "@preact/signals";

/** What it answers to anybody, without its database. */
const QUESTION = "/api/config";

/** Milliseconds from a lost request to the question, and for its answer: together less than two seconds. */
const DOUBT = 500;
const SHORT = 1_200;

/** Once it is known to be away there is more time for an answer, and between two questions. */
const LONG = 5_000;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 5_000;

export const isAway = signal(false);

let isWatched = false;
let isDoubted = false;

/** Counts the doubts: what was asked in one says nothing in the next. */
let turn = 0;

/** @type {() => void} */
let wake = () => {};

/** Begins to ask. */
export function watch() {
  isWatched = true;
  addEventListener("online", nudge);
}

/** Whether it is the server itself that speaks, or what stands before it and cannot reach it. @param {Response} answer */
export const isOurs = (answer) => answer.status < 502 || /json/.test(answer.headers.get("Content-Type") ?? "");

/** It has said something, whatever it was. */
export function heard() {
  if (!isDoubted) return;
  isDoubted = false;
  turn += 1;
  isAway.value = false;
}

/** It has not. */
export function lost() {
  if (isWatched && !isDoubted) void find(++turn);
}

/** Not to wait any longer with the next question. */
export function nudge() {
  wake();
}

/** @param {number} mine */
async function find(mine) {
  isDoubted = true;
  await pause(DOUBT * (0.5 + Math.random() / 2)); // thousands lose the same server at the same moment
  for (let wait = FIRST_PAUSE; mine === turn; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
    const isThere = await answers(isAway.value ? LONG : SHORT);
    if (mine !== turn) return;
    if (isThere) return heard();
    isAway.value = true;
    await pause(wait);
  }
}

/** @param {number} patience */
function answers(patience) {
  return fetch(QUESTION, { cache: "no-store", signal: AbortSignal.timeout(patience) }).then(isOurs, () => false);
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => {
    wake = () => resolve(undefined);
    setTimeout(resolve, milliseconds);
  });
}
