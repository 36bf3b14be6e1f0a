/** Opens dialogs that are loaded when they are first wanted: most who come to read and write want none of them. */
import { allTexts } from "../i18n.js";
import { show } from "./Dialog.js";
import { attempt } from "./Toasts.js";

/** @param {() => Promise<any>} load @returns {(props?: any) => void} */
const opens = (load) => (props) =>
  void attempt(async () => {
    const [dialog] = await Promise.all([load(), allTexts()]);
    show(dialog, props);
  });

export const openAddPeople = opens(() => import("./AddPeople.js").then((module) => module.AddPeople));
export const openChatSettings = opens(() => import("./ChatSettings.js").then((module) => module.ChatSettings));
export const openChatNotifications = opens(() =>
  import("./ChatNotifications.js").then((module) => module.ChatNotifications),
);
export const openInvite = opens(() => import("./InviteDialog.js").then((module) => module.InviteDialog));
export const openNewChannel = opens(() => import("./NewChannel.js").then((module) => module.NewChannel));
export const openNewConversation = opens(() => import("./NewConversation.js").then((module) => module.NewConversation));
export const openNewWorkspace = opens(() => import("./NewWorkspace.js").then((module) => module.NewWorkspace));
export const openReport = opens(() => import("./ReportDialog.js").then((module) => module.ReportDialog));
export const openSwitcher = opens(() => import("./QuickSwitcher.js").then((module) => module.QuickSwitcher));
