/** Personal access tokens, for programs that act for one. */
import { html, useState } from "../../html.js";
import { createToken, endToken, loadTokens } from "../../actions/account.js";
import { Button } from "../../components/Button.js";
import { CopyBox } from "../../components/CopyBox.js";
import { Dialog, ask, show } from "../../components/Dialog.js";
import { Check, Field, Select } from "../../components/Field.js";
import { Form, useSending } from "../../components/Form.js";
import { Paged, usePaged } from "../../components/paged.js";
import { DOT, dateOf, lengthOf, momentOf } from "../../format.js";
import { t } from "../../i18n.js";
import { Section } from "../Main.js";

const DAY = 86_400;
const SCOPES = ["read", "write", "manage"];

export function AccessTokens() {
  const pages = usePaged(loadTokens);
  const end = (/** @type {any} */ token) =>
    ask({
      title: t("token.end.title", { name: token.name }),
      text: t("token.end.text"),
      action: t("token.end"),
      act: async () => {
        await endToken(token.id);
        pages.change((items) => items.filter((item) => item.id !== token.id));
      },
    });
  const row = (/** @type {any} */ token) =>
    html`<li key=${token.id}>
      <div class="grow">
        <p dir="auto">
          <b>${token.name}</b>${" "}
          ${token.scopes.map(
            (/** @type {string} */ scope) => html`<span class="tag" key=${scope}>${t(`scope.${scope}`)}</span> `,
          )}
        </p>
        <p class="soft small">
          ${t("token.until", { date: dateOf(token.expires_at) })}${DOT}
          ${token.last_used_at ? t("token.used", { moment: momentOf(token.last_used_at) }) : t("token.unused")}
        </p>
      </div>
      <${Button} kind="danger" onClick=${() => end(token)}>${t("token.end")}<//>
    </li>`;
  const action = html`<${Button} icon="add" onClick=${() => show(NewToken, { onMade: pages.reload })}
    >${t("token.new")}<//
  >`;
  return html`<${Section} title=${t("settings.tokens")} text=${t("tokens.text")} action=${action}>
    <${Paged} pages=${pages} row=${row} empty=${{ icon: "key", title: t("tokens.none") }} />
  <//>`;
}

/** @param {{onClose: () => void, onMade: () => void}} props */
function NewToken({ onClose, onMade }) {
  const [wish, setWish] = useState({ name: "", expires_in: 90 * DAY });
  const [scopes, setScopes] = useState(["read"]);
  const [made, setMade] = useState(/** @type {any} */ (null));
  const sending = useSending(["name", "scopes"]);
  const set = (/** @type {string} */ name) => (/** @type {any} */ event) =>
    setWish({ ...wish, [name]: event.target.value });
  const toggle = (/** @type {string} */ scope, /** @type {boolean} */ on) =>
    setScopes(SCOPES.filter((other) => (other === scope ? on : scopes.includes(other))));
  const onSubmit = async () => {
    setMade(await createToken({ name: wish.name, scopes, expires_in: Number(wish.expires_in) }));
    onMade();
  };
  if (made) {
    return html`<${Dialog} title=${t("token.made")} onClose=${onClose}>
      <p class="note warn">${t("token.made.text")}</p>
      <${CopyBox} label=${t("token")} text=${made.token} />
      <div class="dialog-foot"><${Button} kind="main" onClick=${onClose}>${t("done")}<//></div>
    <//>`;
  }
  const lengths = [DAY, 7 * DAY, 30 * DAY, 90 * DAY, 365 * DAY].map((seconds) => [seconds, lengthOf(seconds)]);
  return html`<${Dialog} title=${t("token.new")} onClose=${onClose}>
    <${Form} sending=${sending} submit=${t("token.make")} onSubmit=${onSubmit} disabled=${scopes.length === 0}>
      <${Field}
        label=${t("token.name")}
        hint=${t("token.name.hint")}
        name="name"
        required
        maxlength="100"
        value=${wish.name}
        wrong=${sending.wrong.name}
        onInput=${set("name")}
        data-autofocus
      />
      <fieldset class="field">
        <legend class="label">${t("token.scopes")}</legend>
        ${SCOPES.map(
          (scope) =>
            html`<${Check}
              key=${scope}
              label=${t(`scope.${scope}`)}
              hint=${t(`scope.${scope}.hint`)}
              checked=${scopes.includes(scope)}
              onChange=${(/** @type {any} */ e) => toggle(scope, e.target.checked)}
            />`,
        )}
        ${sending.wrong.scopes && html`<p class="wrong">${sending.wrong.scopes}</p>`}
      </fieldset>
      <${Select} label=${t("token.lasts")} options=${lengths} value=${wish.expires_in} onChange=${set("expires_in")} />
    <//>
  <//>`;
}
