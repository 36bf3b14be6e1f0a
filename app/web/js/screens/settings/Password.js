/** A new password, for which one gives the old. */
import { html, useState } from "../../html.js";
import { changePassword } from "../../actions/account.js";
import { PasswordField } from "../../components/Field.js";
import { Form, useSending } from "../../components/Form.js";
import { say } from "../../components/Toasts.js";
import { t } from "../../i18n.js";
import { Section } from "../Main.js";

const NOTHING = { current_password: "", new_password: "" };

export function Password() {
  const [wish, setWish] = useState(NOTHING);
  const sending = useSending(["current_password", "new_password"]);
  const set = (/** @type {string} */ name) => (/** @type {any} */ event) =>
    setWish({ ...wish, [name]: event.target.value });
  const onDone = () => {
    setWish(NOTHING);
    say(t("password.changed"));
  };
  return html`<${Section} title=${t("password.change")} text=${t("password.change.text")}>
    <${Form}
      sending=${sending}
      submit=${t("password.change")}
      onSubmit=${() => changePassword(wish.current_password, wish.new_password)}
      onDone=${onDone}
    >
      <${PasswordField}
        label=${t("password.current")}
        autocomplete="current-password"
        value=${wish.current_password}
        wrong=${sending.wrong.current_password}
        onInput=${set("current_password")}
      />
      <${PasswordField}
        label=${t("password.new")}
        hint=${t("password.hint")}
        autocomplete="new-password"
        minlength="8"
        value=${wish.new_password}
        wrong=${sending.wrong.new_password}
        onInput=${set("new_password")}
      />
    <//>
  <//>`;
}
