/** A workspace with no chat open. */
import { html } from "../html.js";
import { Header } from "../components/ChatHeader.js";
import { EmptyState } from "../components/EmptyState.js";
import { FirstSteps } from "../components/FirstSteps.js";
import { t } from "../i18n.js";
import { chatsOf } from "../selectors.js";
import { Main } from "./Main.js";

/** @param {{workspace: any}} props */
export function Home({ workspace }) {
  const isEmpty = chatsOf(workspace.id).length === 0;
  return html`<${Main} title=${workspace.name}>
    <${Header}
      ><div class="header-title">
        <h1><span class="cut" dir="auto">${workspace.name}</span></h1>
      </div><//
    >
    ${
      isEmpty
        ? html`<${FirstSteps} key=${workspace.id} workspace=${workspace} />`
        : html`<${EmptyState} icon="reply" title=${t("home.choose")}><p>${t("home.choose.text")}</p><//>`
    }
  <//>`;
}
