/** Above a conversation: its name and topic, who is in it, and what can be done with it. */
import { html } from "../html.js";
import { deleteChat, leaveChat } from "../actions.js";
import { lengthOf, number } from "../format.js";
import { t } from "../i18n.js";
import { go } from "../router.js";
import { currentWorkspace, mayI } from "../selectors.js";
import { me } from "../parts.js";
import { panel } from "../ui.js";
import { ChatIcon, otherOf, useChatName } from "./ChatName.js";
import { ask } from "./Dialog.js";
import { openAddPeople, openChatNotifications, openChatSettings } from "./dialogs.js";
import { Icon } from "./icons.js";
import { Link } from "./Link.js";
import { Menu } from "./Menu.js";
import { blockItems } from "./personActions.js";

/** @param {{children: any}} props */
export const Header = ({ children }) =>
  html`<header class="header">
    <${Link}
      class="icon-button back"
      href=${`/w/${currentWorkspace()?.id ?? 0}`}
      aria-label=${t("back")}
      title=${t("back")}
      ><${Icon} name="back"
    /><//>
    ${children}
  </header>`;

/** @param {{chat: any}} props */
export function ChatHeader({ chat }) {
  const name = useChatName(chat);
  const isOpen = panel.value === "members";
  const choices = items(chat, name).filter(Boolean);
  return html`<${Header}>
    <div class="header-title">
      <h1>
        <${ChatIcon} chat=${chat} /><span class="cut" dir="auto" title=${name}>${name}</span><${Rules} chat=${chat} />
      </h1>
      ${chat.topic && html`<p class="topic cut" dir="auto" title=${chat.topic}>${chat.topic}</p>`}
    </div>
    ${
      chat.type !== "single" &&
      chat.role !== null &&
      html`<button
        type="button"
        class="count-button"
        aria-pressed=${isOpen ? "true" : "false"}
        title=${t("members")}
        onClick=${() => (panel.value = isOpen ? null : "members")}
      >
        <${Icon} name="people" /><span aria-hidden="true">${number(chat.member_count)}</span
        ><span class="hidden">${t("members.count", { count: chat.member_count })}</span>
      </button>`
    }
    ${
      choices.length > 0 &&
      html`<${Menu} class="icon-button" label=${t("chat.menu")} items=${choices}><${Icon} name="more" /><//>`
    }
  <//>`;
}

/** @param {{chat: any}} props */
const Rules = ({ chat }) =>
  html`${chat.read_only && html`<span class="tag" title=${t("chat.read_only.hint")}>${t("chat.read_only")}</span>`}
  ${chat.slow_mode > 0 && html`<span class="tag" title=${t("chat.slow_mode.hint")}>${lengthOf(chat.slow_mode)}</span>`}`;

/** @param {any} chat @param {string} name @returns {import("./Menu.js").Item[]} */
function items(chat, name) {
  const other = otherOf(chat, me.peek());
  const leave = () => {
    const text = t(chat.type === "public_channel" ? "chat.leave.text_public" : "chat.leave.text");
    ask({
      title: t("chat.leave.title", { name }),
      text,
      action: t("chat.leave"),
      act: async () => (await leaveChat(chat.id), go(`/w/${chat.workspace_id}`)),
    });
  };
  const remove = () =>
    ask({
      title: t("chat.delete.title", { name }),
      text: t("chat.delete.text"),
      action: t("chat.delete"),
      act: async () => (await deleteChat(chat.id), go(`/w/${chat.workspace_id}`)),
    });
  return [
    chat.type !== "single" &&
      chat.role !== null && { label: t("members"), icon: "people", act: () => (panel.value = "members") },
    mayI("add_people", chat) && { label: t("members.add"), icon: "person", act: () => openAddPeople({ chat }) },
    chat.role !== null && {
      label: t("chat.notifications"),
      icon: "bell",
      act: () => openChatNotifications({ chat }),
    },
    mayI("rename", chat) && { label: t("chat.settings"), icon: "gear", act: () => openChatSettings({ chat }) },
    ...(other ? blockItems(other, name) : []),
    chat.role !== null && (mayI("leave", chat) || mayI("delete_chat", chat)) && "line",
    mayI("leave", chat) && { label: t("chat.leave"), icon: "leave", act: leave },
    mayI("delete_chat", chat) && { label: t("chat.delete"), icon: "trash", danger: true, act: remove },
  ];
}
