/** Times, numbers, names and sizes of text, as people read them. */
import { language, t } from "./i18n.js";

/** @typedef {Intl.DateTimeFormatOptions} DateOptions */

const DAY = 86_400_000;

/** @type {Record<string, DateOptions>} */
const STYLES = {
  time: { hour: "numeric", minute: "2-digit" },
  day: { weekday: "long", day: "numeric", month: "long" },
  dayOfYear: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  date: { day: "numeric", month: "short", year: "numeric" },
  full: { dateStyle: "medium", timeStyle: "short" },
};

/** Making one is slow, and a long list asks for hundreds. @type {Map<string, Intl.DateTimeFormat>} */
const formatters = new Map();

/** @param {string} style @param {Date} date */
function say(style, date) {
  const key = `${language.value} ${style}`;
  let formatter = formatters.get(key);
  if (!formatter) formatters.set(key, (formatter = new Intl.DateTimeFormat(language.value, STYLES[style])));
  return formatter.format(date);
}

/** 14:05 @param {string} iso */
export const timeOf = (iso) => say("time", new Date(iso));

/** 26 Nov 2026, 14:05 @param {string} iso */
export const momentOf = (iso) => say("full", new Date(iso));

/** 26 Nov 2026 @param {string} iso */
export const dateOf = (iso) => say("date", new Date(iso));

/** A number that is the same for all moments of one day where the reader is. @param {Date} date */
export const dayNumber = (date) => Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY);

/** Today, Yesterday, or the day with as much of its date as it takes. @param {string} iso @param {Date} [now] */
export function dayOf(iso, now = new Date()) {
  const date = new Date(iso);
  const ago = dayNumber(now) - dayNumber(date);
  if (ago === 0) return t("day.today");
  if (ago === 1) return t("day.yesterday");
  return say(date.getFullYear() === now.getFullYear() ? "day" : "dayOfYear", date);
}

/** A length of time in the largest unit that fits. @param {number} seconds */
export function lengthOf(seconds) {
  if (seconds < 60) return t("length.seconds", { count: seconds });
  if (seconds < 3600) return t("length.minutes", { count: Math.round(seconds / 60) });
  if (seconds < 86_400) return t("length.hours", { count: Math.round(seconds / 3600) });
  return t("length.days", { count: Math.round(seconds / 86_400) });
}

/** For a badge. @param {number} count */
export const badge = (count) => (count > 99 ? "99+" : String(count));

/** @type {Map<string, Intl.NumberFormat>} */
const numbers = new Map();

/** @param {number} count */
export function number(count) {
  let formatter = numbers.get(language.value);
  if (!formatter) numbers.set(language.value, (formatter = new Intl.NumberFormat(language.value)));
  return formatter.format(count);
}

/** @type {Map<string, Intl.ListFormat>} */
const joiners = new Map();

/** Names in a row, as the language joins them. @param {string[]} names */
export function listOf(names) {
  let joiner = joiners.get(language.value);
  if (!joiner) joiners.set(language.value, (joiner = new Intl.ListFormat(language.value, { type: "conjunction" })));
  return joiner.format(names);
}

/** What the server counts: an emoji of two surrogates is one. @param {string} text */
export function codePoints(text) {
  let count = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit <= 0xdbff) {
      const next = text.charCodeAt(i + 1);
      if (next >= 0xdc00 && next <= 0xdfff) (count--, i++);
    }
  }
  return count;
}

/** The first letters of the first and the last word, for where there is no picture. @param {string} name */
export function initials(name) {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const letters = words.map((word) =>
    firstCharacter(word.replace(/^[^\p{L}\p{N}\p{Extended_Pictographic}]+/u, "") || word),
  );
  const shown = letters.length > 1 ? [letters[0], letters[letters.length - 1]] : letters;
  return shown.join("").toLocaleUpperCase();
}

/** @type {Intl.Segmenter | undefined} */
let segmenter;

/** What one sees as one character, so that no emoji is cut in half. @param {string} text */
function firstCharacter(text) {
  // Nothing joins two letters of these.
  if (/^[A-Za-z0-9]{2}/.test(text)) return text.slice(0, 1);
  if (typeof Intl.Segmenter !== "function") return [...text][0] ?? "";
  segmenter ??= new Intl.Segmenter();
  for (const { segment } of segmenter.segment(text.slice(0, 40))) return segment;
  return "";
}

/** One of twelve colours, the same for one person everywhere. @param {number} id */
export const tint = (id) => ((id * 2_654_435_761) >>> 0) % 12;

const SHADE = "(?:\\uFE0F|\\p{Emoji_Modifier})?";
const DRAWN = `\\p{Extended_Pictographic}${SHADE}`;
const TAGS = "(?:[\\u{E0020}-\\u{E007F}]+)?";
const FLAG = "\\p{Regional_Indicator}{2}";
const KEY = "[0-9#*]\\uFE0F?\\u20E3";
const PICTURE = `(?:${FLAG}|${KEY}|${DRAWN}${TAGS}(?:\\u200D${DRAWN})*)`;
const ONLY_PICTURES = new RegExp(`^\\s*(?:${PICTURE}\\s*){1,6}$`, "u");

/** Whether there is nothing but one to six emoji, which are then shown larger. @param {string} text */
export const isOnlyEmoji = (text) => text.length <= 120 && ONLY_PICTURES.test(text);

/** One line of a text, for quotes and lists. @param {string} text @param {number} [most] */
export function oneLine(text, most = 140) {
  const line = text
    .slice(0, most * 4)
    .replace(/\s+/gu, " ")
    .trim();
  const characters = [...line];
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : line;
}

/** Between two facts in a line. */
export const DOT = " · ";
