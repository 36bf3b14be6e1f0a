/** The message that another one answers, in a line that leads to it. */
import { html, useEffect } from "../html.js";
import { quote } from "../actions.js";
import { oneLine } from "../format.js";
import { t } from "../i18n.js";
import { go } from "../router.js";
import { quotedOf } from "../selectors.js";
import { users } from "../parts.js";
import { jumps } from "../ui.js";
import { Icon } from "./icons.js";

/** What is written, without the marks of Markdown, as far as a line can tell. @param {string} text */
const unmarked = (text) =>
  text
    .slice(0, 1000)
    .replace(/^\s*(?:#{1,6}\s|>\s?|[-*+]\s|\d+[.)]\s|```.*$)/gm, "")
    .replace(/\[([^\]]*)\]\([^)\s]*\)/g, "$1")
    .replace(/\*\*|~~|`/g, "");

/** @param {{message: any}} props undefined: on its way; null: not to be had */
export const QuotedText = ({ message }) => {
  if (message === undefined) return html`<span>…</span>`;
  if (message === null || message.deleted_at) return html`<span class="cut">${t("message.deleted")}</span>`;
  return html`<b class="cut" dir="auto">${users.value[message.sender_id]?.name ?? t("person.unknown")}</b>
    <span class="cut" dir="auto">${oneLine(unmarked(message.content))}</span>`;
};

/** @param {{chatId: number, messageId: number}} props */
export function Quote({ chatId, messageId }) {
  const message = quotedOf(chatId, messageId);
  useEffect(() => {
    if (message === undefined) quote(messageId).catch(() => undefined);
  }, [messageId]);
  const jump = () => {
    jumps.value += 1;
    go(`/chats/${chatId}/messages/${messageId}`);
  };
  return html`<button type="button" class="quote" title=${t("message.quote")} onClick=${jump}>
    <${Icon} name="reply" /><span class="hidden">${t("message.answers")} </span><${QuotedText} message=${message} />
  </button>`;
}
