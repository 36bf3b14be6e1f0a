/** English: what is said before anything else has been loaded. */
import account from "./en/account.js";
import chat from "./en/chat.js";
import errors from "./en/errors.js";
import places from "./en/places.js";

/** @type {import("../i18n.js").Catalogue} */
export default { ...account, ...chat, ...errors, ...places };
