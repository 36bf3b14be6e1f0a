/** The second factor: on by a secret and a first code, off by password and code, and its recovery codes. */
import { html, useEffect, useState } from "../../html.js";
import {
  beginSecondFactor,
  confirmSecondFactor,
  endSecondFactor,
  loadSecondFactor,
  renewRecoveryCodes,
} from "../../actions/account.js";
import { Button } from "../../components/Button.js";
import { CopyBox } from "../../components/CopyBox.js";
import { Dialog, show } from "../../components/Dialog.js";
import { Field, PasswordField } from "../../components/Field.js";
import { Form, FormError, useSending } from "../../components/Form.js";
import { copy } from "../../components/messageActions.js";
import { Loading } from "../../components/Spinner.js";
import { t } from "../../i18n.js";
import { lazy } from "../lazy.js";
import { Section } from "../Main.js";

const QrCode = lazy(
  () => import("../../components/QrCode.js").then((module) => module.QrCode),
  (inside) => html`<div class="qr">${inside}</div>`,
);

export function SecondFactor() {
  const [told, setTold] = useState(/** @type {any} */ (null));
  const loading = useSending();
  const reload = () => loading.run(async () => setTold(await loadSecondFactor()));
  useEffect(() => void reload(), []);
  const open = (/** @type {any} */ dialog) => () => show(dialog, { onChange: reload });
  return html`<${Section} title=${t("second_factor")} text=${t("second_factor.about")}>
    <${FormError} error=${loading.error} />
    ${!told && !loading.error && html`<${Loading} />`}
    ${
      told &&
      !told.is_on &&
      html`<div><${Button} kind="main" icon="shield" onClick=${open(TurnOn)}>${t("second_factor.turn_on")}<//></div>`
    }
    ${
      told?.is_on &&
      html`<p>
          <span class="tag accent">${t("second_factor.is_on")}</span>${" "}
          <span class="soft">${t("second_factor.left", { count: told.recovery_codes_left })}</span>
        </p>
        <div class="line wrap">
          <${Button} onClick=${open(NewCodes)}>${t("second_factor.new_codes")}<//>
          <${Button} kind="danger" onClick=${open(TurnOff)}>${t("second_factor.turn_off")}<//>
        </div>`
    }
  <//>`;
}

/** @param {{onClose: () => void, onChange: () => void}} props */
function TurnOn({ onClose, onChange }) {
  const [password, setPassword] = useState("");
  const [secret, setSecret] = useState(/** @type {any} */ (null));
  const [code, setCode] = useState("");
  const [codes, setCodes] = useState(/** @type {string[] | null} */ (null));
  const sending = useSending(["password", "code"]);
  if (codes) return html`<${Codes} codes=${codes} onClose=${onClose} />`;
  if (!secret) {
    return html`<${Dialog} title=${t("second_factor")} onClose=${onClose}>
      <${Form}
        sending=${sending}
        submit=${t("continue")}
        onSubmit=${async () => setSecret(await beginSecondFactor(password))}
      >
        <${PasswordField}
          label=${t("password.current")}
          autocomplete="current-password"
          value=${password}
          wrong=${sending.wrong.password}
          onInput=${(/** @type {any} */ e) => setPassword(e.target.value)}
          data-autofocus
        />
      <//>
    <//>`;
  }
  const confirm = async () => {
    const answer = await confirmSecondFactor(code.replace(/\s/g, ""));
    setCodes(answer.recovery_codes);
    onChange();
  };
  return html`<${Dialog} title=${t("second_factor")} onClose=${onClose}>
    <p class="soft">${t("second_factor.scan")}</p>
    <${QrCode} text=${secret.otpauth_url} label=${t("second_factor.qr")} />
    <${CopyBox} label=${t("second_factor.secret")} text=${secret.secret.replace(/(.{4})(?=.)/g, "$1 ")} />
    <p><a href=${secret.otpauth_url}>${t("second_factor.open_app")}</a></p>
    <${Form} sending=${sending} submit=${t("second_factor.turn_on")} onSubmit=${confirm}
      ><${CodeField} value=${code} wrong=${sending.wrong.code} onCode=${setCode}
    /><//>
    <p class="soft small">${t("second_factor.ends_sessions")}</p>
  <//>`;
}

/** @param {{value: string, wrong?: string, onCode: (code: string) => void}} props */
const CodeField = ({ value, wrong, onCode }) =>
  html`<${Field}
    label=${t("second_factor.code")}
    hint=${t("second_factor.code.hint")}
    autocomplete="one-time-code"
    required
    minlength="6"
    maxlength="40"
    value=${value}
    wrong=${wrong}
    onInput=${(/** @type {any} */ e) => onCode(e.target.value)}
    data-autofocus
  />`;

/**
 * Asks for password and code.
 * @param {{title: string, text: string, submit: string, kind?: string, act: (given: {password: string,
 * code: string}) => Promise<any>, onClose: () => void, onDone?: () => void}} props
 */
function WithBoth({ title, text, submit, kind, act, onClose, onDone }) {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const sending = useSending(["password", "code"]);
  return html`<${Dialog} title=${title} onClose=${onClose}>
    <p class="soft">${text}</p>
    <${Form}
      sending=${sending}
      submit=${submit}
      kind=${kind ?? "main"}
      onSubmit=${() => act({ password, code: code.replace(/\s/g, "") })}
      onDone=${onDone}
    >
      <${PasswordField}
        label=${t("password.current")}
        autocomplete="current-password"
        value=${password}
        wrong=${sending.wrong.password}
        onInput=${(/** @type {any} */ e) => setPassword(e.target.value)}
      />
      <${CodeField} value=${code} wrong=${sending.wrong.code} onCode=${setCode} />
    <//>
  <//>`;
}

/** @param {{onClose: () => void, onChange: () => void}} props */
function TurnOff({ onClose, onChange }) {
  const done = () => {
    onClose();
    onChange();
  };
  return html`<${WithBoth}
    title=${t("second_factor.turn_off")}
    text=${t("second_factor.turn_off.text")}
    submit=${t("second_factor.turn_off")}
    kind="danger main"
    act=${(/** @type {any} */ given) => endSecondFactor(given.password, given.code)}
    onClose=${onClose}
    onDone=${done}
  />`;
}

/** @param {{onClose: () => void, onChange: () => void}} props */
function NewCodes({ onClose, onChange }) {
  const [codes, setCodes] = useState(/** @type {string[] | null} */ (null));
  if (codes) return html`<${Codes} codes=${codes} onClose=${onClose} />`;
  const act = async (/** @type {any} */ given) => {
    const answer = await renewRecoveryCodes(given.password, given.code);
    setCodes(answer.recovery_codes);
    onChange();
  };
  return html`<${WithBoth}
    title=${t("second_factor.new_codes")}
    text=${t("second_factor.new_codes.text")}
    submit=${t("second_factor.new_codes")}
    act=${act}
    onClose=${onClose}
  />`;
}

/** @param {{codes: string[], onClose: () => void}} props */
const Codes = ({ codes, onClose }) =>
  html`<${Dialog} title=${t("second_factor.codes")} onClose=${onClose}>
    <p class="note warn">${t("second_factor.codes.text")}</p>
    <ul class="codes">
      ${codes.map((code) => html`<li key=${code}><code>${code}</code></li>`)}
    </ul>
    <div class="dialog-foot">
      <${Button} icon="copy" onClick=${() => copy(codes.join("\n"), t("copied"))}>${t("copy")}<//>
      <${Button} kind="main" onClick=${onClose}>${t("second_factor.codes.kept")}<//>
    </div>
  <//>`;
