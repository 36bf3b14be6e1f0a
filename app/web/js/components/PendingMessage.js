/**
 * A message of one's own on its way: pale until the server has it, and with what to do when it has not come through.
 */
import { html } from "../html.js";
import { discard, retry } from "../actions.js";
import { complaint } from "../complaints.js";
import { t } from "../i18n.js";
import { MessageHead, MessageSide } from "./Message.js";
import { Icon } from "./icons.js";
import { MessageText } from "./MessageText.js";
import { Quote } from "./Quote.js";

/** @param {{pending: any, first: boolean, sender: any}} props */
export function PendingMessage({ pending, first, sender }) {
  const hasFailed = pending.state === "failed";
  const why = hasFailed ? [t("message.failed"), " ", pending.error && complaint(pending.error)] : t("message.waiting");
  return html`<div
    class=${`message ${first ? "first" : ""} ${hasFailed ? "" : "pending"}`}
    role="article"
    tabindex="-1"
  >
    <${MessageSide} at=${pending.createdAt} first=${first} sender=${sender} />
    <div class="content">
      ${first && html`<${MessageHead} at=${pending.createdAt} sender=${sender} />`}
      ${pending.replyTo && html`<${Quote} chatId=${pending.chatId} messageId=${pending.replyTo} />`}
      <${MessageText} text=${pending.text} />
      ${
        pending.state === "sending"
          ? html`<span class="hidden">${t("message.sending")}</span>`
          : html`<div class=${`unsent ${pending.state}`}>
              <span class="line"><${Icon} name=${hasFailed ? "warning" : "clock"} />${why}</span>
              ${
                hasFailed &&
                html`<button type="button" class="link" onClick=${() => retry(pending.clientId)}>
                  ${t("message.retry")}
                </button>`
              }
              <button type="button" class="link" onClick=${() => discard(pending.clientId)}>
                ${t("message.discard")}
              </button>
            </div>`
      }
    </div>
  </div>`;
}
