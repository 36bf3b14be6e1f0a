/** A text that is there to be taken along. */
import { html, useId } from "../html.js";
import { t } from "../i18n.js";
import { IconButton } from "./Button.js";
import { copy } from "./messageActions.js";

/** @param {{label: string, text: string}} props */
export function CopyBox({ label, text }) {
  const id = useId();
  const onFocus = (/** @type {any} */ event) => event.target.select();
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <div class="with-button">
      <input class="input" id=${id} readonly value=${text} onFocus=${onFocus} />
      <${IconButton} icon="copy" label=${t("copy")} onClick=${() => copy(text, t("copied"))} />
    </div>
  </div>`;
}
