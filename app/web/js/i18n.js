/** Every text on screen, by its key and in the language that was chosen. */
import { signal } from "./html.js";
import en from "./locales/en.js";

/** @typedef {string | {one?: string, other: string}} Text */
/** @typedef {Record<string, Text>} Catalogue */

/** The languages there are, each named in itself. @type {Record<string, string>} */
export const LANGUAGES = { en: "English", de: "Deutsch" };

/** @type {Record<string, () => Promise<{default: Catalogue}>>} */
const LOADERS = { de: () => import("./locales/de.js") };

/** What has been loaded so far; English is always there. @type {{en: Catalogue} & Record<string, Catalogue>} */
const catalogues = { en: { ...en } };

/** @type {Promise<void> | undefined} */
let rest;

/** Loads what only those screens and dialogs say that are no part of the first load. */
export function allTexts() {
  rest ??= import("./locales/en/later.js").then(
    ({ default: more }) => void Object.assign(catalogues.en, more),
    (error) => {
      rest = undefined;
      throw error;
    },
  );
  return rest;
}

export const language = signal("en");

/** @type {Map<string, Intl.PluralRules>} */
const rules = new Map();

/**
 * The text of a key. With a `count` that is a number the form is the one that the language has for it; what stands in
 * braces is put in as it is, since all of it ends up as text and never as HTML.
 * @param {string} key @param {Record<string, string | number>} [params] @returns {string}
 */
export function t(key, params = {}) {
  const lang = language.value;
  const found = catalogues[lang]?.[key] ?? catalogues.en[key];
  if (found === undefined) return key;
  return fill(pick(found, lang, params.count), params);
}

/** Whether there is a text of that key, for words that the server may add to. @param {string} key */
export const hasText = (key) => catalogues.en[key] !== undefined;

/** Whether all gaps of a text are filled by these. @param {string} key @param {Record<string, any>} params */
export const isFilled = (key, params) =>
  [...JSON.stringify(catalogues.en[key] ?? "").matchAll(/\{(\w+)\}/g)].every(([, name]) => (name ?? "") in params);

/** @param {Text} text @param {string} lang @param {string | number | undefined} count */
function pick(text, lang, count) {
  if (typeof text === "string") return text;
  const form = rulesOf(lang).select(Number(count ?? 0));
  return form === "one" ? (text.one ?? text.other) : text.other;
}

/** @param {string} lang */
function rulesOf(lang) {
  let found = rules.get(lang);
  if (!found) rules.set(lang, (found = new Intl.PluralRules(lang)));
  return found;
}

/** @param {string} text @param {Record<string, string | number>} params */
function fill(text, params) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
}

/** Loads a language if it must, and shows all in it. @param {string} lang */
export async function speak(lang) {
  const load = LOADERS[lang];
  if (!catalogues[lang] && load) catalogues[lang] = (await load()).default;
  if (!catalogues[lang]) return;
  language.value = lang;
}

/** The first of the browser's languages that we speak. @param {readonly string[]} wanted */
export function bestLanguage(wanted) {
  for (const tag of wanted) {
    const [lang = ""] = tag.toLowerCase().split("-");
    if (lang in LANGUAGES) return lang;
  }
  return "en";
}
