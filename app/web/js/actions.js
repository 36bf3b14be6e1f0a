/**
 * What components call: one function for each thing that a person can do or look at. What belongs to the settings and to
 * moderation is in `account.js`, `notifications.js` and `moderation.js` of `actions/`, and loaded with those screens.
 */

export * from "./actions/chats.js";
export * from "./actions/history.js";
export * from "./actions/messages.js";
export * from "./actions/workspaces.js";
export { discard, retry, send } from "./outgoing.js";
