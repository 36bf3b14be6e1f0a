/** German: the same texts, all of them at once. */
import account from "./de/account.js";
import acts from "./de/acts.js";
import chat from "./de/chat.js";
import dialogs from "./de/dialogs.js";
import errors from "./de/errors.js";
import places from "./de/places.js";
import settings from "./de/settings.js";
import workspaces from "./de/workspaces.js";

/** @type {import("../i18n.js").Catalogue} */
export default { ...account, ...acts, ...chat, ...dialogs, ...errors, ...places, ...settings, ...workspaces };
