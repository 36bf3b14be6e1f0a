/** Puts somebody out of a workspace until further notice. */
import { html, useState } from "../html.js";
import { suspend } from "../actions/moderation.js";
import { t } from "../i18n.js";
import { Dialog } from "./Dialog.js";
import { Field } from "./Field.js";
import { Form, useSending } from "./Form.js";

/** @param {{workspace: any, userId: number, name: string, onClose: () => void, onDone?: () => void}} props */
export function SuspendDialog({ workspace, userId, name, onClose, onDone }) {
  const [reason, setReason] = useState("");
  const sending = useSending(["reason"]);
  const done = () => {
    onClose();
    onDone?.();
  };
  return html`<${Dialog} title=${t("suspend.title", { name })} onClose=${onClose}>
    <p class="soft">${t("suspend.text")}</p>
    <${Form}
      sending=${sending}
      submit=${t("suspend")}
      kind="danger main"
      onSubmit=${() => suspend(workspace.id, userId, reason)}
      onDone=${done}
    >
      <${Field}
        as="textarea"
        label=${t("suspend.reason")}
        hint=${t("optional")}
        maxlength="1000"
        value=${reason}
        wrong=${sending.wrong.reason}
        onInput=${(/** @type {any} */ e) => setReason(e.target.value)}
        data-autofocus
      />
    <//>
  <//>`;
}
