/**
 * One request and its answer: JSON both ways, and every failure an ApiError.
 */

import { heard, isOurs, lost } from "./reach.js";

/** Milliseconds after which an answer is not waited for any more. */
const PATIENCE = 10_000;

/** What the server refused, or that it could not be reached (`status` 0). */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {{code?: string, title?: string, detail?: string, errors?: Record<string, string[]>}} [problem]
   * @param {number | null} [retryAfter] seconds
   */
  constructor(status, problem = {}, retryAfter = null) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.name = "ApiError";
    this.status = status;
    this.code = problem.code ?? (status === 0 ? "network" : "unknown");
    this.title = problem.title ?? "";
    this.detail = problem.detail ?? "";
    /** Of a 422: the reasons by the dotted name of the field. */
    this.fields = problem.errors ?? {};
    this.retryAfter = retryAfter;
  }
}

/**
 * @typedef {object} Options
 * @property {Record<string, string | number | boolean | null | undefined>} [query]
 * @property {unknown} [body]
 * @property {string | null} [token]
 * @property {boolean} [fresh] past every cache
 */

/**
 * @param {string} method
 * @param {string} path
 * @param {Options} options
 * @returns {Promise<any>} null where there is nothing to say
 */
export async function send(method, path, { query, body, token, fresh }) {
  const answer = await reach(address(path, query), {
    method,
    // With the header the server takes the refresh token from its cookie.
    headers: headers(method === "GET" ? {} : { "X-Fechatter-Client": "web" }, { body, token, fresh }),
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "same-origin",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (isOurs(answer)) heard();
  else lost();
  if (!answer.ok) throw await refusal(answer);
  return answer.status === 204 ? null : answer.json().catch(unreachable);
}

/** @param {Record<string, string>} all @param {Options} options */
function headers(all, { body, token, fresh }) {
  if (body !== undefined) all["Content-Type"] = "application/json";
  if (token) all.Authorization = `Bearer ${token}`;
  if (fresh) all["Cache-Control"] = "no-cache";
  return all;
}

/** @param {string} path @param {Options["query"]} query */
function address(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text ? `${path}?${text}` : path;
}

/** @param {string} url @param {RequestInit} request */
function reach(url, request) {
  return fetch(url, request).catch(unreachable);
}

/** @returns {never} */
function unreachable() {
  lost();
  throw new ApiError(0);
}

/** @param {Response} answer */
export async function refusal(answer) {
  const problem = await answer.json().catch(() => ({}));
  const seconds = Number.parseInt(answer.headers.get("Retry-After") ?? "", 10);
  return new ApiError(answer.status, problem, Number.isNaN(seconds) ? null : seconds);
}
