/** Something is on its way. */
import { html } from "../html.js";
import { t } from "../i18n.js";

export const Spinner = () => html`<span class="spinner" aria-hidden="true"></span>`;

/** In place of what is being loaded. */
export const Loading = () =>
  html`<div class="loading" role="status"><${Spinner} /><span class="hidden">${t("loading")}</span></div>`;
