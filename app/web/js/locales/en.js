/** English: what there is a text for in every language. */
import account from "./en/account.js";
import acts from "./en/acts.js";
import chat from "./en/chat.js";
import errors from "./en/errors.js";
import places from "./en/places.js";

/** @type {import("../i18n.js").Catalogue} */
export default { ...account, ...acts, ...chat, ...errors, ...places };
