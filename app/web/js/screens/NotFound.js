/** An address where nothing is, or nothing that one may know of. */
import { html } from "../html.js";
import { EmptyState } from "../components/EmptyState.js";
import { Link } from "../components/Link.js";
import { t } from "../i18n.js";

/** @param {{isChat?: boolean}} props */
export const NotFound = ({ isChat }) =>
  html`<${EmptyState} icon="search" level="h1" title=${t("not_found")}>
    <p>${t(isChat ? "not_found.chat" : "not_found.text")}</p>
    <${Link} class="button" href="/">${t("to_start")}<//>
  <//>`;
