/** Making an account: with a workspace of one's own, or by an invitation into somebody's. */
import { html, useState } from "../html.js";
import { Field, PasswordField } from "../components/Field.js";
import { Form, useSending } from "../components/Form.js";
import { Way } from "../components/Link.js";
import { config } from "../config.js";
import { t } from "../i18n.js";
import { go } from "../router.js";
import { signUp } from "../session.js";
import { Door } from "./Door.js";

/** @param {{invite?: string, onSignIn?: () => void}} props `onSignIn` where signing in is no place of its own */
export function SignUp({ invite = "", onSignIn }) {
  const [wish, setWish] = useState({ name: "", email: "", password: "", workspace: "", invite });
  const [mailed, setMailed] = useState(false);
  const needsInvite = config.sign_up === "invited" && !invite;
  const sending = useSending(["name", "email", "password", "workspace", "invite"]);
  const set = (/** @type {string} */ name) => (/** @type {any} */ event) =>
    setWish({ ...wish, [name]: event.target.value });
  const onSubmit = async () => {
    const given = Object.entries({ ...wish, workspace: wish.workspace.trim(), invite: tokenOf(wish.invite) }).filter(
      ([, value]) => value,
    );
    const isIn = await signUp(/** @type {any} */ (Object.fromEntries(given)));
    if (isIn) go("/");
    else setMailed(true);
  };
  const toSignIn = html`<span>${t("sign_up.have_account")}</span
    ><${Way} href="/signin" onGo=${mailed ? undefined : onSignIn}>${t("sign_in")}<//>`;
  if (mailed) {
    return html`<${Door} title=${t("sign_up.mailed")} foot=${toSignIn}
      ><p role="status">${t("sign_up.mailed.text", { email: wish.email })}</p><//
    >`;
  }
  if (config.sign_up === "closed")
    return html`<${Door} title=${t("sign_up")} foot=${toSignIn}><p>${t("error.sign_up_closed")}</p><//>`;
  return html`<${Door} title=${t("sign_up")} foot=${toSignIn}>
    ${invite && html`<p class="soft">${t("sign_up.by_invite")}</p>`}
    <${Form} sending=${sending} submit=${t("sign_up")} kind="main wide" onSubmit=${onSubmit}>
      ${
        needsInvite &&
        html`<${Field}
          label=${t("sign_up.invite")}
          hint=${t("sign_up.invite.hint")}
          name="invite"
          required
          autocomplete="off"
          value=${wish.invite}
          wrong=${sending.wrong.invite}
          onInput=${set("invite")}
        />`
      }
      <${Field}
        label=${t("your_name")}
        name="name"
        autocomplete="name"
        required
        maxlength="100"
        autofocus
        value=${wish.name}
        wrong=${sending.wrong.name}
        onInput=${set("name")}
      />
      <${Field}
        label=${t("email")}
        hint=${config.sign_up === "domains" ? t("sign_up.domains") : undefined}
        type="email"
        name="email"
        autocomplete="username"
        required
        maxlength="254"
        value=${wish.email}
        wrong=${sending.wrong.email}
        onInput=${set("email")}
      />
      <${PasswordField}
        label=${t("password")}
        hint=${t("password.hint")}
        name="password"
        autocomplete="new-password"
        minlength="8"
        value=${wish.password}
        wrong=${sending.wrong.password}
        onInput=${set("password")}
      />
      ${
        !invite &&
        !needsInvite &&
        html`<${Field}
          label=${t("workspace.name")}
          hint=${t("sign_up.workspace.hint")}
          name="workspace"
          autocomplete="organization"
          maxlength="100"
          value=${wish.workspace}
          wrong=${sending.wrong.workspace}
          onInput=${set("workspace")}
        />`
      }
    <//>
  <//>`;
}

/** Of a token or of the whole address that has it at its end. @param {string} text */
function tokenOf(text) {
  return text.trim().split("/").pop() ?? "";
}
