/** A link to a place in the app: an address like any other, but no page is loaded. */
import { html } from "../html.js";
import { go } from "../router.js";

/** Goes there, unless the browser was asked for a new tab or the like. @param {any} event @param {string} href */
export function follow(event, href) {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  event.preventDefault();
  go(href);
}

/** @param {{href: string, children?: any, onClick?: (event: MouseEvent) => void, [name: string]: any}} props */
export const Link = ({ href, children, onClick, ...rest }) =>
  html`<a
    href=${href}
    onClick=${(/** @type {MouseEvent} */ event) => {
      onClick?.(event);
      follow(event, href);
    }}
    ...${rest}
    >${children}</a
  >`;

/** To another place, or only to another part of this one. @param {{href: string, onGo?: () => void, children?: any}} props */
export const Way = ({ href, onGo, children }) =>
  onGo
    ? html`<button type="button" class="link" onClick=${onGo}>${children}</button>`
    : html`<${Link} href=${href}>${children}<//>`;
