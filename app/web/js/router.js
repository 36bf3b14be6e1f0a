/**
 * Addresses and the screens that they name.
 */

import { signal } from "@preact/signals";

/**
 * @typedef {object} Params
 * @property {number} [workspaceId]
 * @property {number} [chatId]
 * @property {number} [messageId]
 * @property {string} [token]
 */

/** @typedef {{name: string, params: Params, path: string}} Route */

/** Also in `app/web_client.py`. */
export const ROUTES = {
  "/": "home",
  "/signin": "signin",
  "/signup": "signup",
  "/forgot": "forgot",
  "/settings": "settings",
  "/invite/:token": "invite",
  "/chats/:chatId": "chat",
  "/chats/:chatId/messages/:messageId": "chat",
  "/w/:workspaceId": "workspace",
  "/w/:workspaceId/channels": "channels",
  "/w/:workspaceId/members": "members",
  "/w/:workspaceId/settings": "workspace-settings",
  "/w/:workspaceId/moderation": "moderation",
  "/w/:workspaceId/audit": "audit",
};

const PATTERNS = Object.entries(ROUTES).map(([path, name]) => ({
  name,
  keys: [...path.matchAll(/:(\w+)/g)].map((match) => /** @type {string} */ (match[1])),
  form: new RegExp(`^${path.replace(/:\w+Id/g, "(\\d{1,18})").replace(/:\w+/g, "([^/]+)")}/?$`),
}));

/** @param {string} path @returns {Route} `missing` if no screen has it */
export function match(path) {
  for (const { name, keys, form } of PATTERNS) {
    const found = form.exec(path);
    if (!found) continue;
    const values = keys.map((key, at) => [key, read(key, /** @type {string} */ (found[at + 1]))]);
    return { name, params: Object.fromEntries(values), path };
  }
  return { name: "missing", params: {}, path };
}

/** @param {string} key @param {string} text */
function read(key, text) {
  if (key.endsWith("Id")) return Number(text);
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const here = () => globalThis.location?.pathname ?? "/";

export const route = signal(match(here()));

/** @param {string} path @param {{replace?: boolean}} [options] */
export function go(path, { replace = false } = {}) {
  history[replace || path === here() ? "replaceState" : "pushState"](null, "", path);
  show();
}

function show() {
  const next = match(here());
  if (next.path !== route.value.path) route.value = next;
}

/** Follows the browser's own going back and forth. */
export function listen() {
  addEventListener("popstate", show);
}
