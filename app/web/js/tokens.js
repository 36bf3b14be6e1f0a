/**
 * The access token: in memory alone, renewed by the HttpOnly cookie, by one tab for all.
 */

import { hear, say } from "./channel.js";
import { ApiError, send } from "./http.js";

/** Milliseconds before its end at which a token is not used any more. */
const MARGIN = 60_000;

/** @type {{token: string, expiresAt: number} | null} */
let access = null;

/** @type {Promise<string> | null} */
let renewing = null;

/** Counts what was forgotten: a refresh that was under way then is for nobody. */
let turn = 0;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @type {Set<() => void>} */
const ends = new Set();

/** @type {Set<() => void>} */
const changes = new Set();

/** Whose a token is; null if that cannot be read from it. @param {string} token @returns {string | null} */
function ownerOf(token) {
  const [, claims = ""] = token.split(".");
  try {
    return JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/"))).sub;
  } catch {
    return null;
  }
}

/** Whether somebody else has signed in in this browser: then this page is not to act in that one's name. */
function isAnothers(/** @type {string} */ token) {
  return access !== null && ownerOf(token) !== ownerOf(access.token);
}

function giveWay() {
  forget();
  for (const change of [...changes]) change();
}

/** @param {{token: string, expiresAt: number}} news */
function keep(news) {
  access = news;
  clearTimeout(timer);
  // Each tab a little earlier or later: the first does it for all.
  const wait = news.expiresAt - Date.now() - MARGIN - Math.random() * MARGIN;
  timer = setTimeout(() => renew(news.token).catch(() => {}), Math.max(wait, 1000));
  return news.token;
}

/** Of an answer to signing in, up, or refreshing. @param {{access_token: string, expires_in: number}} answer */
export function take(answer) {
  const news = { token: answer.access_token, expiresAt: Date.now() + answer.expires_in * 1000 };
  say({ kind: "token", ...news });
  return keep(news);
}

export function forget() {
  turn += 1;
  access = null;
  clearTimeout(timer);
}

/** Calls back when the session turns out to be over. @param {() => void} listener */
export function onEnd(listener) {
  ends.add(listener);
  return () => ends.delete(listener);
}

/** Calls back when the cookie turns out to be another person's by now. @param {() => void} listener */
export function onChange(listener) {
  changes.add(listener);
  return () => changes.delete(listener);
}

/** A token that is good for a while. Rejects with an ApiError. @returns {Promise<string>} */
export async function bearer() {
  if (access && access.expiresAt - Date.now() > MARGIN / 2) return access.token;
  return renew(access?.token ?? null);
}

/**
 * A token that is another than the one that did not work. Rejects with an ApiError: 401, 403 or 422 if there is no
 * session (any more).
 * @param {string | null} old
 * @returns {Promise<string>}
 */
export function renew(old) {
  renewing ??= alone(() => refresh(old)).finally(() => (renewing = null));
  return renewing;
}

/** One refresh at once over all tabs; where there are no locks the server forgives two. @param {() => Promise<string>} work */
function alone(work) {
  const locks = globalThis.navigator?.locks;
  return locks ? /** @type {Promise<string>} */ (locks.request("fechatter-refresh", work)) : work();
}

/** @param {string | null} old */
async function refresh(old) {
  // Another tab has renewed it while this one waited.
  if (access && access.token !== old && access.expiresAt - Date.now() > MARGIN / 2) return access.token;
  const mine = turn;
  try {
    const answer = await send("POST", "/api/auth/refresh", {});
    if (mine !== turn) throw new ApiError(401, { code: "signed_out" });
    if (isAnothers(answer.access_token)) {
      giveWay();
      throw new ApiError(401, { code: "signed_out" });
    }
    return take(answer);
  } catch (error) {
    if (isOver(error) && old !== null && mine === turn) {
      forget();
      for (const end of [...ends]) end();
    }
    throw error;
  }
}

/** Whether an error of `renew` says that there is no session. @param {unknown} error */
export function isOver(error) {
  return error instanceof ApiError && [401, 403, 422].includes(error.status);
}

export function listen() {
  hear("token", ({ token, expiresAt }) => {
    if (isAnothers(token)) giveWay();
    else if (access) keep({ token, expiresAt });
  });
}
