/**
 * What the page was told of its server, so that nothing has to be asked before the first screen.
 */

/**
 * @typedef {object} Config
 * @property {string} notify_url
 * @property {string} public_url
 * @property {string} version
 * @property {"open" | "invited" | "domains" | "closed"} sign_up
 * @property {boolean} mail
 */

/** @returns {Config} */
function read() {
  const meta = typeof document === "undefined" ? null : document.querySelector('meta[name="fechatter"]');
  return JSON.parse(meta?.getAttribute("content") ?? "{}");
}

export const config = read();
