/** Makes an invitation by link. The link is shown this once. */
import { html, useState } from "../html.js";
import { createInvite } from "../actions.js";
import { t } from "../i18n.js";
import { lengthOf } from "../format.js";
import { mayI } from "../selectors.js";
import { Button } from "./Button.js";
import { CopyBox } from "./CopyBox.js";
import { Dialog } from "./Dialog.js";
import { Field, Select } from "./Field.js";
import { Form, useSending } from "./Form.js";

const DAY = 86_400;

/** @param {{workspace: any, onClose: () => void, onMade?: () => void}} props */
export function InviteDialog({ workspace, onClose, onMade }) {
  const [made, setMade] = useState(/** @type {any} */ (null));
  if (made) {
    return html`<${Dialog} title=${t("invite.made")} onClose=${onClose}>
      <p class="soft">${t(made.email ? "invite.made.email" : "invite.made.text", { email: made.email ?? "" })}</p>
      <${CopyBox} label=${t("invite.link")} text=${made.url} />
      <div class="dialog-foot"><${Button} kind="main" onClick=${onClose}>${t("done")}<//></div>
    <//>`;
  }
  const onDone = (/** @type {any} */ invite) => {
    setMade(invite);
    onMade?.();
  };
  return html`<${Dialog} title=${t("invite.people")} onClose=${onClose}
    ><${InviteForm} workspace=${workspace} onDone=${onDone}
  /><//>`;
}

/** @param {{workspace: any, onDone: (invite: any) => void}} props */
function InviteForm({ workspace, onDone }) {
  const roles = ["member", "guest", "admin", "owner"].filter((role) => mayI("invite", workspace, role));
  const [wish, setWish] = useState({ role: roles[0] ?? "member", expires_in: 7 * DAY, max_uses: "", email: "" });
  const sending = useSending(["email", "max_uses", "role"]);
  const set = (/** @type {string} */ name) => (/** @type {any} */ event) =>
    setWish({ ...wish, [name]: event.target.value });
  const onSubmit = async () =>
    onDone(
      await createInvite(workspace.id, {
        role: wish.role,
        expires_in: Number(wish.expires_in),
        ...(wish.max_uses ? { max_uses: Number(wish.max_uses) } : {}),
        ...(wish.email.trim() ? { email: wish.email.trim() } : {}),
      }),
    );
  const lengths = [3600, DAY, 7 * DAY, 30 * DAY].map((seconds) => [seconds, lengthOf(seconds)]);
  return html`<${Form} sending=${sending} submit=${t("invite.make")} onSubmit=${onSubmit}>
    <p class="soft">${t("invite.text", { workspace: workspace.name })}</p>
    <${Select}
      label=${t("invite.role")}
      hint=${t(`role.hint.${wish.role}`)}
      options=${roles.map((role) => [role, t(`role.${role}`)])}
      value=${wish.role}
      wrong=${sending.wrong.role}
      onChange=${set("role")}
    />
    <${Select} label=${t("invite.lasts")} options=${lengths} value=${wish.expires_in} onChange=${set("expires_in")} />
    <${Field}
      label=${t("invite.uses")}
      hint=${t("invite.uses.hint")}
      type="number"
      inputmode="numeric"
      min="1"
      max="1000"
      value=${wish.max_uses}
      wrong=${sending.wrong.max_uses}
      onInput=${set("max_uses")}
    />
    <${Field}
      label=${t("invite.email")}
      hint=${t("invite.email.hint")}
      type="email"
      autocomplete="off"
      value=${wish.email}
      wrong=${sending.wrong.email}
      onInput=${set("email")}
    />
  <//>`;
}
