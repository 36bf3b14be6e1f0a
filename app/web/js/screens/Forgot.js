/** Asking for a mail by which one sets a new password. */
import { html, useState } from "../html.js";
import { Field } from "../components/Field.js";
import { Form, useSending } from "../components/Form.js";
import { Link } from "../components/Link.js";
import { config } from "../config.js";
import { forgotPassword } from "../actions/account.js";
import { t } from "../i18n.js";
import { Door } from "./Door.js";

export function Forgot() {
  const [email, setEmail] = useState("");
  const [isSent, setSent] = useState(false);
  const sending = useSending(["email"]);
  const foot = html`<${Link} href="/signin">${t("back_to_sign_in")}<//>`;
  if (!config.mail) return html`<${Door} title=${t("forgot")} foot=${foot}><p>${t("error.no_mail")}</p><//>`;
  if (isSent)
    return html`<${Door} title=${t("forgot.sent")} foot=${foot}
      ><p role="status">${t("forgot.sent.text", { email })}</p><//
    >`;
  const onSubmit = () => forgotPassword(email.trim());
  return html`<${Door} title=${t("forgot")} foot=${foot}>
    <p class="soft">${t("forgot.text")}</p>
    <${Form}
      sending=${sending}
      submit=${t("forgot.send")}
      kind="main wide"
      onSubmit=${onSubmit}
      onDone=${() => setSent(true)}
    >
      <${Field}
        label=${t("email")}
        type="email"
        name="email"
        autocomplete="username"
        required
        autofocus
        value=${email}
        wrong=${sending.wrong.email}
        onInput=${(/** @type {any} */ e) => setEmail(e.target.value)}
      />
    <//>
  <//>`;
}
