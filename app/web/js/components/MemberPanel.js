/** Who is in a chat, with what each may be made there. */
import { html, useEffect, useState } from "../html.js";
import { changeChatRole, loadChatMembers, removeMember } from "../actions.js";
import { t } from "../i18n.js";
import { best } from "../search.js";
import { mayI } from "../selectors.js";
import { state } from "../store.js";
import { panel } from "../ui.js";
import { Avatar } from "./Avatar.js";
import { Button, IconButton } from "./Button.js";
import { ask } from "./Dialog.js";
import { openAddPeople } from "./dialogs.js";
import { Icon } from "./icons.js";
import { Menu } from "./Menu.js";
import { blockItems, write } from "./personActions.js";
import { Loading } from "./Spinner.js";
import { attempt } from "./Toasts.js";

const MANY = 12;
const MOST = 200;

/** @param {{chat: any}} props */
export function MemberPanel({ chat }) {
  const [text, setText] = useState("");
  const { chatMembers, users, me, presence } = state.value;
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
        ${found
          .slice(0, MOST)
          .map(
            (id) =>
              html`<${Member}
                key=${id}
                chat=${chat}
                id=${id}
                role=${known?.roles[id]}
                person=${users.byId[id]}
                name=${nameOf(id)}
                isMe=${id === me}
                presence=${presence[id]}
              />`,
          )}
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

/** @param {{chat: any, id: number, role: string, person: any, name: string, isMe: boolean, presence?: string}} props */
function Member({ chat, id, role, person, name, isMe, presence }) {
  const choices = items(chat, id, role, name, isMe).filter(Boolean);
  return html`<li class="person">
    <${Avatar} person=${person} presence=${presence} />
    <div class="grow">
      <p class="cut" dir="auto" title=${name}>${name}${isMe && html` <span class="soft">${t("person.me")}</span>`}</p>
      <p class="small soft cut">${role !== "member" && `${t(`role.${role}`)} · `}${person?.email}</p>
    </div>
    ${
      choices.length > 0 &&
      html`<${Menu} class="icon-button" label=${t("member.menu", { name })} items=${choices}
        ><${Icon} name="more"
      /><//>`
    }
  </li>`;
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
