/** What stands in a log of acts, in sentences. */
import { lengthOf, listOf } from "./format.js";
import { hasText, isFilled, t } from "./i18n.js";

/**
 * @typedef {object} Entry
 * @property {string} action
 * @property {number | null} actor_id
 * @property {string | null} target_type
 * @property {number | null} target_id
 * @property {Record<string, any>} details
 */

/** @typedef {{person: (id: number | null) => string, channel: (id: number) => string}} Names */

/** What an act is called in a list to choose from. @param {string} action */
export const actText = (action) => (hasText(`act.${action}`) ? t(`act.${action}`) : action);

/**
 * Null of an act that we have no words for. The first of these forms is taken for which the entry has all that they
 * speak of.
 * @param {Entry} entry @param {Names} names @returns {string | null}
 */
export function sentenceOf(entry, names) {
  const given = paramsOf(entry, names);
  for (const form of [`.${entry.details.reason}`, ".limited", "", ".plain"]) {
    const key = `did.${entry.action}${form}`;
    if (hasText(key) && isFilled(key, given)) return t(key, given);
  }
  return null;
}

/** @param {Entry} entry @param {Names} names @returns {Record<string, string>} */
function paramsOf({ actor_id, target_type, target_id, details }, names) {
  /** @type {Record<string, string>} */
  const given = { actor: names.person(actor_id) };
  const chatId = target_type === "chat" ? target_id : details.chat_id;
  if (target_id !== null) given[target_type === "user" ? "target" : "number"] = nameOf(target_type, target_id, names);
  if (typeof chatId === "number") given.channel = names.channel(chatId);
  for (const name of ["role", "before"]) {
    if (hasText(`role.${details[name]}`)) given[name] = t(`role.${details[name]}`);
  }
  if (typeof details.name === "string") given.name = details.name;
  if (typeof details.max_uses === "number") given.most = String(details.max_uses);
  if (Array.isArray(details.user_ids)) given.people = listOf(details.user_ids.map(names.person));
  if (details.rules) given.rules = listOf(rulesOf(details.rules));
  return given;
}

/** @param {string | null} type @param {number} id @param {Names} names */
const nameOf = (type, id, names) => (type === "user" ? names.person(id) : String(id));

/** @param {{read_only?: boolean, slow_mode?: number}} rules */
function rulesOf({ read_only: isClosed, slow_mode: seconds }) {
  const found = [];
  if (isClosed !== undefined) found.push(t(isClosed ? "rule.read_only" : "rule.open"));
  if (seconds !== undefined) found.push(seconds ? t("rule.slow_mode", { time: lengthOf(seconds) }) : t("rule.no_slow_mode"));
  return found;
}
