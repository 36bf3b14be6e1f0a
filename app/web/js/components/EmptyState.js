/** What stands where there is nothing yet, and how to begin. */
import { html } from "../html.js";
import { Icon } from "./icons.js";

/** @param {{icon: string, title: string, children?: any, level?: string}} props */
export const EmptyState = ({ icon, title, children, level = "h2" }) =>
  html`<div class="empty">
    <${Icon} name=${icon} />
    <${level}>${title}</${level}>
    ${children}
  </div>`;
