/** Brings a message before those who run the workspace. */
import { html, useState } from "../html.js";
import { reportMessage } from "../actions.js";
import { t } from "../i18n.js";
import { Dialog } from "./Dialog.js";
import { Field } from "./Field.js";
import { Form, useSending } from "./Form.js";
import { say } from "./Toasts.js";

/** @param {{message: {id: number}, onClose: () => void}} props */
export function ReportDialog({ message, onClose }) {
  const [reason, setReason] = useState("");
  const sending = useSending(["reason"]);
  const onDone = () => {
    onClose();
    say(t("report.sent"));
  };
  return html`<${Dialog} title=${t("report.title")} onClose=${onClose}>
    <p class="soft">${t("report.text")}</p>
    <${Form}
      sending=${sending}
      submit=${t("report.send")}
      onSubmit=${() => reportMessage(message.id, reason)}
      onDone=${onDone}
    >
      <${Field}
        as="textarea"
        label=${t("report.reason")}
        name="reason"
        required
        maxlength="1000"
        value=${reason}
        wrong=${sending.wrong.reason}
        onInput=${(/** @type {any} */ e) => setReason(e.target.value)}
        data-autofocus
      />
    <//>
  <//>`;
}
