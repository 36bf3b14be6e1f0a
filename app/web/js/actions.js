/**
 * What components call: one function for each thing that a person can do or look at.
 */

export * from "./actions/account.js";
export * from "./actions/chats.js";
export * from "./actions/history.js";
export * from "./actions/messages.js";
export * from "./actions/moderation.js";
export * from "./actions/notifications.js";
export * from "./actions/workspaces.js";
export { discard, retry, send } from "./outgoing.js";
