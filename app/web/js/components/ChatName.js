/** How a chat is called: a channel by its name, a single by the other, a group by its people where it has no name. */
import { html } from "../html.js";
import { listOf } from "../format.js";
import { language, t } from "../i18n.js";
import { me, users } from "../parts.js";
import { presenceOf } from "../selectors.js";
import { Avatar } from "./Avatar.js";
import { Icon } from "./icons.js";

/** @typedef {Record<number, any>} People */

/**
 * A thousand names are asked for with each change of the list.
 * @type {WeakMap<object, {people: People, lang: string, name: string}>}
 */
const known = new WeakMap();

/** @param {any} chat @param {People} people @param {number} me @returns {string} */
export function nameOf(chat, people, me) {
  if (chat.name) return chat.name;
  const before = known.get(chat);
  if (before?.people === people && before.lang === language.value) return before.name;
  const name = nameByPeople(chat, people, me);
  known.set(chat, { people, lang: language.value, name });
  return name;
}

/** @param {any} chat @param {People} people @param {number} me */
function nameByPeople(chat, people, me) {
  const others = (chat.member_ids ?? []).filter((/** @type {number} */ id) => id !== me);
  const names = others.slice(0, 4).map((/** @type {number} */ id) => people[id]?.name ?? t("person.unknown"));
  if (names.length === 0) return t(chat.type === "single" ? "chat.gone" : "chat.alone");
  const rest = others.length - names.length;
  return listOf(rest > 0 ? [...names, t("chat.more_people", { count: rest })] : names);
}

/** @param {any} chat @returns {string} */
export const useChatName = (chat) => nameOf(chat, users.value, me.value);

/** The other of the two of a single. @param {any} chat @param {number} me @returns {number | undefined} */
export const otherOf = (chat, me) =>
  chat.type === "single" ? chat.member_ids?.find((/** @type {number} */ id) => id !== me) : undefined;

/** @param {{chat: any}} props */
export function ChatIcon({ chat }) {
  if (chat.type === "single") {
    const other = otherOf(chat, me.value);
    return html`<${Avatar} person=${users.value[other ?? 0]} presence=${presenceOf(other)} />`;
  }
  const icon = { group: "people", private_channel: "lock" }[/** @type {string} */ (chat.type)] ?? "hash";
  return html`<${Icon} name=${icon} />`;
}
