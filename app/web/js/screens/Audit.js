/** The log of acts of a workspace: who did what, when, from where. */
import { html, useEffect, useState } from "../html.js";
import { loadChannels } from "../actions.js";
import { loadAudit } from "../actions/moderation.js";
import { actText, sentenceOf } from "../acts.js";
import { Select } from "../components/Field.js";
import { Paged, usePaged } from "../components/paged.js";
import { attempt } from "../components/Toasts.js";
import { DOT, momentOf } from "../format.js";
import { t } from "../i18n.js";
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
  useEffect(() => void attempt(() => loadChannels(workspace.id)), [workspace.id]);
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

/** One act, also of the log of one's own account. @param {{entry: any}} props */
export function Entry({ entry }) {
  const person = useNameOf();
  const sentence = sentenceOf(entry, { person, channel: channelOf(entry.workspace_id) });
  return html`<li>
    <div class="grow">
      ${sentence ? html`<p dir="auto">${sentence}</p>` : html`<${AsItIs} entry=${entry} nameOf=${person} />`}
      <p class="small soft">${momentOf(entry.at)}${entry.address && DOT + entry.address}</p>
    </div>
  </li>`;
}

/** @param {number | null} workspaceId @returns {(id: number) => string} */
function channelOf(workspaceId) {
  const { channels, chats } = state.value;
  return (id) => {
    const name = chats.byId[id]?.name ?? channels[workspaceId ?? 0]?.byId[id]?.name;
    return name ? `#${name}` : t("channel.number", { id });
  };
}

/** Of a kind that we have no words for. @param {{entry: any, nameOf: (id: number | null) => string}} props */
function AsItIs({ entry, nameOf }) {
  const { action, target_type: type, target_id: id } = entry;
  const details = Object.entries(entry.details).filter(([, value]) => value !== null && typeof value !== "object");
  const parts = [nameOf(entry.actor_id), ...details.map(([name, value]) => `${name}: ${value}`)];
  return html`<p><b>${actText(action)}</b>${id !== null && ` ${type === "user" ? nameOf(id) : `${type} ${id}`}`}</p>
    <p class="small" dir="auto">${parts.join(DOT)}</p>`;
}
