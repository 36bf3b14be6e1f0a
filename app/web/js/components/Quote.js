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

/** Marks of Markdown: a line is read without them, of a link its text. */
const MARKS = /\[([^\]]*)\]\(\S*\)|\*\*|~~|`|^(?:#+|>) /gm;

/** @param {{message: any}} props undefined: on its way; null: not to be had */
export const QuotedText = ({ message }) => {
  if (message === undefined) return html`<span>…</span>`;
  if (message === null || message.deleted_at) return html`<span class="cut">${t("message.deleted")}</span>`;
  return html`<b class="cut" dir="auto">${users.value[message.sender_id]?.name ?? t("person.unknown")}</b>
    <span class="cut" dir="auto">${oneLine(message.content.slice(0, 600).replace(MARKS, "$1"))}</span>`;
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
