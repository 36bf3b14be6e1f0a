/** Makes a workspace and goes there. */
import { html, useState } from "../html.js";
import { createWorkspace } from "../actions.js";
import { t } from "../i18n.js";
import { go } from "../router.js";
import { Dialog } from "./Dialog.js";
import { Field } from "./Field.js";
import { Form, useSending } from "./Form.js";

/** @param {{onDone?: () => void}} props */
export function NewWorkspaceForm({ onDone }) {
  const [name, setName] = useState("");
  const sending = useSending(["name"]);
  const onSubmit = async () => {
    const workspace = await createWorkspace({ name });
    onDone?.();
    go(`/w/${workspace.id}`);
  };
  return html`<${Form} sending=${sending} submit=${t("workspace.create")} onSubmit=${onSubmit}>
    <${Field}
      label=${t("workspace.name")}
      hint=${t("workspace.name.hint")}
      name="name"
      required
      maxlength="100"
      value=${name}
      wrong=${sending.wrong.name}
      onInput=${(/** @type {any} */ e) => setName(e.target.value)}
      data-autofocus
    />
  <//>`;
}

/** @param {{onClose: () => void}} props */
export const NewWorkspace = ({ onClose }) =>
  html`<${Dialog} title=${t("workspace.new")} onClose=${onClose}><${NewWorkspaceForm} onDone=${onClose} /><//>`;
