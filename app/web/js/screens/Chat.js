/** A conversation: header, messages, composer, and who is in it beside them. */
import { html, useEffect, useLayoutEffect, useRef } from "../html.js";
import { closeChat, joinChat, openChat } from "../actions.js";
import { Button } from "../components/Button.js";
import { ChatHeader, Header } from "../components/ChatHeader.js";
import { useChatName } from "../components/ChatName.js";
import { Composer } from "../components/Composer.js";
import { FormError, useSending } from "../components/Form.js";
import { MessageList } from "../components/MessageList.js";
import { Loading } from "../components/Spinner.js";
import { attempt } from "../components/Toasts.js";
import { TypingLine } from "../components/TypingLine.js";
import { t } from "../i18n.js";
import { chatOf } from "../selectors.js";
import { panel } from "../ui.js";
import { AROUND, lazy } from "./lazy.js";
import { Main } from "./Main.js";
import { NotFound } from "./NotFound.js";
import { useVisit } from "./visit.js";

const MemberPanel = lazy(
  () => import("../components/MemberPanel.js").then((module) => module.MemberPanel),
  AROUND.PANEL,
);

/** @param {{chatId: number, messageId: number | null}} props */
export function Chat({ chatId, messageId }) {
  const known = chatOf(chatId);
  const { chat, isMissing } = useVisit(chatId, known);
  if (isMissing) return html`<${Main} title=${t("not_found")}><${Header}><//><${NotFound} isChat=${true} /><//>`;
  if (!chat) return html`<${Main} title=${t("loading")}><${Loading} /><//>`;
  return html`<${Conversation} key=${chatId} chat=${chat} messageId=${messageId} />`;
}

/** @param {{chat: any, messageId: number | null}} props */
function Conversation({ chat, messageId }) {
  const name = useChatName(chat);
  const steady = useSteady(chat);
  const controls = useRef(/** @type {{toEnd?: () => void, toMessage?: (message: any) => void}} */ ({}));
  const isIn = chat.role !== null;
  // Before the first frame, so that the answer comes while that is painted.
  useLayoutEffect(() => {
    if (isIn) attempt(() => openChat(chat.id, messageId ?? undefined));
  }, [chat.id, messageId, isIn]);
  useEffect(() => () => closeChat(chat.id), [chat.id]);
  return html`<${Main} title=${name}>
    <${ChatHeader} chat=${steady} />
    <div class="main-row">
      <div class="conversation">
        ${
          isIn
            ? html`<${MessageList} chat=${chat} goal=${messageId} controls=${controls.current} />
                <${TypingLine} chatId=${chat.id} />
                <${Composer} chat=${steady} name=${name} controls=${controls.current} />`
            : html`<${Preview} chat=${chat} name=${name} />`
        }
      </div>
      ${
        panel.value === "members" &&
        isIn &&
        chat.type !== "single" &&
        html`<${MemberPanel} key=${chat.id} chat=${chat} />`
      }
    </div>
  <//>`;
}

/** What of a chat is another with each message. */
const COUNTED = ["last_seq", "last_read_seq", "unread_count", "last_message"];

/** The same object as long as all else is the same, for those who are not to be drawn with each message. @param {any} chat */
function useSteady(chat) {
  const last = useRef(chat);
  const isOther = Object.keys(chat).some((key) => chat[key] !== last.current[key] && !COUNTED.includes(key));
  if (isOther) last.current = chat;
  return last.current;
}

/** A public channel that one is not in. @param {{chat: any, name: string}} props */
function Preview({ chat, name }) {
  const sending = useSending();
  return html`<div class="empty grow">
    <h2 dir="auto">${name}</h2>
    <p>${t("channel.preview", { count: chat.member_count })}</p>
    <${FormError} error=${sending.error} />
    <${Button} kind="main" busy=${sending.busy} onClick=${() => sending.run(() => joinChat(chat.id))}
      >${t("channel.join")}<//
    >
  </div>`;
}
