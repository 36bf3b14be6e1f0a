/**
 * What the view alone knows: what is open, what is being written, how things look. Gone with the page, but for
 * choices.
 */
import { signal } from "./html.js";
import { LANGUAGES, bestLanguage, language, speak } from "./i18n.js";

/** @typedef {import("@preact/signals").Signal<any>} AnySignal */

/** What stands beside the conversation. @type {import("@preact/signals").Signal<null | "members" | "about">} */
export const panel = signal(/** @type {any} */ (null));

/** The message that is being edited, by its id. @type {import("@preact/signals").Signal<number | null>} */
export const editing = signal(/** @type {any} */ (null));

/** The message that will be replied to, in each chat. @type {import("@preact/signals").Signal<Record<number, any>>} */
export const replying = signal({});

/** Counts the leaps to a message, since one may be asked for twice. */
export const jumps = signal(0);

/** @param {number} chatId @param {any} message or null */
export const replyTo = (chatId, message) => (replying.value = { ...replying.value, [chatId]: message });

/** "auto" follows the system. @type {import("@preact/signals").Signal<string>} */
export const theme = signal("auto");

/** @param {string} name */
function remembered(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} value */
function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Where nothing may be kept, a choice lasts as long as the page.
  }
}

/** @param {string} choice auto, light or dark */
export function chooseTheme(choice) {
  theme.value = choice;
  remember("theme", choice);
  if (choice === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
}

/** @param {string} lang */
export async function chooseLanguage(lang) {
  remember("language", lang);
  await speak(lang);
  document.documentElement.lang = language.value;
}

/** Takes up what was chosen before, and what the browser prefers. */
export async function restoreChoices() {
  const look = remembered("theme");
  if (look === "light" || look === "dark") chooseTheme(look);
  const lang = remembered("language");
  const wanted = lang && lang in LANGUAGES ? lang : bestLanguage(navigator.languages ?? []);
  await speak(wanted).catch(() => undefined);
  document.documentElement.lang = language.value;
}

/** @returns {Record<string, number>} */
function lastChats() {
  try {
    return JSON.parse(remembered("last-chats") ?? "{}") ?? {};
  } catch {
    return {};
  }
}

/** Which chat of a workspace was open last. @param {number} workspaceId @returns {number | undefined} */
export const lastChatOf = (workspaceId) => lastChats()[workspaceId];

/** @param {number} workspaceId @param {number} chatId */
export const rememberChat = (workspaceId, chatId) =>
  remember("last-chats", JSON.stringify({ ...lastChats(), [workspaceId]: chatId }));

const narrow = globalThis.matchMedia?.("(max-width: 44rem)");
const touch = globalThis.matchMedia?.("(pointer: coarse)");

/** Whether there is room for a sidebar beside the rest; the same width stands in layout.css. */
export const isNarrow = () => narrow?.matches ?? false;

/** Whether fingers are what one points with. */
export const isTouch = () => touch?.matches ?? false;
