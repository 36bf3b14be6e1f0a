/** What a browser and its system are called. */

/** @type {[RegExp, string][]} In this order: each of them also says that it is those below. */
const BROWSERS = [
  [/\bEdgA?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|HeadlessChrome|CriOS)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];

/** @type {[RegExp, string][]} */
const SYSTEMS = [
  [/\bAndroid\b/, "Android"],
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bMac OS X\b/, "macOS"],
  [/\bWindows\b/, "Windows"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

/**
 * Browser and system, of what a browser says of itself; what says something else is left as it is.
 * @param {string} agent
 */
export function deviceOf(agent) {
  const find = (/** @type {[RegExp, string][]} */ all) => all.find(([form]) => form.test(agent))?.[1];
  const browser = agent.startsWith("Mozilla/") ? find(BROWSERS) : undefined;
  return browser ? [browser, find(SYSTEMS)].filter(Boolean).join(", ") : agent;
}
