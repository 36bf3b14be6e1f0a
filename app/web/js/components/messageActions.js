/** What can be done with a message: what is not allowed is not in the list. */
import { remove } from "../actions.js";
import { t } from "../i18n.js";
import { mayI } from "../selectors.js";
import { editing, isTouch, replyTo } from "../ui.js";
import { ask } from "./Dialog.js";
import { openReport } from "./dialogs.js";
import { attempt, say } from "./Toasts.js";

/**
 * @typedef {{name: string, label: string, icon: string, key?: string, danger?: boolean, isQuick?: boolean,
 * act: () => void}} MessageAction
 */

/**
 * Where the page is not in a secure context: out of a field, which has to be in the dialog that is open.
 * @param {string} text
 */
function copyByHand(text) {
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "hidden";
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
  before?.focus();
}

/** @param {string} text @param {string} told */
export async function copy(text, told) {
  await attempt(async () => {
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else copyByHand(text);
    say(told);
  });
}

/** @param {import("../rows.js").Message} message */
function askToRemove(message) {
  const from = document.activeElement;
  const row = /** @type {HTMLElement | null | undefined} */ (from?.closest(".message"));
  ask({
    title: t("message.delete.title"),
    text: t("message.delete.text"),
    action: t("message.delete"),
    act: () => remove(message.id),
    next: () => (from === row || isTouch() ? row : composerOf(message.chat_id)),
  });
}

/** @param {number} chatId */
const composerOf = (chatId) => document.getElementById(`composer-${chatId}`);

/** @param {number} chatId */
export const focusComposer = (chatId) => composerOf(chatId)?.focus();

/** @param {import("../rows.js").Message} message @returns {MessageAction[]} */
export function actionsFor(message) {
  if (message.deleted_at) return [];
  const all = /** @type {(MessageAction | false)[]} */ ([
    mayI("reply", message) && {
      name: "reply",
      label: t("message.reply"),
      icon: "reply",
      key: "r",
      isQuick: true,
      act: () => (replyTo(message.chat_id, message), focusComposer(message.chat_id)),
    },
    mayI("edit", message) && {
      name: "edit",
      label: t("message.edit"),
      icon: "edit",
      key: "e",
      isQuick: true,
      act: () => (editing.value = message.id),
    },
    {
      name: "copy",
      label: t("message.copy"),
      icon: "copy",
      key: "c",
      act: () => copy(message.content ?? "", t("message.copied")),
    },
    {
      name: "link",
      label: t("message.link"),
      icon: "link",
      act: () => copy(`${location.origin}/chats/${message.chat_id}/messages/${message.id}`, t("copied")),
    },
    mayI("report", message) && {
      name: "report",
      label: t("message.report"),
      icon: "flag",
      act: () => openReport({ message }),
    },
    mayI("delete", message) && {
      name: "delete",
      label: t("message.delete"),
      icon: "trash",
      key: "Delete",
      danger: true,
      act: () => askToRemove(message),
    },
  ]);
  return /** @type {MessageAction[]} */ (all.filter(Boolean));
}
