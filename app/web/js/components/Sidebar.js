/** The left side: which workspace, which chat, and who one is. */
import { html } from "../html.js";

import { t } from "../i18n.js";
import { currentWorkspace, mayI } from "../selectors.js";
import { account, signOut } from "../session.js";
import { users } from "../parts.js";
import { isAway } from "../reach.js";
import { connection, unreadIn, workspaces } from "../selectors.js";
import { chooseTheme, theme } from "../ui.js";
import { Avatar } from "./Avatar.js";
import { openInvite, openNewWorkspace, openSwitcher } from "./dialogs.js";
import { Icon } from "./icons.js";
import { Menu } from "./Menu.js";
import { SidebarChats } from "./SidebarChats.js";
import { attempt } from "./Toasts.js";

const isMac = /mac|iphone|ipad/i.test(globalThis.navigator?.platform ?? "");

export function Sidebar() {
  const workspace = currentWorkspace();
  return html`<aside class="sidebar" aria-label=${t("sidebar")}>
    <div class="sidebar-head">
      <${Menu} class="workspace-button" title=${t("workspace.menu")} items=${() => workspaceItems(workspace)}>
        <span class="grow cut" dir="auto">${workspace?.name ?? "Fechatter"}</span>
        ${isUnreadElsewhere(workspace?.id) && html`<${UnreadElsewhere} />`}<${Icon} name="unfold" />
      <//>
    </div>
    <button type="button" class="jump-button" onClick=${() => openSwitcher()}>
      <${Icon} name="search" /><span class="grow">${t("switcher.open")}</span><kbd>${isMac ? "⌘K" : "Ctrl K"}</kbd>
    </button>
    ${workspace ? html`<${SidebarChats} workspace=${workspace} />` : html`<div class="sidebar-chats"></div>`}
    <${Me} />
  </aside>`;
}

/** @param {number | undefined} here */
const isUnreadElsewhere = (here) => workspaces.value.some(({ id }) => id !== here && unreadIn(id) > 0);

const UnreadElsewhere = () =>
  html`<span class="dot" title=${t("workspace.unread")}><span class="hidden">${t("workspace.unread")}</span></span>`;

/** @param {any} workspace @returns {import("./Menu.js").Item[]} */
function workspaceItems(workspace) {
  const to = `/w/${workspace?.id}`;
  return [
    ...(workspace
      ? [
          mayI("invite", workspace) && {
            label: t("invite.people"),
            icon: "person",
            act: () => openInvite({ workspace }),
          },
          { label: t("members"), icon: "people", href: `${to}/members` },
          workspace.role !== "guest" && { label: t("channels.browse"), icon: "hash", href: `${to}/channels` },
          { label: t("workspace.settings"), icon: "gear", href: `${to}/settings` },
          mayI("moderate", workspace) && { label: t("moderation"), icon: "shield", href: `${to}/moderation` },
          mayI("read_audit", workspace) && { label: t("audit"), icon: "clock", href: `${to}/audit` },
          /** @type {const} */ ("line"),
        ]
      : []),
    { title: t("workspaces") },
    ...workspaces.value.map(({ id, name }) => ({
      label: name,
      href: `/w/${id}`,
      checked: id === workspace?.id,
      count: id === workspace?.id ? 0 : unreadIn(id),
    })),
    { label: t("workspace.new"), icon: "add", act: () => openNewWorkspace() },
  ];
}

function Me() {
  const me = account.value || undefined;
  const person = (me && users.value[me.id]) ?? me;
  const themes = /** @type {[string, string][]} */ ([
    ["auto", t("theme.auto")],
    ["light", t("theme.light")],
    ["dark", t("theme.dark")],
  ]);
  return html`<div class="sidebar-foot">
    <${Menu}
      class="me-button"
      title=${t("me.menu")}
      items=${() => [
        { label: t("settings"), icon: "gear", href: "/settings" },
        "line",
        { title: t("theme") },
        ...themes.map(([key, label]) => ({ label, checked: theme.value === key, act: () => chooseTheme(key) })),
        "line",
        { label: t("sign_out"), icon: "leave", act: () => attempt(signOut) },
      ]}
    >
      <${Avatar} person=${person} />
      <span class="grow">
        <span class="cut" style=${{ display: "block" }} dir="auto">${person?.name ?? ""}</span>
        <span class="small soft cut" style=${{ display: "block" }}>${t(`connection.${isAway.value ? "offline" : connection.value}`)}</span>
      </span>
      <${Icon} name="up" />
    <//>
  </div>`;
}
