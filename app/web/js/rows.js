/**
 * The rows of a conversation: messages with what stands between them. Those that are as before are the same objects.
 */
import { dayNumber } from "./format.js";

/**
 * @typedef {{id: number, chat_id: number, seq: number, sender_id: number, content: string | null,
 * client_id: string | null, reply_to: number | null, created_at: string, edited_at: string | null, deleted_at:
 * string | null}} Message
 */

/**
 * @typedef {{kind: "message", key: string, message: Message, first: boolean}} MessageRow `first` of those in a row by
 * one person: with name and picture
 * @typedef {{kind: "pending", key: string, pending: any, first: boolean}} PendingRow
 * @typedef {{kind: "day", key: string, at: string} | {kind: "new", key: string} | {kind: "beginning",
 * key: string} | {kind: "more", key: string}} Between
 * @typedef {MessageRow | PendingRow | Between} Row
 */

/** After such a pause a name stands again. */
const PAUSE = 5 * 60_000;

/** One's own message keeps the key that it had while it was pending. @param {Message} message @param {number} me */
export const keyOfMessage = (message, me) =>
  message.sender_id === me && message.client_id ? `c${message.client_id}` : `m${message.id}`;

/** @param {Row} row */
export const keyOf = (row) => row.key;

/** Days and other lines move when older messages come in front; messages do not. @param {Row} row */
export const isStable = (row) => row.kind === "message" || row.kind === "pending";

/** Rows as high as such rows mostly are. @param {Row} row */
export function guess(row) {
  if (row.kind === "message" || row.kind === "pending") {
    const text = (row.kind === "message" ? row.message.content : row.pending.text) ?? "";
    return (row.first ? 34 : 6) + 22 * Math.min(30, Math.max(1, Math.ceil(text.length / 90)));
  }
  return { day: 44, new: 28, beginning: 110, more: 48 }[row.kind];
}

/**
 * @typedef {object} Told
 * @property {Message[]} messages ascending
 * @property {any[]} pending of this chat
 * @property {number} me
 * @property {boolean} hasMoreBefore
 * @property {boolean} hasMoreAfter
 * @property {number | null} newFrom the seq of the first message that was unread when the chat was opened
 */

/** Makes rows again and again, of which each time only those that changed are new. */
export class Rows {
  constructor() {
    /** @type {Message[]} */
    this.messages = [];
    /** The rows of the messages, and how many there are up to and with each. @type {Row[]} */
    this.rows = [];
    /** @type {number[]} */
    this.ends = [];
    this.basis = "";
  }

  /** @param {Told} told @returns {Row[]} */
  make({ messages, pending, me, hasMoreBefore, hasMoreAfter, newFrom }) {
    const basis = `${me} ${newFrom}`;
    const isSame = basis === this.basis;
    const same = isSame ? commonStart(this.messages, messages) : 0;
    const rows = this.rows.slice(0, same ? this.ends[same - 1] : 0);
    const ends = this.ends.slice(0, same);
    // The first of those that both end with may have another before it.
    const kept = Math.max(0, (isSame ? commonEnd(this.messages, messages, same) : 0) - 1);
    for (let i = same; i < messages.length - kept; i++) {
      this.add(rows, /** @type {Message} */ (messages[i]), messages[i - 1], me, newFrom);
      ends.push(rows.length);
    }
    if (kept) {
      const first = this.messages.length - kept;
      const place = /** @type {number} */ (this.ends[first - 1]);
      const shift = rows.length - place;
      for (let i = place; i < this.rows.length; i++) rows.push(/** @type {Row} */ (this.rows[i]));
      for (let i = first; i < this.ends.length; i++) ends.push(/** @type {number} */ (this.ends[i]) + shift);
    }
    Object.assign(this, { basis, messages, rows, ends });
    const start = /** @type {Between} */ (
      hasMoreBefore ? { kind: "more", key: "before" } : { kind: "beginning", key: "beginning" }
    );
    const end = /** @type {Between[]} */ (hasMoreAfter ? [{ kind: "more", key: "after" }] : []);
    return [start, ...rows, ...end, ...(hasMoreAfter ? [] : pendingRows(messages, pending, me))];
  }

  /**
   * @param {Row[]} rows
   * @param {Message} message
   * @param {Message | undefined} before
   * @param {number} me
   * @param {number | null} newFrom
   */
  add(rows, message, before, me, newFrom) {
    const day = dayNumber(new Date(message.created_at));
    const isNewDay = !before || dayNumber(new Date(before.created_at)) !== day;
    if (isNewDay) rows.push({ kind: "day", key: `d${day}`, at: message.created_at });
    const isNew = message.seq === newFrom;
    if (isNew) rows.push({ kind: "new", key: "new" });
    const first =
      isNewDay || isNew || !continues(before, message.sender_id, message.created_at) || message.reply_to !== null;
    rows.push({ kind: "message", key: keyOfMessage(message, me), message, first });
  }
}

/** @param {Message | undefined} before @param {number} senderId @param {string} at */
function continues(before, senderId, at) {
  return (
    before !== undefined && before.sender_id === senderId && Date.parse(at) - Date.parse(before.created_at) < PAUSE
  );
}

/** @param {Message[]} messages @param {any[]} pending @param {number} me @returns {PendingRow[]} */
function pendingRows(messages, pending, me) {
  const last = messages[messages.length - 1];
  return pending.map((item, i) => ({
    kind: "pending",
    key: `c${item.clientId}`,
    pending: item,
    first: Boolean(item.replyTo) || (i === 0 && !continues(last, me, item.createdAt)),
  }));
}

/** How many the two begin with in common. @param {unknown[]} a @param {unknown[]} b */
function commonStart(a, b) {
  const most = Math.min(a.length, b.length);
  let same = 0;
  while (same < most && a[same] === b[same]) same++;
  return same;
}

/**
 * How many the two end with in common, behind so many.
 * @param {unknown[]} a @param {unknown[]} b @param {number} start
 */
function commonEnd(a, b, start) {
  const most = Math.min(a.length, b.length) - start;
  let same = 0;
  while (same < most && a[a.length - 1 - same] === b[b.length - 1 - same]) same++;
  return same;
}
