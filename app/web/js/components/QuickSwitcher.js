/** From anywhere to any chat, person or channel by a few letters of its name. */
import { html, useEffect, useId, useMemo, useRef, useState } from "../html.js";
import { createChat, loadMembers } from "../actions.js";
import { t } from "../i18n.js";
import { go } from "../router.js";
import { best } from "../search.js";
import { currentWorkspace, mayI } from "../selectors.js";
import { state } from "../store.js";
import { Avatar } from "./Avatar.js";
import { nameOf, otherOf } from "./ChatName.js";
import { Dialog } from "./Dialog.js";
import { Icon } from "./icons.js";
import { attempt } from "./Toasts.js";

const MOST = 50;

/**
 * @typedef {{key: string, name: string, icon?: string, person?: any, detail?: string, unread: number,
 * open: () => void}} Goal
 */

/** @param {any} workspace @returns {Goal[]} */
function goals(workspace) {
  const { chats, users, me, workspaces, members } = state.peek();
  const mine = me ?? 0;
  const found = chats.order.map((id) => chats.byId[id]).filter((chat) => chat !== undefined);
  const partners = new Set(
    found.filter((chat) => chat.workspace_id === workspace?.id).map((chat) => otherOf(chat, mine)),
  );
  const others =
    workspace && mayI("make_chats", workspace) ? Object.keys(members[workspace.id]?.roles ?? {}).map(Number) : [];
  return [
    ...found.map((chat) => ({
      key: `chat-${chat.id}`,
      name: nameOf(chat, users.byId, mine),
      icon: { group: "people", private_channel: "lock", public_channel: "hash" }[/** @type {string} */ (chat.type)],
      person: users.byId[otherOf(chat, mine) ?? 0],
      detail: chat.workspace_id === workspace?.id ? undefined : workspaces.byId[chat.workspace_id]?.name,
      unread: chat.unread_count,
      open: () => go(`/chats/${chat.id}`),
    })),
    ...others
      .filter((id) => id !== mine && !partners.has(id) && users.byId[id]?.name)
      .map((id) => ({
        key: `person-${id}`,
        name: users.byId[id]?.name ?? "",
        person: users.byId[id],
        unread: 0,
        open: () =>
          attempt(async () =>
            go(`/chats/${(await createChat({ workspace_id: workspace.id, type: "single", member_ids: [id] })).id}`),
          ),
      })),
    ...workspaces.order
      .filter((id) => id !== workspace?.id)
      .map((id) => ({
        key: `workspace-${id}`,
        name: workspaces.byId[id]?.name ?? "",
        icon: "open",
        detail: t("workspace"),
        unread: 0,
        open: () => go(`/w/${id}`),
      })),
  ];
}

/** @param {{onClose: () => void}} props */
export function QuickSwitcher({ onClose }) {
  const workspace = currentWorkspace();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const id = useId();
  const known = workspace ? state.value.members[workspace.id] : undefined;
  const all = useMemo(() => goals(workspace), [workspace?.id, known]);
  const shown = useMemo(
    () =>
      best(
        all,
        text,
        (goal) => goal.name,
        (goal) => goal.unread > 0,
      ).slice(0, MOST),
    [all, text],
  );

  useEffect(() => {
    if (workspace) attempt(() => loadMembers(workspace.id));
  }, [workspace?.id]);
  useEffect(() => list.current?.children[at]?.scrollIntoView({ block: "nearest" }), [at]);

  const open = (/** @type {Goal | undefined} */ goal) => {
    if (!goal) return;
    onClose();
    goal.open();
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      open(shown[at]);
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || shown.length === 0) return;
    event.preventDefault();
    setAt((at + step + shown.length) % shown.length);
  };
  return html`<${Dialog} title=${t("switcher.title")} onClose=${onClose} class="switcher" bare>
    <input
      class="switcher-input"
      role="combobox"
      dir="auto"
      autocomplete="off"
      spellcheck="false"
      aria-expanded="true"
      aria-autocomplete="list"
      aria-controls=${id}
      aria-activedescendant=${shown.length ? `${id}-${at}` : undefined}
      aria-label=${t("switcher.title")}
      placeholder=${t("switcher.placeholder")}
      value=${text}
      onInput=${(/** @type {any} */ event) => (setText(event.target.value), setAt(0))}
      onKeyDown=${onKey}
      data-autofocus
    />
    <div class="options" id=${id} ref=${list} role="listbox" aria-label=${t("switcher.title")}>
      ${shown.map(
        (goal, index) =>
          html`<div
            key=${goal.key}
            id=${`${id}-${index}`}
            class="option"
            role="option"
            aria-selected=${index === at ? "true" : "false"}
            onClick=${() => open(goal)}
            onPointerMove=${() => index !== at && setAt(index)}
          >
            ${goal.icon ? html`<${Icon} name=${goal.icon} />` : html`<${Avatar} person=${goal.person} />`}
            <span class=${`cut ${goal.unread ? "unread" : ""}`} dir="auto">${goal.name}</span>
            <span class="soft small cut grow" dir="auto">${goal.detail}</span>
            ${goal.unread > 0 && html`<span class="badge">${goal.unread}</span>`}
          </div>`,
      )}
    </div>
    ${shown.length === 0 && html`<p class="empty" role="status">${t(text.trim() ? "switcher.none" : "switcher.nothing", { text })}</p>`}
  <//>`;
}
