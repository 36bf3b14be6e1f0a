/** Fields of forms: each with its label, its hint and, beside it, what the server has against its value. */
import { html, useId, useLayoutEffect, useRef, useState } from "../html.js";
import { t } from "../i18n.js";
import { IconButton } from "./Button.js";
import { Icon } from "./icons.js";

/**
 * @typedef {object} FieldProps
 * @property {string} label
 * @property {string} [hint]
 * @property {string} [wrong] why the value is refused
 * @property {any} [children]
 * @property {boolean} [autofocus] by us: browsers do so in a page that is loaded, not in a screen that is opened
 * @property {any} [as] the element, "input" if left out
 */

/** @param {FieldProps & Record<string, any>} props */
export function Field({ label, hint, wrong, as = "input", children, after, autofocus, ...rest }) {
  const id = useId();
  const field = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    if (autofocus) field.current?.focus();
  }, []);
  const described = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(" ");
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <div class=${after ? "with-button" : ""}>
      <${as}
        class="input"
        id=${id}
        ref=${field}
        dir="auto"
        aria-invalid=${wrong ? "true" : undefined}
        aria-describedby=${described || undefined}
        ...${rest}
      >
        ${children}
      </${as}>
      ${after}
    </div>
    ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
    ${wrong && html`<p class="wrong" id=${`${id}-wrong`}><${Icon} name="warning" />${wrong}</p>`}
  </div>`;
}

/** @param {FieldProps & Record<string, any>} props */
export function PasswordField(props) {
  const [shown, setShown] = useState(false);
  const after = html`<${IconButton}
    icon=${shown ? "eyeOff" : "eye"}
    label=${t("password.show")}
    aria-pressed=${shown ? "true" : "false"}
    onClick=${() => setShown(!shown)}
  />`;
  return html`<${Field}
    type=${shown ? "text" : "password"}
    maxlength="128"
    required
    ...${props}
    dir="ltr"
    after=${after}
  />`;
}

/** @param {{options: [string | number, string][]} & FieldProps & Record<string, any>} props */
export const Select = ({ options, value, ...rest }) =>
  html`<${Field} as="select" value=${value} ...${rest}>
    ${options.map(
      ([key, text]) => html`<option value=${key} selected=${String(key) === String(value)}>${text}</option>`,
    )}
  <//>`;

/** @param {{label: string, hint?: string} & Record<string, any>} props */
export const Check = ({ label, hint, ...rest }) =>
  html`<label class="check">
    <input type="checkbox" ...${rest} />
    <span>${label}${hint && html`<span class="hint">${hint}</span>`}</span>
  </label>`;

/**
 * One of a few, all seen at once.
 * @param {{legend: string, name: string, options: [string, string][], value: string,
 * onChoose: (value: string) => void}} props
 */
export const Choices = ({ legend, name, options, value, onChoose }) =>
  html`<fieldset class="field">
    <legend class="label">${legend}</legend>
    <div class="choices">
      ${options.map(
        ([key, text]) =>
          html`<label>
            <input
              type="radio"
              name=${name}
              value=${key}
              checked=${key === value}
              onChange=${() => onChoose(key)}
            />${text}
          </label>`,
      )}
    </div>
  </fieldset>`;
