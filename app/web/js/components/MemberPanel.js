/** Who is in a chat, with what each may be made there. */
import { html, useEffect, useState } from "../html.js";
import { changeChatRole, loadChatMembers, removeMember } from "../actions.js";
import { t } from "../i18n.js";
import { best } from "../search.js";
import { mayI } from "../selectors.js";
import { state } from "../store.js";
import { panel } from "../ui.js";
import { Button, IconButton } from "./Button.js";
import { ask } from "./Dialog.js";
import { openAddPeople } from "./dialogs.js";
import { blockItems, write } from "./personActions.js";
import { PersonRow } from "./PersonRow.js";
import { Loading } from "./Spinner.js";
import { attempt } from "./Toasts.js";

const MANY = 12;
const MOST = 200;

/** @param {{chat: any}} props */
export function MemberPanel({ chat }) {
  const [text, setText] = useState("");
  const { chatMembers, users, me } = state.value;
  const known = chatMembers[chat.id];
  useEffect(() => void attempt(() => loadChatMembers(chat.id)), [chat.id]);
  const nameOf = (/** @type {number} */ id) => users.byId[id]?.name ?? t("person.unknown");
  const all = Object.keys(known?.roles ?? {})
    .map(Number)
    .sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  const found = best(all, text, nameOf);
  const onKey = (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && (panel.value = null);
  return html`<aside class="panel" aria-label=${t("members")} onKeyDown=${onKey}>
    <div class="panel-head">
      <h2>${t("members")}</h2>
      <${IconButton} icon="close" label=${t("close")} onClick=${() => (panel.value = null)} />
    </div>
    <div class="panel-body">
      ${
        mayI("add_people", chat) &&
        html`<${Button} kind="wide" icon="add" onClick=${() => openAddPeople({ chat })}>${t("members.add")}<//>`
      }
      ${
        all.length > MANY &&
        html`<p style=${{ padding: "0.6rem 0 0.3rem" }}>
          <input
            class="input"
            type="search"
            dir="auto"
            aria-label=${t("people.find")}
            placeholder=${t("people.find")}
            value=${text}
            onInput=${(/** @type {any} */ e) => setText(e.target.value)}
          />
        </p>`
      }
      ${!known?.complete && all.length === 0 && html`<${Loading} />`}
      <ul>
        ${found.slice(0, MOST).map((id) => {
          const role = known?.roles[id] ?? "member";
          const about = [role !== "member" && t(`role.${role}`), users.byId[id]?.email].filter(Boolean).join(" · ");
          return html`<${PersonRow}
            key=${id}
            id=${id}
            name=${nameOf(id)}
            about=${about}
            items=${items(chat, id, role, nameOf(id), id === me)}
          />`;
        })}
      </ul>
      ${
        found.length > MOST &&
        html`<p class="soft small" style=${{ padding: "0.5rem" }}>
          ${t("members.more", { count: found.length - MOST })}
        </p>`
      }
    </div>
  </aside>`;
}

/**
 * @param {any} chat
 * @param {number} id
 * @param {string} role
 * @param {string} name
 * @param {boolean} isMe
 * @returns {import("./Menu.js").Item[]}
 */
function items(chat, id, role, name, isMe) {
  const roles = ["owner", "admin", "member"].filter(
    (other) => other !== role && mayI("change_role", chat, { role: other, oneself: isMe }),
  );
  const remove = () =>
    ask({
      title: t("member.remove.title", { name }),
      action: t("member.remove"),
      act: () => removeMember(chat.id, id),
    });
  return [
    !isMe && { label: t("member.write"), icon: "reply", act: () => write(chat.workspace_id, id) },
    ...roles.map((other) => ({
      label: t(`member.make.${other}`),
      icon: "shield",
      act: () => attempt(() => changeChatRole(chat.id, id, other)),
    })),
    ...(isMe ? [] : blockItems(id, name)),
    !isMe && mayI("remove", chat, { role }) && { label: t("member.remove"), icon: "leave", danger: true, act: remove },
  ];
}
