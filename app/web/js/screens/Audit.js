/** The log of acts of a workspace: who did what, when, from where. */
import { html, useState } from "../html.js";
import { loadAudit } from "../actions/moderation.js";
import { Select } from "../components/Field.js";
import { Paged, usePaged } from "../components/paged.js";
import { momentOf } from "../format.js";
import { hasText, t } from "../i18n.js";
import { state } from "../store.js";
import { Page } from "./Main.js";
import { useMembers, useNameOf } from "./people.js";

/** Those that a workspace's log may have; others may come. */
const ACTIONS = [
  "workspace.created",
  "workspace.renamed",
  "member.joined",
  "member.left",
  "member.removed",
  "member.role_changed",
  "member.suspended",
  "member.unsuspended",
  "invite.created",
  "invite.withdrawn",
  "invite.accepted",
  "chat.created",
  "chat.renamed",
  "chat.rules_changed",
  "chat.members_added",
  "chat.member_removed",
  "chat.role_changed",
  "chat.deleted",
  "message.deleted",
  "report.made",
  "report.resolved",
  "report.reopened",
];

/** @param {{workspace: any}} props */
export function Audit({ workspace }) {
  useMembers(workspace.id);
  const [action, setAction] = useState("");
  const [actor, setActor] = useState("");
  const query = { ...(action ? { action } : {}), ...(actor ? { actor_id: Number(actor) } : {}) };
  const pages = usePaged((cursor) => loadAudit(workspace.id, { ...query, cursor }), [workspace.id, action, actor]);
  const nameOf = useNameOf();
  const people = Object.keys(state.value.members[workspace.id]?.roles ?? {})
    .map((id) => [id, nameOf(Number(id))])
    .sort((a, b) => String(a[1]).localeCompare(String(b[1])));
  const actions = ACTIONS.map((name) => [name, actText(name)]);
  return html`<${Page} title=${t("audit")} broad>
    <p class="soft">${t("audit.text")}</p>
    <div class="line wrap" style=${{ alignItems: "end" }}>
      <div class="grow" style=${{ minWidth: "12rem" }}>
        <${Select}
          label=${t("audit.action")}
          value=${action}
          options=${[["", t("audit.all_actions")], ...actions]}
          onChange=${(/** @type {any} */ e) => setAction(e.target.value)}
        />
      </div>
      <div class="grow" style=${{ minWidth: "12rem" }}>
        <${Select}
          label=${t("audit.actor")}
          value=${actor}
          options=${[["", t("audit.everybody")], ...people]}
          onChange=${(/** @type {any} */ e) => setActor(e.target.value)}
        />
      </div>
    </div>
    <${Paged}
      pages=${pages}
      row=${(/** @type {any} */ entry) => html`<${Entry} key=${entry.id} entry=${entry} />`}
      empty=${{ icon: "clock", title: t("audit.none") }}
    />
  <//>`;
}

/** @param {string} action */
export const actText = (action) => (hasText(`act.${action}`) ? t(`act.${action}`) : action);

/** One act, also of the log of one's own account. @param {{entry: any}} props */
export function Entry({ entry }) {
  const nameOf = useNameOf();
  const details = Object.entries(entry.details).filter(
    ([name, value]) => name !== "chat_id" && value !== null && typeof value !== "object",
  );
  return html`<li>
    <div class="grow">
      <p><b>${actText(entry.action)}</b> <span class="soft">${targetText(entry, nameOf)}</span></p>
      <p class="small">
        <span dir="auto">${nameOf(entry.actor_id)}</span>${" "}
        <span class="soft">· ${momentOf(entry.at)}${entry.address && ` · ${entry.address}`}</span>
      </p>
      ${details.length > 0 && html`<p class="small soft" dir="auto">${details.map(detailText).join(" · ")}</p>`}
    </div>
  </li>`;
}

/** @param {[string, any]} detail */
const detailText = ([name, value]) =>
  name === "role" && hasText(`role.${value}`) ? t(`role.${value}`) : `${name}: ${value}`;

/** @param {any} entry @param {(id: number) => string} nameOf */
function targetText(entry, nameOf) {
  if (entry.target_id === null) return "";
  if (entry.target_type === "user") return nameOf(entry.target_id);
  if (entry.target_type === "chat") return state.value.chats.byId[entry.target_id]?.name ?? `#${entry.target_id}`;
  return `${entry.target_type} ${entry.target_id}`;
}
