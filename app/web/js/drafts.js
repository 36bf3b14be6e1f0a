/**
 * What is written and not sent: it stays with its chat as long as the tab, over reloads too, until its writer leaves.
 */

const KEY = "drafts";

/** So many are kept over a reload, the last ones, and none that is longer. */
const MOST = 20;
const LONGEST = 20_000;

/** By chat; of whom they are. @type {{of: number, texts: Map<number, string>} | null} */
let kept = null;

/** @param {number} me @returns {Map<number, string>} */
function draftsOf(me) {
  if (kept?.of !== me) kept = { of: me, texts: stored(me) };
  return kept.texts;
}

/** @param {number} me @returns {Map<number, string>} */
function stored(me) {
  try {
    const { of, texts } = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    return new Map(of === me ? texts : []);
  } catch {
    return new Map();
  }
}

/** @param {number} me @param {number} chatId */
export const draftOf = (me, chatId) => draftsOf(me).get(chatId) ?? "";

/** @param {number} me @param {number} chatId @param {string} text */
export function keepDraft(me, chatId, text) {
  const all = draftsOf(me);
  all.delete(chatId);
  if (text) all.set(chatId, text);
  const texts = [...all].filter(([, one]) => one.length <= LONGEST).slice(-MOST);
  try {
    if (texts.length) sessionStorage.setItem(KEY, JSON.stringify({ of: me, texts }));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Where nothing may be kept, or no more, they last as long as the page.
  }
}

export function forgetDrafts() {
  kept = null;
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Then none was kept.
  }
}
