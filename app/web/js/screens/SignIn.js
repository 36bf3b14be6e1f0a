/** Signing in: address and password, then the second factor where there is one. */
import { html, useState } from "../html.js";
import { Field, PasswordField } from "../components/Field.js";
import { Form, useSending } from "../components/Form.js";
import { Link, Way } from "../components/Link.js";
import { config } from "../config.js";
import { t } from "../i18n.js";
import { signIn } from "../session.js";
import { Door } from "./Door.js";

/** @param {{onSignUp?: () => void}} props `onSignUp` where signing up is no place of its own */
export function SignIn({ onSignUp }) {
  const [wish, setWish] = useState({ email: "", password: "" });
  const [needsCode, setNeedsCode] = useState(false);
  const sending = useSending(["email", "password"]);
  const set = (/** @type {string} */ name) => (/** @type {any} */ event) =>
    setWish({ ...wish, [name]: event.target.value });
  const onSubmit = async () => {
    try {
      await signIn({ email: wish.email.trim(), password: wish.password });
    } catch (error) {
      if (/** @type {any} */ (error).code !== "second_factor_needed") throw error;
      setNeedsCode(true);
    }
  };
  if (needsCode) return html`<${SecondFactor} credentials=${wish} onBack=${() => setNeedsCode(false)} />`;
  const foot = [
    config.mail && html`<${Link} href="/forgot">${t("forgot.link")}<//>`,
    config.sign_up !== "closed" && html`<${Way} href="/signup" onGo=${onSignUp}>${t("sign_up.link")}<//>`,
  ];
  return html`<${Door} title=${t("sign_in")} foot=${foot}>
    <${Form} sending=${sending} submit=${t("sign_in")} kind="main wide" onSubmit=${onSubmit}>
      <${Field}
        label=${t("email")}
        type="email"
        name="email"
        autocomplete="username"
        required
        autofocus
        value=${wish.email}
        wrong=${sending.wrong.email}
        onInput=${set("email")}
      />
      <${PasswordField}
        label=${t("password")}
        name="password"
        autocomplete="current-password"
        value=${wish.password}
        wrong=${sending.wrong.password}
        onInput=${set("password")}
      />
    <//>
  <//>`;
}

/** @param {{credentials: {email: string, password: string}, onBack: () => void}} props */
function SecondFactor({ credentials, onBack }) {
  const [code, setCode] = useState("");
  const [byRecovery, setByRecovery] = useState(false);
  const sending = useSending(["code"]);
  const onSubmit = () =>
    signIn({ email: credentials.email.trim(), password: credentials.password, code: code.replace(/\s/g, "") });
  const other = () => {
    setByRecovery(!byRecovery);
    setCode("");
    sending.clear();
  };
  const foot = html`<button type="button" class="link" onClick=${other}>
      ${t(byRecovery ? "second_factor.by_app" : "second_factor.by_recovery")}
    </button>
    <button type="button" class="link" onClick=${onBack}>${t("back")}</button>`;
  return html`<${Door} title=${t("second_factor")} foot=${foot}>
    <${Form} sending=${sending} submit=${t("sign_in")} kind="main wide" onSubmit=${onSubmit}>
      <p class="soft">${t(byRecovery ? "second_factor.recovery_text" : "second_factor.text")}</p>
      <${Field}
        key=${byRecovery}
        label=${t(byRecovery ? "second_factor.recovery_code" : "second_factor.code")}
        name="code"
        required
        autofocus
        autocomplete="one-time-code"
        inputmode=${byRecovery ? "text" : "numeric"}
        minlength="6"
        maxlength="40"
        value=${code}
        wrong=${sending.wrong.code}
        onInput=${(/** @type {any} */ event) => setCode(event.target.value)}
      />
    <//>
  <//>`;
}
