/** What is new in a conversation, and how far it has been read. */
import { useEffect, useRef, useState } from "../html.js";
import { markRead } from "../actions.js";

/** Milliseconds between two looks at how far it is: messages may come by the dozen. */
const PACE = 200;

/**
 * Where the new began when the chat was opened; and again where it begins with what comes while nobody looks. Who
 * answers has read it.
 * @param {any} chat @param {import("../rows.js").Message[]} messages @param {number} me
 */
export function useNewLine(chat, messages, me) {
  const [newFrom, setNewFrom] = useState(
    /** @type {number | null} */ (chat.unread_count > 0 ? chat.last_read_seq + 1 : null),
  );
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const onAway = () => {
      if (!document.hasFocus() || document.hidden) setNewFrom(null);
    };
    addEventListener("blur", onAway);
    return () => removeEventListener("blur", onAway);
  }, []);
  useEffect(() => {
    if (newFrom !== null || chat.unread_count <= 0 || document.hasFocus()) return;
    setNewFrom(chat.last_read_seq + 1);
    setSeen(false);
  }, [chat.last_seq]);
  useEffect(() => {
    if (newFrom !== null && messages.some(({ seq, sender_id }) => seq >= newFrom && sender_id === me)) setNewFrom(null);
  }, [messages]);
  return { newFrom, isSeen, seen: () => setSeen(true) };
}

/**
 * Says when the line before the new comes into view, and how far has been read. Draws nothing, and is alone in being
 * woken by scrolling.
 * @param {{chat: any, items: import("../rows.js").Row[], newFrom: number | null, onLine: () => void,
 * view: import("@preact/signals").ReadonlySignal<import("../virtual.js").View>}} props
 */
export function Reading({ chat, items, view, newFrom, onLine }) {
  const { first, last } = view.value;
  useReading(chat, items, view.value);
  const line = newFrom === null ? -1 : items.findIndex((row) => row.kind === "new");
  const isLineSeen = line >= first && line <= last;
  useEffect(() => {
    if (isLineSeen) onLine();
  }, [isLineSeen]);
  return null;
}

/**
 * Moves the read pointer to the last message that is seen while somebody looks.
 * @param {any} chat @param {import("../rows.js").Row[]} items @param {import("../virtual.js").View} view
 */
function useReading(chat, items, view) {
  const now = useRef({ chat, items, view });
  const timer = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined));
  now.current = { chat, items, view };
  const read = useRef(() => {
    timer.current = undefined;
    if (document.hidden || !document.hasFocus()) return;
    const { chat, items, view } = now.current;
    const row = items.slice(view.first, view.last + 1).findLast(({ kind }) => kind === "message");
    if (row?.kind === "message" && row.message.seq > chat.last_read_seq) markRead(chat.id, row.message.seq);
  }).current;
  useEffect(() => {
    if (chat.unread_count > 0) timer.current ??= setTimeout(read, PACE);
  }, [chat, items, view.first, view.last]);
  useEffect(() => {
    addEventListener("focus", read);
    document.addEventListener("visibilitychange", read);
    return () => {
      clearTimeout(timer.current);
      removeEventListener("focus", read);
      document.removeEventListener("visibilitychange", read);
    };
  }, []);
}
