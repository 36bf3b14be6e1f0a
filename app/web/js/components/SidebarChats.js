/** The chats of a workspace: channels by name, conversations by what happened last; what is unread stands out. */
import { html } from "../html.js";
import { badge } from "../format.js";
import { t } from "../i18n.js";
import { route } from "../router.js";
import { chatsOf, mayI } from "../selectors.js";
import { me, presence, users } from "../parts.js";
import { Avatar } from "./Avatar.js";
import { IconButton } from "./Button.js";
import { nameOf, otherOf } from "./ChatName.js";
import { openNewChannel, openNewConversation } from "./dialogs.js";
import { Icon } from "./icons.js";
import { Link } from "./Link.js";
import { memo } from "./memo.js";

/** @param {string} a @param {string} b */
const byName = new Intl.Collator(undefined, { sensitivity: "base", numeric: true }).compare;

/** @param {{workspace: any}} props */
export function SidebarChats({ workspace }) {
  const all = chatsOf(workspace.id);
  const channels = all
    .filter((chat) => chat.type.endsWith("_channel"))
    .sort((a, b) => byName(a.name ?? "", b.name ?? ""));
  const people = all.filter((chat) => !chat.type.endsWith("_channel"));
  const openId = Number(route.value.params.chatId ?? 0);
  const mayMake = mayI("make_chats", workspace);
  const link = (/** @type {any} */ chat) => {
    const other = otherOf(chat, me.value);
    return html`<li key=${chat.id}>
      <${ChatLink}
        id=${chat.id}
        type=${chat.type}
        name=${nameOf(chat, users.value, me.value)}
        unread=${chat.unread_count}
        isOpen=${chat.id === openId}
        person=${other ? users.value[other] : undefined}
        presence=${other ? presence.value[other] : undefined}
      />
    </li>`;
  };
  return html`<nav class="sidebar-chats" aria-label=${t("sidebar.chats")}>
    <div class="sidebar-section">
      <h2>${t("sidebar.channels")}</h2>
      ${workspace.role !== "guest" && html`<${Link} class="icon-button" href=${`/w/${workspace.id}/channels`} aria-label=${t("channels.browse")} title=${t("channels.browse")}><${Icon} name="search" /><//>`}
      ${mayMake && html`<${IconButton} icon="add" label=${t("channel.new")} onClick=${() => openNewChannel({ workspace })} />`}
    </div>
    <ul>
      ${channels.map(link)}
    </ul>
    ${
      channels.length === 0 &&
      workspace.role !== "guest" &&
      html`<${Link} class="chat-link" href=${`/w/${workspace.id}/channels`}
        ><span class="lead"><${Icon} name="search" /></span>${t("channels.browse")}<//
      >`
    }
    <div class="sidebar-section">
      <h2>${t("sidebar.people")}</h2>
      ${mayMake && html`<${IconButton} icon="add" label=${t("conversation.new")} onClick=${() => openNewConversation({ workspace })} />`}
    </div>
    <ul>
      ${people.map(link)}
    </ul>
  </nav>`;
}

/** @param {{id: number, type: string, name: string, unread: number, isOpen: boolean, person?: any, presence?: string}} props */
const ChatLink = memo(({ id, type, name, unread, isOpen, person, presence }) => {
  const icon = { group: "people", private_channel: "lock", public_channel: "hash" }[/** @type {string} */ (type)];
  return html`<${Link}
    class=${`chat-link ${unread > 0 ? "unread" : ""}`}
    href=${`/chats/${id}`}
    aria-current=${isOpen ? "page" : undefined}
  >
    <span class="lead"
      >${icon ? html`<${Icon} name=${icon} />` : html`<${Avatar} person=${person} presence=${presence} />`}</span
    >
    <span class="grow cut" dir="auto" title=${name.length > 24 ? name : undefined}>${name}</span>
    ${unread > 0 && html`<span class="badge" aria-hidden="true">${badge(unread)}</span><span class="hidden">${t("sidebar.unread", { count: unread })}</span>`}
  <//>`;
});
