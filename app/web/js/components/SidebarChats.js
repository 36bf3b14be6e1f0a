/** The chats of a workspace: channels by name, conversations by what happened last; what is unread stands out. */
import { html, useRef, useState } from "../html.js";
import { openAhead } from "../actions.js";
import { badge } from "../format.js";
import { t } from "../i18n.js";
import { me, users } from "../parts.js";
import { lazy } from "../screens/lazy.js";
import { chatOf, chatsOf, isInView, mayI, presenceOf } from "../selectors.js";
import { Avatar } from "./Avatar.js";
import { IconButton } from "./Button.js";
import { nameOf, otherOf } from "./ChatName.js";
import { show } from "./Dialog.js";
import { openNewChannel, openNewConversation } from "./dialogs.js";
import { Icon } from "./icons.js";
import { Link } from "./Link.js";
import { memo } from "./memo.js";

/** Seen where there is room for the list alone; else it stands beside it. */
const FirstSteps = lazy(
  () => import("./FirstSteps.js").then((module) => module.FirstSteps),
  () => null,
);

const byName = new Intl.Collator(undefined, { sensitivity: "base", numeric: true }).compare;

/** @param {{workspace: any}} props */
export function SidebarChats({ workspace }) {
  const all = chatsOf(workspace.id);
  const channels = useSorted(all.filter((chat) => chat.type.endsWith("_channel")));
  const people = useSame(all.filter((chat) => !chat.type.endsWith("_channel")).map(({ id }) => id));
  const mayMake = mayI("make_chats", workspace);
  const mayBrowse = workspace.role !== "guest";
  const browse = `/w/${workspace.id}/channels`;
  return html`<nav class="sidebar-chats" aria-label=${t("sidebar.chats")}>
    <${Part} title=${t("sidebar.channels")} ids=${channels}>
      ${
        mayBrowse &&
        html`<${Link} class="icon-button" href=${browse} aria-label=${t("channels.browse")} title=${t("channels.browse")}>
          <${Icon} name="search" />
        <//>`
      }
      ${mayMake && html`<${Add} label=${t("channel.new")} open=${openNewChannel} workspace=${workspace} />`}
    <//>
    ${
      channels.length === 0 &&
      mayBrowse &&
      html`<${Link} class="chat-link" href=${browse}>
        <span class="lead"><${Icon} name="search" /></span>${t("channels.browse")}
      <//>`
    }
    <${Part} title=${t("sidebar.people")} ids=${people}>
      ${mayMake && html`<${Add} label=${t("conversation.new")} open=${openNewConversation} workspace=${workspace} />`}
    <//>
    ${all.length === 0 && html`<${FirstSteps} key=${workspace.id} workspace=${workspace} />`}
  </nav>`;
}

/** @param {{label: string, open: (props: any) => void, workspace: any}} props */
const Add = ({ label, open, workspace }) =>
  html`<${IconButton} icon="add" label=${label} onClick=${() => open({ workspace })} />`;

/** Folded it shows what is open or unread. @param {{title: string, ids: number[], children?: any}} props */
function Part({ title, ids, children }) {
  const [isFolded, setFolded] = useState(false);
  return html`<div class="sidebar-section">
      <h2>
        <button type="button" aria-expanded=${isFolded ? "false" : "true"} onClick=${() => setFolded(!isFolded)}>
          <${Icon} name=${isFolded ? "open" : "unfold"} />${title}
        </button>
      </h2>
      ${children}
    </div>
    <${Items} ids=${ids} isFolded=${isFolded} />`;
}

/** Each of them looks after itself: what happens in one does not draw the others. */
const Items = memo((/** @type {{ids: number[], isFolded: boolean}} */ { ids, isFolded }) => {
  const shown = isFolded ? ids.filter((id) => (chatOf(id)?.unread_count ?? 0) > 0 || isInView(id)) : ids;
  return html`<ul>
    ${shown.map((id) => html`<${ChatItem} key=${id} id=${id} />`)}
  </ul>`;
});

/** A list that has the same items is the same list. @param {number[]} ids */
function useSame(ids) {
  const last = useRef(ids);
  if (ids.length !== last.current.length || ids.some((id, at) => id !== last.current[at])) last.current = ids;
  return last.current;
}

/** Their ids; sorted anew only when a name or a channel is another. @param {any[]} channels @returns {number[]} */
function useSorted(channels) {
  const last = useRef({ names: new Map(), order: /** @type {number[]} */ ([]) });
  const { names } = last.current;
  if (names.size !== channels.length || !channels.every(({ id, name }) => names.get(id) === name)) {
    last.current = {
      names: new Map(channels.map(({ id, name }) => [id, name])),
      order: [...channels].sort((a, b) => byName(a.name ?? "", b.name ?? "")).map(({ id }) => id),
    };
  }
  return last.current.order;
}

/** @param {{id: number}} props */
function ChatItem({ id }) {
  const chat = chatOf(id);
  const isOpen = isInView(id);
  if (!chat) return null;
  const other = otherOf(chat, me.value);
  return html`<li>
    <${ChatLink}
      id=${chat.id}
      type=${chat.type}
      name=${nameOf(chat, users.value, me.value)}
      unread=${isOpen && document.hasFocus() ? 0 : chat.unread_count}
      isOpen=${isOpen}
      person=${other ? users.value[other] : undefined}
      presence=${presenceOf(other)}
    />
  </li>`;
}

/**
 * @param {{id: number, type: string, name: string, unread: number, isOpen: boolean, person?: any, presence?: string}}
 * props
 */
const ChatLink = memo(({ id, type, name, unread, isOpen, person, presence }) => {
  const icon = { group: "people", private_channel: "lock", public_channel: "hash" }[/** @type {string} */ (type)];
  const lead = icon ? html`<${Icon} name=${icon} />` : html`<${Avatar} person=${person} presence=${presence} />`;
  return html`<${Link}
    class=${`chat-link ${unread > 0 ? "unread" : ""}`}
    href=${`/chats/${id}`}
    aria-current=${isOpen ? "page" : undefined}
    onPointerDown=${() => openAhead(id)}
  >
    <span class="lead">${lead}</span>
    <span class="grow cut" dir="auto" title=${name.length > 24 ? name : undefined}>${name}</span>
    ${unread > 0 && html`<${Unread} count=${unread} />`}
  <//>`;
});

/** @param {{count: number}} props */
const Unread = ({ count }) =>
  html`<span class="badge" aria-hidden="true">${badge(count)}</span>
    <span class="hidden">${t("sidebar.unread", { count })}</span>`;
