/** For who is in no workspace yet: to make one, or to be told how one gets into another. */
import { html } from "../html.js";
import { NewWorkspaceForm } from "../components/NewWorkspace.js";
import { t } from "../i18n.js";
import { account, signOut } from "../session.js";
import { attempt } from "../components/Toasts.js";
import { Door } from "./Door.js";

export function FirstWorkspace() {
  const foot = html`<button type="button" class="link" onClick=${() => attempt(signOut)}>${t("sign_out")}</button>`;
  return html`<${Door} title=${t("first.title", { name: account.value ? account.value.name : "" })} foot=${foot}>
    <p class="soft">${t("first.text")}</p>
    <${NewWorkspaceForm} />
    <p class="soft small">${t("first.invited")}</p>
  <//>`;
}
