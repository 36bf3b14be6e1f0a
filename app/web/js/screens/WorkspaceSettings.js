/** A workspace: its name, its open invitations, leaving and deleting it. */
import { html, useState } from "../html.js";
import { deleteWorkspace, leaveWorkspace, loadInvites, updateWorkspace, withdrawInvite } from "../actions.js";
import { Button } from "../components/Button.js";
import { ask } from "../components/Dialog.js";
import { openInvite } from "../components/dialogs.js";
import { Field } from "../components/Field.js";
import { Form, useSending } from "../components/Form.js";
import { Paged, usePaged } from "../components/paged.js";
import { attempt, say } from "../components/Toasts.js";
import { DOT, dateOf, momentOf } from "../format.js";
import { t } from "../i18n.js";
import { go } from "../router.js";
import { mayI } from "../selectors.js";
import { state } from "../store.js";
import { Page, Section } from "./Main.js";
import { useNameOf } from "./people.js";

/** @param {{workspace: any}} props */
export function WorkspaceSettings({ workspace }) {
  const { id, name, role } = workspace;
  const roles = Object.values(state.value.members[id]?.roles ?? {});
  const isOnlyOwner = role === "owner" && roles.filter((other) => other === "owner").length === 1;
  const leave = () =>
    ask({
      title: t("workspace.leave.title", { name }),
      text: t("workspace.leave.text"),
      action: t("workspace.leave"),
      act: async () => (await leaveWorkspace(id), go("/")),
    });
  const remove = () =>
    ask({
      title: t("workspace.delete.title", { name }),
      text: t("workspace.delete.text"),
      action: t("workspace.delete"),
      act: async () => (await deleteWorkspace(id), go("/")),
    });
  return html`<${Page} title=${t("workspace.settings")}>
    <${Section} title=${t("workspace.about")}>
      ${
        mayI("rename_workspace", workspace)
          ? html`<${Rename} key=${id} workspace=${workspace} />`
          : html`<p dir="auto"><b>${name}</b></p>`
      }
      <p class="soft small">
        ${t("workspace.facts", {
          count: workspace.member_count,
          role: t(`role.${workspace.role}`),
          date: dateOf(workspace.created_at),
        })}
      </p>
    <//>
    ${mayI("withdraw_invites", workspace) && html`<${Invites} key=${id} workspace=${workspace} />`}
    <${Section} title=${t("workspace.end")} text=${role === "owner" && t("workspace.end.text")}>
      <div class="line wrap">
        <${Button} icon="leave" disabled=${isOnlyOwner} onClick=${leave}>${t("workspace.leave")}<//>
        ${
          mayI("delete_workspace", workspace) &&
          html`<${Button} kind="danger" icon="trash" onClick=${remove}>${t("workspace.delete")}<//>`
        }
      </div>
    <//>
  <//>`;
}

/** @param {{workspace: any}} props */
function Rename({ workspace }) {
  const [name, setName] = useState(workspace.name);
  const sending = useSending(["name"]);
  return html`<${Form}
    sending=${sending}
    submit=${t("save")}
    disabled=${name === workspace.name}
    onSubmit=${() => updateWorkspace(workspace.id, { name })}
    onDone=${() => say(t("saved"))}
  >
    <${Field}
      label=${t("workspace.name")}
      name="name"
      required
      maxlength="100"
      value=${name}
      wrong=${sending.wrong.name}
      onInput=${(/** @type {any} */ e) => setName(e.target.value)}
    />
  <//>`;
}

/** @param {{uses: number, max_uses: number | null}} invite */
const usesText = ({ uses, max_uses: most }) =>
  most ? t("invite.used_of", { uses, most }) : t("invite.used", { count: uses });

/** @param {{workspace: any}} props */
function Invites({ workspace }) {
  const pages = usePaged(() => loadInvites(workspace.id), [workspace.id]);
  const nameOf = useNameOf();
  const action = html`<${Button} icon="add" onClick=${() => openInvite({ workspace, onMade: pages.reload })}
    >${t("invite.make")}<//
  >`;
  const withdraw = (/** @type {any} */ invite) =>
    attempt(async () => {
      await withdrawInvite(workspace.id, invite.id);
      pages.change((items) => items.filter((item) => item.id !== invite.id));
    });
  const row = (/** @type {any} */ invite) =>
    html`<li key=${invite.id}>
      <div class="grow">
        <p dir="auto">${invite.email ?? t("invite.anyone")} <span class="tag">${t(`role.${invite.role}`)}</span></p>
        <p class="soft small">
          ${t("invite.by", { name: nameOf(invite.created_by), date: dateOf(invite.created_at) })}
        </p>
        <p class="soft small">${usesText(invite)}${DOT}${t("invite.until", { moment: momentOf(invite.expires_at) })}</p>
      </div>
      <${Button} onClick=${() => withdraw(invite)}>${t("invite.withdraw")}<//>
    </li>`;
  return html`<${Section} title=${t("invites")} text=${t("invites.text")} action=${action}>
    <${Paged} pages=${pages} row=${row} empty=${{ icon: "link", title: t("invites.none") }} />
  <//>`;
}
