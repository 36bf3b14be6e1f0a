/** Which screen stands for the address, and what is around all of them. */
import { html, useEffect } from "../html.js";
import { ConnectionBanner } from "../components/Banner.js";
import { DialogPlace, openDialog } from "../components/Dialog.js";
import { openSwitcher } from "../components/dialogs.js";
import { Header } from "../components/ChatHeader.js";
import { Sidebar } from "../components/Sidebar.js";
import { Loading } from "../components/Spinner.js";
import { Toasts } from "../components/Toasts.js";
import { t } from "../i18n.js";
import { me } from "../parts.js";
import { go, route } from "../router.js";
import { chatOf, chatsOf, currentWorkspace, isReady, workspaceOf, workspaces } from "../selectors.js";
import { account } from "../session.js";
import { isNarrow, lastChatOf, rememberChat, restoreChoices } from "../ui.js";
import { Chat } from "./Chat.js";
import { AROUND, lazy } from "./lazy.js";
import { Main } from "./Main.js";
import { NotFound } from "./NotFound.js";
import { shown } from "./shown.js";
import { SignIn } from "./SignIn.js";

const FirstWorkspace = lazy(() => import("./FirstWorkspace.js").then((module) => module.FirstWorkspace), AROUND.DOOR);
const Forgot = lazy(() => import("./Forgot.js").then((module) => module.Forgot), AROUND.DOOR);
const Invite = lazy(() => import("./Invite.js").then((module) => module.Invite), AROUND.DOOR);
const SignUp = lazy(() => import("./SignUp.js").then((module) => module.SignUp), AROUND.DOOR);
const Audit = lazy(() => import("./Audit.js").then((module) => module.Audit));
const Channels = lazy(() => import("./Channels.js").then((module) => module.Channels));
const Home = lazy(() => import("./Home.js").then((module) => module.Home));
const Members = lazy(() => import("./Members.js").then((module) => module.Members));
const Moderation = lazy(() => import("./Moderation.js").then((module) => module.Moderation));
const Settings = lazy(() => import("./Settings.js").then((module) => module.Settings));
const WorkspaceSettings = lazy(() => import("./WorkspaceSettings.js").then((module) => module.WorkspaceSettings));

/** @type {Record<string, any>} */
const OF_WORKSPACE = {
  workspace: Home,
  channels: Channels,
  members: Members,
  "workspace-settings": WorkspaceSettings,
  moderation: Moderation,
  audit: Audit,
};

/** @type {Record<string, any>} */
const OUTSIDE = { signin: SignIn, signup: SignUp, forgot: Forgot };

void restoreChoices();

export const App = () => html`<${Whole} /><${DialogPlace} /><${Toasts} />`;

function Whole() {
  const { name, params } = route.value;
  const who = account.value;
  if (who === null) return html`<${Waiting} />`;
  if (name === "invite") return html`<${Invite} token=${params.token} />`;
  if (!who) return html`<${OUTSIDE[name] ?? SignIn} />`;
  return html`<${Inside} />`;
}

function Inside() {
  const ready = isReady.value;
  const { name, params } = shown.value;
  useKeys();
  usePush();
  useFirstPlace(route.value.name, ready);
  usePlace(isList(route.value.name), route.value.params.chatId);
  if (!ready) return html`<${Waiting} />`;
  if (workspaces.value.length === 0 && name !== "settings") return html`<${FirstWorkspace} />`;
  return html`<div class="app" data-shows=${isList(name) ? "sidebar" : "main"}>
    <a class="skip" href="#main" onClick=${skip}>${t("skip")}</a>
    <div class="banner-place"><${ConnectionBanner} /></div>
    <${Sidebar} />
    <${Screen} name=${name} params=${params} />
  </div>`;
}

/** @param {string} name */
const isList = (name) => name === "workspace" || name === "home";

const Waiting = () => html`<${ConnectionBanner} />
  <main class="door"><${Loading} /></main>`;

/** @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

/** @param {{name: string, params: Record<string, any>}} props */
function Screen({ name, params }) {
  if (name === "chat")
    return html`<${Chat} key=${params.chatId} chatId=${params.chatId} messageId=${params.messageId ?? null} />`;
  if (name === "settings") return html`<${Settings} />`;
  const workspace = params.workspaceId ? workspaceOf(params.workspaceId) : currentWorkspace();
  const Of = OF_WORKSPACE[name] ?? (name === "home" || name in OUTSIDE ? Home : null);
  if (!Of || !workspace) return html`<${Main} title=${t("not_found")}><${Header} /><${NotFound} /><//>`;
  return html`<${Of} key=${workspace.id} workspace=${workspace} />`;
}

/** Who is in has no business at the doors. @param {string} name @param {boolean} ready */
function useFirstPlace(name, ready) {
  useEffect(() => {
    if (ready && name in OUTSIDE) go("/");
  }, [name, ready]);
}

/**
 * Where there is room for both, a workspace opens with the chat that was open last; on a phone with the list.
 * @param {boolean} atList @param {number | undefined} chatId
 */
function usePlace(atList, chatId) {
  const workspace = currentWorkspace();
  const chat = chatOf(chatId ?? 0);
  useEffect(() => {
    if (chat) rememberChat(chat.workspace_id, chat.id);
  }, [chat?.id]);
  useEffect(() => {
    if (!atList || !workspace || isNarrow()) return;
    const all = chatsOf(workspace.id);
    const last =
      all.find(({ id }) => id === lastChatOf(workspace.id)) ??
      all.find(({ type }) => type.endsWith("_channel")) ??
      all[0];
    if (last) go(`/chats/${last.id}`, { replace: true });
  }, [atList, workspace?.id]);
}

/** What the service worker asks of a page; nothing waits for it. */
function usePush() {
  const id = me.value;
  useEffect(() => {
    if (id) import("../push.js").then((push) => push.start(go, id)).catch(() => undefined);
  }, [id]);
}

function useKeys() {
  useEffect(() => {
    const onKey = (/** @type {KeyboardEvent} */ event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k")
        return;
      event.preventDefault();
      if (!openDialog.value) openSwitcher();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}
