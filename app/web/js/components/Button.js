/** Buttons: with words, and with a picture alone, whose words are then its label and its tip. */
import { html } from "../html.js";
import { Icon } from "./icons.js";
import { Spinner } from "./Spinner.js";

/**
 * @param {{kind?: string, busy?: boolean, icon?: string, children?: any, class?: string, [name: string]: any}} props
 * `kind` is any of main, danger, quiet, wide.
 */
export const Button = ({ kind = "", busy, icon, children, class: more = "", disabled, ...rest }) =>
  html`<button
    type="button"
    class=${`button ${kind} ${more}`}
    disabled=${disabled || busy}
    aria-busy=${busy || undefined}
    ...${rest}
  >
    ${busy ? html`<${Spinner} />` : icon && html`<${Icon} name=${icon} />`}${children}
  </button>`;

/** @param {{icon: string, label: string, class?: string, [name: string]: any}} props */
export const IconButton = ({ icon, label, class: more = "", ...rest }) =>
  html`<button type="button" class=${`icon-button ${more}`} aria-label=${label} title=${label} ...${rest}>
    <${Icon} name=${icon} />
  </button>`;
