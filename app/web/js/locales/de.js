/** German. */
import account from "./de/account.js";
import acts from "./de/acts.js";
import chat from "./de/chat.js";
import errors from "./de/errors.js";
import places from "./de/places.js";

/** @type {import("../i18n.js").Catalogue} */
export default { ...account, ...acts, ...chat, ...errors, ...places };
