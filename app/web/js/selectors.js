/**
 * What components read of the state. Each is a computed signal for each thing asked for: a component is drawn again when
 * that changes, and not when anything does.
 */

import { computed } from "@preact/signals";
import { presence } from "./parts.js";
import { wantPresence, wantUser } from "./people.js";
import { CHAT_RULES, WORKSPACE_RULES } from "./permissions.js";
import { route } from "./router.js";
import { state } from "./store.js";

/** @typedef {import("./types").State} State */
/** @typedef {import("./types").Chat} Chat */
/** @typedef {import("./types").Message} Message */
/** @typedef {import("./types").Workspace} Workspace */
/** @typedef {import("./types").Person} Person */
/** @typedef {import("./types").History} History */

/**
 * @template T
 * @param {(state: State, id: number) => T} select
 * @returns {(id: number) => T}
 */
const by = (select) => of(state, select);

/**
 * The same of a part of the state: there are as many of these as chats, and most words are about something else.
 * @template P, T
 * @param {import("@preact/signals").ReadonlySignal<P>} part
 * @param {(part: P, id: number) => T} select
 * @returns {(id: number) => T}
 */
function of(part, select) {
  /** @type {Map<number, import("@preact/signals").ReadonlySignal<T>>} */
  const known = new Map();
  return (id) => {
    let found = known.get(id);
    if (!found) {
      /** @type {T | undefined} */
      let last;
      found = computed(() => (last = kept(last, select(part.value, id))));
      known.set(id, found);
    }
    return found.value;
  };
}

/** A list that has the same items is the same list. @template T @param {T | undefined} old @param {T} news @returns {T} */
function kept(old, news) {
  if (!Array.isArray(old) || !Array.isArray(news) || old.length !== news.length) return news;
  return old.every((item, at) => item === news[at]) ? old : news;
}

const allChats = computed(() => state.value.chats.byId);

/** @type {(chatId: number) => Chat | undefined} */
export const chatOf = of(allChats, (byId, id) => byId[id]);

/** @type {(workspaceId: number) => Workspace | undefined} */
export const workspaceOf = by((state, id) => state.workspaces.byId[id]);

/** Newest activity first. @type {(workspaceId: number) => Chat[]} */
export const chatsOf = by((state, id) => {
  const { byId, order } = state.chats;
  return order.map((chatId) => /** @type {Chat} */ (byId[chatId])).filter((chat) => chat.workspace_id === id);
});

/** Of all chats of a workspace together. @type {(workspaceId: number) => number} */
export const unreadIn = by((state, id) => {
  let sum = 0;
  for (const chat of Object.values(state.chats.byId)) if (chat.workspace_id === id) sum += chat.unread_count;
  return sum;
});

const muted = computed(() => state.value.muted);

/** In all workspaces together, without the chats of which one wants to be told nothing. */
export const unreadInAll = computed(() => {
  let sum = 0;
  for (const chat of Object.values(allChats.value)) if (!muted.value[chat.id]) sum += chat.unread_count;
  return sum;
});

/** What is loaded of it; undefined until its first page is there. @type {(chatId: number) => History | undefined} */
export const messagesOf = by((state, id) => (state.messages[id]?.isThere ? state.messages[id] : undefined));

/** Whether its first page could not be had. @type {(chatId: number) => boolean} */
export const hasFailed = by((state, id) => {
  const history = state.messages[id];
  return history !== undefined && !history.isThere && !history.loading;
});

const alone = by((state, id) => state.quoted[id]);

/**
 * A message that another one answers, if it is loaded or was asked for by `quote`; null if it is not to be had,
 * undefined if that is not known.
 * @param {number} chatId
 * @param {number} id
 * @returns {Message | null | undefined}
 */
export function quotedOf(chatId, id) {
  return messagesOf(chatId)?.items.find((message) => message.id === id) ?? alone(id);
}

const knownUser = by((/** @type {State} */ state, /** @type {number} */ id) => state.users.byId[id]);

/** Asked for if it is not known yet; `name` is null of who is not to be known. @param {number} id @returns {Person | undefined} */
export function userOf(id) {
  const found = knownUser(id);
  if (!found) wantUser(id);
  return found;
}

/** Who is typing there, but oneself. @type {(chatId: number) => number[]} */
export const typingIn = by((state, id) => Object.keys(state.typing[id] ?? {}).map(Number));

/** Asked for if it is not known yet. @param {number | undefined} id */
export function presenceOf(id) {
  if (!id) return undefined;
  const found = presence.value[id];
  if (found === undefined) wantPresence(id);
  return found;
}

export const workspaces = computed(() => {
  const { byId, order } = state.value.workspaces;
  return order.map((id) => /** @type {Workspace} */ (byId[id]));
});

/** Whether workspaces and chats are there. */
export const isReady = computed(() => state.value.ready);

export const connection = computed(() => state.value.connection);

const chatInView = computed(() => route.value.params.chatId);

/** Whether it is the chat that the address names. @type {(chatId: number) => boolean} */
export const isInView = of(chatInView, (inView, id) => inView === id);

/** The one that the address names, or that of the chat it names; else the first. */
const workspaceInView = computed(() => {
  const { params } = route.value;
  const { workspaces, chats } = state.value;
  const id = params.workspaceId ?? chats.byId[params.chatId ?? 0]?.workspace_id ?? lastWorkspace;
  lastWorkspace = workspaces.byId[id ?? 0] ? id : workspaces.order[0];
  return lastWorkspace === undefined ? undefined : workspaces.byId[lastWorkspace];
});

export const currentWorkspace = () => workspaceInView.value;

/** @type {number | undefined} */
let lastWorkspace;

/** @param {Chat} chat */
function standing(chat) {
  return { type: chat.type, role: chat.role, workspaceRole: workspaceOf(chat.workspace_id)?.role ?? "guest" };
}

/**
 * Whether one may do that to a chat, a workspace or a message: the names are those of `permissions.js`, and `post` of
 * chats, `edit`, `delete`, `reply` and `report` of messages. `about` is what the rule asks for besides.
 * @param {string} action
 * @param {any} object
 * @param {string | {role?: string | null, target?: string | null, oneself?: boolean}} [about]
 * @returns {boolean}
 */
export function mayI(action, object, about = {}) {
  if (!object) return false;
  if ("seq" in object) return mayWithMessage(action, object);
  if (action === "post") return mayPost(object);
  const more = typeof about === "string" ? { role: about } : about;
  if ("type" in object && CHAT_RULES[action]) return CHAT_RULES[action](standing(object), more);
  const role = "type" in object ? workspaceOf(object.workspace_id)?.role : object.role;
  return role !== undefined && (WORKSPACE_RULES[action]?.(role, more) ?? false);
}

/** @param {Chat} chat */
function mayPost(chat) {
  return chat.role !== null && (!chat.read_only || mayI("always_post", chat));
}

/** @param {string} action @param {Message} message */
function mayWithMessage(action, message) {
  const chat = chatOf(message.chat_id);
  if (!chat || message.deleted_at) return false;
  const isMine = message.sender_id === state.value.me;
  switch (action) {
    case "edit":
      return isMine && mayPost(chat);
    case "delete":
      return isMine || mayI("delete_anothers_message", chat);
    case "reply":
      return mayPost(chat);
    case "report":
      return !isMine;
    default:
      return false;
  }
}
