/** Buttons: with words, and with a picture alone, whose words are then its label and its tip. */
import { html } from "../html.js";
import { Icon } from "./icons.js";
import { Spinner } from "./Spinner.js";

/**
 * @param {{kind?: string, busy?: boolean, icon?: string, children?: any, class?: string, [name: string]: any}} props
 * `kind` is any of main, danger, quiet, wide. A busy one does nothing, but keeps the focus, which one that is disabled
 * would lose.
 */
export const Button = ({ kind = "", busy, icon, children, class: more = "", onClick, ...rest }) =>
  html`<button
    type="button"
    class=${`button ${kind} ${more}`}
    aria-disabled=${busy || undefined}
    aria-busy=${busy || undefined}
    onClick=${busy ? nothing : onClick}
    ...${rest}
  >
    ${busy ? html`<${Spinner} />` : icon && html`<${Icon} name=${icon} />`}${children}
  </button>`;

/** Not even what the browser does by itself, as to send a form. @param {Event} event */
const nothing = (event) => event.preventDefault();

/** @param {{icon: string, label: string, class?: string, [name: string]: any}} props */
export const IconButton = ({ icon, label, class: more = "", ...rest }) =>
  html`<button type="button" class=${`icon-button ${more}`} aria-label=${label} title=${label} ...${rest}>
    <${Icon} name=${icon} />
  </button>`;
