/**
 * What the client itself has learned: lists it fetched, answers to what it asked for.
 */

import { putBrowsed } from "./channels.js";
import { dropChat, putChat, table } from "./chats.js";
import { forget } from "./stale.js";
import { merged, put } from "./tables.js";
import { dropWorkspace, putWorkspace } from "./workspaces.js";

/** @typedef {import("../types").State} State */
/** @typedef {import("../types").Chat} Chat */
/** @typedef {import("../types").Workspace} Workspace */
/** @typedef {import("../types").Person} Person */

/** @type {State} */
export const BEGINNING = {
  me: null,
  ready: false,
  workspaces: { byId: {}, order: [] },
  chats: { byId: {}, order: [] },
  users: { byId: {} },
  members: {},
  chatMembers: {},
  channels: {},
  messages: {},
  quoted: {},
  muted: {},
  typing: {},
  presence: {},
  stream: {},
  connection: "connecting",
  stale: { round: 0, chats: {}, workspaces: {} },
};

/**
 * The lists afresh. Of histories only those named in `keep` stay: events may be missing in them, so they are fetched
 * again. Members and channels that were looked at are fetched when they are looked at again.
 * @param {State} state
 * @param {{me: number, workspaces: Workspace[], chats: Chat[], keep?: number[]}} lists
 * @returns {State}
 */
function lists(state, { me, workspaces, chats, keep = [] }) {
  const kept = keep.filter((id) => state.messages[id]);
  return {
    ...BEGINNING,
    stale: { ...BEGINNING.stale, round: state.stale.round },
    me,
    ready: true,
    workspaces: {
      byId: Object.fromEntries(workspaces.map((workspace) => [workspace.id, workspace])),
      order: workspaces.map((workspace) => workspace.id),
    },
    chats: table(chats),
    users: state.me === me ? state.users : BEGINNING.users,
    presence: state.presence,
    stream: state.stream,
    connection: state.connection,
    muted: state.me === me ? state.muted : BEGINNING.muted,
    messages: Object.fromEntries(kept.map((id) => [id, /** @type {any} */ (state.messages[id])])),
  };
}

/** @param {State} state @param {{chat: Chat}} word @returns {State} */
function chat(state, { chat }) {
  const old = state.chats.byId[chat.id];
  const next = putBrowsed(state, chat);
  if (chat.role === null) return old ? dropChat(next, chat.id) : next;
  if (!old) return putChat(next, chat);
  return putChat(
    next,
    merged(old, {
      ...chat,
      last_seq: Math.max(old.last_seq, chat.last_seq),
      last_read_seq: Math.max(old.last_read_seq, chat.last_read_seq),
      last_message: chat.last_seq >= old.last_seq ? chat.last_message : old.last_message,
    }),
  );
}

/** @param {State} state @param {{id: number}} word */
function chatGone(state, { id }) {
  return forget(dropChat(state, id), "chats", id);
}

/** @param {State} state @param {{workspace: Workspace}} word */
function workspace(state, { workspace }) {
  const old = state.workspaces.byId[workspace.id];
  return putWorkspace(state, old ? merged(old, workspace) : workspace);
}

/** @param {State} state @param {{id: number}} word */
function workspaceGone(state, { id }) {
  return dropWorkspace(state, id);
}

/** @param {State} state @param {{people: Person[]}} word @returns {State} */
function users(state, { people }) {
  let byId = state.users.byId;
  for (const { id, name, email, avatar_url } of people) {
    const old = byId[id];
    const news = { id, name, email, avatar_url };
    const next = old ? merged(old, news) : news;
    if (next !== old) byId = byId === state.users.byId ? { ...byId, [id]: next } : Object.assign(byId, { [id]: next });
  }
  return byId === state.users.byId ? state : { ...state, users: { byId } };
}

/** @param {State} state @param {{chatId: number}} word */
function closed(state, { chatId }) {
  return put(state, "messages", chatId, undefined);
}

/** @param {State} state @param {{chats: {chat_id: number, level: string}[]}} word @returns {State} */
function levels(state, { chats }) {
  const quiet = chats.filter(({ level }) => level === "nothing");
  return { ...state, muted: Object.fromEntries(quiet.map(({ chat_id }) => [chat_id, true])) };
}

/** @param {State} state @param {{chatId: number, level: string}} word */
function level(state, { chatId, level }) {
  return put(state, "muted", chatId, level === "nothing" ? true : undefined);
}

export const local = {
  "local.lists": lists,
  "local.chat": chat,
  "local.chatGone": chatGone,
  "local.workspace": workspace,
  "local.workspaceGone": workspaceGone,
  "local.users": users,
  "local.closed": closed,
  "local.levels": levels,
  "local.level": level,
  "local.signedOut": () => BEGINNING,
};
