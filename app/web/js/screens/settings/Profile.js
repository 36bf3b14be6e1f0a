/** Name, picture and address. */
import { html, useEffect, useState } from "../../html.js";
import { loadProfile, sendVerification, updateProfile } from "../../actions/account.js";
import { Avatar } from "../../components/Avatar.js";
import { Button } from "../../components/Button.js";
import { Field } from "../../components/Field.js";
import { Form, FormError, useSending } from "../../components/Form.js";
import { say } from "../../components/Toasts.js";
import { config } from "../../config.js";
import { t } from "../../i18n.js";
import { account } from "../../session.js";
import { Section } from "../Main.js";

export function Profile() {
  const me = /** @type {any} */ (account.value);
  const [wish, setWish] = useState({ name: me.name, avatar_url: me.avatar_url ?? "" });
  const sending = useSending(["name", "avatar_url"]);
  const verifying = useSending();
  useEffect(() => void loadProfile().catch(() => undefined), []);
  const set = (/** @type {string} */ name) => (/** @type {any} */ event) =>
    setWish({ ...wish, [name]: event.target.value });
  const onSubmit = () => updateProfile({ name: wish.name, avatar_url: wish.avatar_url.trim() || null });
  const verify = async () => {
    if (await verifying.run(sendVerification)) say(t("profile.mailed"));
  };
  return html`<${Section} title=${t("settings.profile")} text=${t("profile.text")}>
    <div class="line">
      <${Avatar} person=${{ id: me.id, name: wish.name, avatar_url: me.avatar_url }} /><span class="cut" dir="auto"
        >${wish.name}</span
      >
    </div>
    <${Form} sending=${sending} submit=${t("save")} onSubmit=${onSubmit} onDone=${() => say(t("saved"))}>
      <${Field}
        label=${t("your_name")}
        name="name"
        autocomplete="name"
        required
        maxlength="100"
        value=${wish.name}
        wrong=${sending.wrong.name}
        onInput=${set("name")}
      />
      <${Field}
        label=${t("profile.avatar")}
        hint=${t("profile.avatar.hint")}
        name="avatar_url"
        type="url"
        autocomplete="photo"
        maxlength="2000"
        value=${wish.avatar_url}
        wrong=${sending.wrong.avatar_url}
        onInput=${set("avatar_url")}
      />
    <//>
    <div class="field">
      <span class="label">${t("email")}</span>
      <p>${me.email} ${me.email_verified === true && html`<span class="tag accent">${t("profile.verified")}</span>`}</p>
      ${
        me.email_verified === false &&
        config.mail &&
        html`<${FormError} error=${verifying.error} />
          <div><${Button} busy=${verifying.busy} onClick=${verify}>${t("profile.verify")}<//></div>`
      }
    </div>
  <//>`;
}
