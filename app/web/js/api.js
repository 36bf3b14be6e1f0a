/**
 * Calls to the service, signed with the access token; what may be repeated is, when the server asks for it.
 */

import { ApiError, send } from "./http.js";
import { bearer, renew } from "./tokens.js";

export { ApiError };

/** @typedef {import("./http.js").Options} Options */

/** Seconds that a call waits by itself because the server said so. */
const LONGEST_WAIT = 5;
const REPEATS = 2;

/** What a call without a good token is answered; a wrong password is a 401 too. */
const OF_TOKENS = ["token_expired", "bad_token", "unauthorized"];

/**
 * @param {string} method
 * @param {string} path with or without its `/api`
 * @param {Options} [options]
 * @returns {Promise<any>}
 */
export async function call(method, path, options = {}) {
  const whole = path.startsWith("/api/") ? path : `/api${path}`;
  let token = await bearer();
  let renewed = false;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await send(method, whole, { ...options, token });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401 && OF_TOKENS.includes(error.code) && !renewed) {
        renewed = true;
        token = await renew(token);
      } else if (attempt < REPEATS && mayRepeat(method, error)) {
        await sleep(1000 * (error.retryAfter ?? 0.3 * 2 ** attempt));
      } else {
        throw error;
      }
    }
  }
}

/** Reading is; of the rest what was certainly not carried out. @param {string} method @param {ApiError} error */
function mayRepeat(method, error) {
  if ((error.retryAfter ?? 0) > LONGEST_WAIT) return false;
  if (method === "GET") return [0, 429, 502, 503, 504].includes(error.status);
  return error.status === 503 && error.code === "busy";
}

/** @param {number} milliseconds */
export function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

export const api = {
  /** @param {string} path @param {Options["query"]} [query] @param {{fresh?: boolean}} [options] */
  get: (path, query, options) => call("GET", path, { query, ...options }),
  /** @param {string} path @param {unknown} [body] */
  post: (path, body) => call("POST", path, { body }),
  /** @param {string} path @param {unknown} [body] */
  put: (path, body) => call("PUT", path, { body }),
  /** @param {string} path @param {unknown} [body] */
  patch: (path, body) => call("PATCH", path, { body }),
  /** @param {string} path */
  delete: (path) => call("DELETE", path),
};

/**
 * Every item of a list that pages.
 * @param {string} path
 * @param {Options["query"]} [query]
 * @param {(items: any[], isLast: boolean) => void} [each] gets each page as it comes
 * @returns {Promise<any[]>}
 */
export async function all(path, query = {}, each = () => {}) {
  /** @type {any[]} */
  const items = [];
  /** @type {string | null} */
  let cursor = null;
  do {
    /** @type {{items: any[], next_cursor: string | null}} */
    const page = await api.get(path, { limit: 100, ...query, cursor });
    items.push(...page.items);
    cursor = page.next_cursor;
    each(page.items, cursor === null);
  } while (cursor);
  return items;
}
