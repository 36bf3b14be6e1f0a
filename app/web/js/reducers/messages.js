/**
 * Messages: what is loaded of a chat's history, the newest in the list of chats, and those that are quoted.
 */

import { putChat } from "./chats.js";
import { merged, put, without } from "./tables.js";

/** @typedef {import("../types").State} State */
/** @typedef {import("../types").AnyEvent} AnyEvent */
/** @typedef {import("../types").Message} Message */
/** @typedef {import("../types").History} History */

/** How many are kept of a chat, when it is on screen and when it is not; a fifth more before the oldest go. */
const MOST = 5000;
const MOST_ASIDE = 200;

/** @type {History} */
export const EMPTY = { items: [], hasMore: true, hasMoreAfter: false, loading: false, isThere: false, most: MOST };

/** Which of two states of one message is the later; nothing comes behind its end. @param {Message} one @param {Message} other */
function later(one, other) {
  if (other.deleted_at) return other;
  if (one.deleted_at) return one;
  return (other.edited_at ?? "") > (one.edited_at ?? "") ? other : one;
}

/**
 * Two ascending runs as one; of a message in both the later state counts.
 * @param {Message[]} old
 * @param {Message[]} news
 */
export function joined(old, news) {
  if (!news.length) return old;
  const last = old.at(-1);
  if (!last || /** @type {Message} */ (news[0]).seq > last.seq) return [...old, ...news];
  const bySeq = new Map(old.map((message) => [message.seq, message]));
  for (const message of news) {
    const known = bySeq.get(message.seq);
    bySeq.set(message.seq, known ? later(known, message) : message);
  }
  return [...bySeq.values()].sort((one, other) => one.seq - other.seq);
}

/** @param {Message[]} items @param {number} seq by halving: they ascend */
export function indexOf(items, seq) {
  let low = 0;
  let high = items.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = /** @type {Message} */ (items[middle]).seq;
    if (at === seq) return middle;
    if (at < seq) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** @param {State} state @param {Message} message @returns {State} */
function replaced(state, message) {
  let next = state;
  const history = state.messages[message.chat_id];
  const at = history ? indexOf(history.items, message.seq) : -1;
  if (history && at >= 0) {
    const old = /** @type {Message} */ (history.items[at]);
    const news = merged(old, later(old, message));
    if (news !== old) next = put(next, "messages", message.chat_id, { ...history, items: history.items.with(at, news) });
  }
  const quoted = state.quoted[message.id];
  if (quoted) next = put(next, "quoted", message.id, merged(quoted, later(quoted, message)));
  return next;
}

/** One that is behind all that is loaded, unless something between is missing. @param {State} state @param {Message} message */
function appended(state, message) {
  const history = state.messages[message.chat_id];
  if (!history || history.hasMoreAfter) return state;
  const newest = history.items.at(-1)?.seq;
  if (newest !== undefined && message.seq <= newest) return replaced(state, message);
  // Of a chat that is just being fetched the first may be any: the page that comes is put before it.
  const fits = message.seq === (newest ?? 0) + 1 || (newest === undefined && history.loading);
  if (!fits) return put(state, "messages", message.chat_id, { ...history, hasMoreAfter: true });
  return put(state, "messages", message.chat_id, trimmed({ ...history, items: [...history.items, message] }, 1.2));
}

/** @param {History} history @param {number} slack @returns {History} */
function trimmed(history, slack) {
  const { items, most } = history;
  return items.length <= most * slack ? history : { ...history, items: items.slice(-most), hasMore: true };
}

/** @param {State} state @param {{message: Message}} event @returns {State} */
export function created(state, { message }) {
  let next = appended(state, message);
  const typing = next.typing[message.chat_id];
  if (typing?.[message.sender_id]) next = put(next, "typing", message.chat_id, without(typing, message.sender_id));
  const chat = next.chats.byId[message.chat_id];
  if (!chat) return next;
  const isNewest = message.seq >= (chat.last_message?.seq ?? 0);
  const same = isNewest && chat.last_message?.seq === message.seq ? later(chat.last_message, message) : message;
  return putChat(
    next,
    merged(chat, {
      last_seq: Math.max(chat.last_seq, message.seq),
      last_read_seq: message.sender_id === state.me ? Math.max(chat.last_read_seq, message.seq) : chat.last_read_seq,
      last_message: isNewest ? same : chat.last_message,
    }),
  );
}

/** @param {State} state @param {AnyEvent} event */
function changed(state, { message }) {
  const next = replaced(state, message);
  const chat = next.chats.byId[message.chat_id];
  const newest = chat?.last_message;
  if (!chat || !newest || newest.id !== message.id) return next;
  return putChat(next, merged(chat, { last_message: merged(newest, later(newest, message)) }));
}

/** @typedef {{items: Message[], has_more_before: boolean, has_more_after: boolean}} Page */

/**
 * A page of history. `replace`: of what was loaded before only that stays which the page is about, or leads up to.
 * @param {State} state
 * @param {{chatId: number, page: Page, mode: "replace" | "before" | "after"}} word
 * @returns {State}
 */
function page(state, { chatId, page, mode }) {
  const old = state.messages[chatId];
  if (!old) return state;
  if (mode === "before") {
    const news = { items: joined(page.items, old.items), hasMore: page.has_more_before, loading: false };
    return put(state, "messages", chatId, { ...old, ...news, most: Math.max(old.most, news.items.length) });
  }
  const items = mode === "after" ? joined(old.items, page.items) : joined(page.items, follows(page, old.items));
  // What came while the page was on its way is in neither, where more was behind what was loaded.
  const newest = Math.max(state.chats.byId[chatId]?.last_seq ?? 0, page.items.at(-1)?.seq ?? 0);
  const hasMoreAfter = page.has_more_after || (items.at(-1)?.seq ?? 0) < newest;
  const hasMore = mode === "after" ? old.hasMore : page.has_more_before;
  return put(state, "messages", chatId, { ...old, items, hasMore, hasMoreAfter, loading: false, isThere: true });
}

/** Of what was loaded, what a page has too or what follows on it without a hole. @param {Page} page @param {Message[]} items */
function follows({ items: [first, ...rest] }, items) {
  if (!first) return items[0]?.seq === 1 ? items : [];
  let end = rest.at(-1)?.seq ?? first.seq;
  return items.filter(({ seq }) => {
    if (seq === end + 1) end = seq;
    return first.seq <= seq && seq <= end;
  });
}

/** @param {State} state @param {{chatId: number, loading: boolean}} word @returns {State} */
function loading(state, { chatId, loading }) {
  return put(state, "messages", chatId, merged(state.messages[chatId] ?? EMPTY, { loading }));
}

/** On screen or not any more. @param {State} state @param {{chatId: number, isOpen: boolean}} word @returns {State} */
function shown(state, { chatId, isOpen }) {
  const history = state.messages[chatId];
  if (!history) return state;
  const most = isOpen ? MOST : MOST_ASIDE;
  // What was in the middle of a long history is of no use later.
  if (!isOpen && history.hasMoreAfter) return put(state, "messages", chatId, undefined);
  return put(state, "messages", chatId, trimmed(merged(history, { most }), 1));
}

/** @param {State} state @param {{id: number, message: Message | null}} word @returns {State} */
function quoted(state, { id, message }) {
  return put(state, "quoted", id, message);
}

export const messages = {
  "message.created": created,
  "message.updated": changed,
  "message.deleted": changed,
  "local.posted": created,
  "local.changed": changed,
  "local.page": page,
  "local.loading": loading,
  "local.shown": shown,
  "local.quoted": quoted,
};
