/** The people of a workspace, their roles, and the way in for others. */
import { html, useEffect, useState } from "../html.js";
import { changeWorkspaceRole, leaveWorkspace, loadMembers, removeFromWorkspace } from "../actions.js";
import { Button } from "../components/Button.js";
import { ask, show } from "../components/Dialog.js";
import { openInvite } from "../components/dialogs.js";
import { FormError, useSending } from "../components/Form.js";
import { blockItems, write } from "../components/personActions.js";
import { PersonRow } from "../components/PersonRow.js";
import { Loading } from "../components/Spinner.js";
import { SuspendDialog } from "../components/SuspendDialog.js";
import { attempt } from "../components/Toasts.js";
import { t } from "../i18n.js";
import { go } from "../router.js";
import { best } from "../search.js";
import { mayI } from "../selectors.js";
import { state } from "../store.js";
import { Page } from "./Main.js";

const STEP = 100;
const RANKS = ["owner", "admin", "member", "guest"];

/** @param {{workspace: any}} props */
export function Members({ workspace }) {
  const [text, setText] = useState("");
  const [most, setMost] = useState(STEP);
  const loading = useSending();
  const { members, users, me } = state.value;
  const known = members[workspace.id];
  useEffect(() => void loading.run(() => loadMembers(workspace.id)), [workspace.id]);
  const nameOf = (/** @type {number} */ id) => users.byId[id]?.name ?? t("person.unknown");
  const all = Object.keys(known?.roles ?? {})
    .map(Number)
    .sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  const found = best(all, text, (id) => `${nameOf(id)} ${users.byId[id]?.email ?? ""}`);
  const invite =
    mayI("invite", workspace) &&
    html`<${Button} kind="main" icon="add" onClick=${() => openInvite({ workspace })}
      >${t("invite.people")}<//
    >`;
  return html`<${Page} title=${t("members")} header=${invite}>
    <input
      class="input"
      type="search"
      dir="auto"
      aria-label=${t("people.find")}
      placeholder=${t("people.find")}
      value=${text}
      onInput=${(/** @type {any} */ e) => (setText(e.target.value), setMost(STEP))}
    />
    <${FormError} error=${loading.error} />
    ${
      found.length > 0 &&
      html`<ul class="rows people">
        ${found.slice(0, most).map((id) => {
          const role = known?.roles[id] ?? "member";
          return html`<${PersonRow}
            key=${id}
            id=${id}
            name=${nameOf(id)}
            about=${users.byId[id]?.email}
            items=${items(workspace, id, role, nameOf(id), id === me)}
          >
            <span class=${`tag ${role === "member" ? "" : "accent"}`}>${t(`role.${role}`)}</span>
          <//>`;
        })}
      </ul>`
    }
    ${found.length > most && html`<div><${Button} onClick=${() => setMost(most + STEP)}>${t("show_more")}<//></div>`}
    ${!known?.complete && !loading.error && html`<${Loading} />`}
    ${known?.complete && found.length === 0 && html`<p class="soft" role="status">${t("people.none")}</p>`}
  <//>`;
}

/**
 * @param {any} workspace
 * @param {number} id
 * @param {string} name
 * @param {string} role
 * @param {boolean} isMe
 * @returns {import("../components/Menu.js").Item[]}
 */
function items(workspace, id, name, role, isMe) {
  const may = (/** @type {string} */ other) =>
    isMe
      ? mayI("lower_oneself", workspace, other)
      : mayI("change_workspace_role", workspace, { target: role, role: other });
  const roles = RANKS.filter((other) => other !== role && may(other));
  const change = (/** @type {string} */ other) => () => {
    const act = () => changeWorkspaceRole(workspace.id, id, other);
    if (other === "owner" || isMe)
      ask({
        title: t(`member.make.${other}`),
        text: t(isMe ? "member.lower.text" : "member.owner.text", { name }),
        action: t("member.change"),
        act,
        danger: isMe,
      });
    else attempt(act);
  };
  const leave = () =>
    ask({
      title: t("workspace.leave.title", { name: workspace.name }),
      text: t("workspace.leave.text"),
      action: t("workspace.leave"),
      act: async () => (await leaveWorkspace(workspace.id), go("/")),
    });
  const remove = () =>
    ask({
      title: t("member.remove_workspace.title", { name }),
      text: t("member.remove_workspace.text"),
      action: t("member.remove"),
      act: () => removeFromWorkspace(workspace.id, id),
    });
  return [
    !isMe &&
      mayI("make_chats", workspace) && { label: t("member.write"), icon: "reply", act: () => write(workspace.id, id) },
    roles.length > 0 && "line",
    ...roles.map((other) => ({ label: t(`member.make.${other}`), icon: "shield", act: change(other) })),
    "line",
    isMe && { label: t("workspace.leave"), icon: "leave", danger: true, act: leave },
    ...(isMe ? [] : blockItems(id, name)),
    !isMe &&
      mayI("remove_from_workspace", workspace, role) && {
        label: t("member.remove"),
        icon: "leave",
        danger: true,
        act: remove,
      },
    !isMe &&
      mayI("suspend", workspace, role) && {
        label: t("suspend"),
        icon: "block",
        danger: true,
        act: () => show(SuspendDialog, { workspace, userId: id, name }),
      },
  ];
}
