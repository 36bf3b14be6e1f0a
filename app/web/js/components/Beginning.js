/** What stands above the first message of a chat. */
import { html } from "../html.js";
import { t } from "../i18n.js";
import { ChatIcon, useChatName } from "./ChatName.js";

/** @param {{chat: any}} props */
export function Beginning({ chat }) {
  const name = useChatName(chat);
  return html`<div class="beginning">
    <h2><${ChatIcon} chat=${chat} /><span dir="auto">${name}</span></h2>
    <p class="soft">${t(`beginning.${chat.type}`, { name })}</p>
  </div>`;
}
