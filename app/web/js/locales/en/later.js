/** English: what the screens and dialogs say that are loaded when they are first opened. */
import acts from "./acts.js";
import dialogs from "./dialogs.js";
import settings from "./settings.js";
import workspaces from "./workspaces.js";

/** @type {import("../../i18n.js").Catalogue} */
export default { ...acts, ...dialogs, ...settings, ...workspaces };
