/**
 * Who is signed in: restored by the cookie, shared by all tabs, ended by any of them.
 */

import { signal } from "@preact/signals";
import { api, sleep } from "./api.js";
import { hear, say } from "./channel.js";
import { forgetDrafts } from "./drafts.js";
import { ApiError, send } from "./http.js";
import { whyNotInvited } from "./invited.js";
import { forget, isOver, listen, onChange, onEnd, renew, take } from "./tokens.js";

/** @typedef {import("./types").Account} Account */

const HINT = "signed-in";

/** `null` while it is not known, `false` signed out, else the account. @type {import("@preact/signals").Signal<Account | false | null>} */
export const account = signal(/** @type {Account | false | null} */ (null));

/** Begins with what the cookie says; comes back when that is known, however long the server is away. */
export async function start() {
  listen();
  onEnd(end);
  onChange(beginAnew);
  hear("signed-out", leave);
  hear("signed-in", ({ id }) => {
    if (account.value === false) void restore();
    else if (account.value && account.value.id !== id) beginAnew();
  });
  await restore();
}

/** Whether somebody has signed in here, so that there may be a cookie: it is no secret, and only spares a question. */
const hint = {
  /** @param {boolean} isIn */
  set(isIn) {
    try {
      if (isIn) localStorage.setItem(HINT, "yes");
      else localStorage.removeItem(HINT);
    } catch {
      // Nothing may be kept here: then it is asked each time.
    }
  },
  isIn() {
    try {
      return localStorage.getItem(HINT) !== null;
    } catch {
      return true;
    }
  },
};

async function restore() {
  if (!hint.isIn()) return void (account.value = false);
  for (let pause = 500; ; pause = Math.min(pause * 2, 8000)) {
    try {
      await renew(null);
      account.value = await api.get("/users/me");
      return;
    } catch (error) {
      if (isOver(error)) return end();
      if (!(error instanceof ApiError)) throw error;
      await sleep(error.retryAfter ? error.retryAfter * 1000 : pause);
    }
  }
}

/** @param {{email: string, password: string, code?: string}} credentials */
export async function signIn(credentials) {
  await enter(await send("POST", "/api/auth/signin", { body: { ...credentials, cookie: true } }));
}

/**
 * @param {{email: string, password: string, name: string, workspace?: string, invite?: string}} newcomer
 * @returns {Promise<boolean>} false if the address has to be proved first by the link in a mail
 */
export async function signUp(newcomer) {
  const answer = await send("POST", "/api/auth/signup", { body: { ...newcomer, cookie: true } }).catch(whyNotInvited);
  if (!answer.access_token) return false;
  await enter(answer);
  return true;
}

/** @param {any} answer */
async function enter(answer) {
  take(answer);
  hint.set(true);
  account.value = answer.user;
  say({ kind: "signed-in", id: answer.user.id });
}

/** Rejects where the server cannot be reached: the cookie is out of our reach, so one is still signed in then. */
export async function signOut() {
  try {
    await api.post("/auth/signout");
  } catch (error) {
    if (!isOver(error)) throw error;
  }
  say({ kind: "signed-out" });
  leave();
}

/** As who has signed in meanwhile; what the one before had not sent is not sent in that one's name. */
function beginAnew() {
  forget();
  forgetDrafts();
  account.value = false;
  location.reload();
}

/** By one's own will: whoever is next begins at home. */
const leave = () => goWith(() => location.replace("/"));

/** Not by one's own will: who signs in again is where they were. */
const end = () => goWith(() => location.reload());

/**
 * What is open, chosen to be edited or replied to, said or asked is all gone with the page, so that nothing of a person
 * is there for the next one.
 * @param {() => void} load
 */
function goWith(load) {
  const wasIn = Boolean(account.value);
  forget();
  forgetDrafts();
  hint.set(false);
  account.value = wasIn ? null : false;
  if (wasIn) load();
}
