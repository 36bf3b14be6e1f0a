/** Reads new messages of others out to who cannot see them come, and nothing that is merely scrolled to. */
import { html, useEffect, useRef, useState } from "../html.js";
import { oneLine } from "../format.js";
import { users } from "../parts.js";

/** @typedef {import("../rows.js").Message} Message */

const MOST = 3;

/** Milliseconds for which a message waits for the name of its sender, which is being asked for. */
const PATIENCE = 3000;

/** Who is not known by a name is called nothing. @param {Message} message @param {string | null} [name] */
export const spoken = ({ content }, name) => `${name ? `${name}: ` : ""}${oneLine(content ?? "")}`;

/** @param {{items: Message[], me: number}} props */
export function Announcer({ items, me }) {
  const [said, setSaid] = useState(/** @type {{seq: number, words: string}[]} */ ([]));
  const [waiting, setWaiting] = useState(/** @type {Message[]} */ ([]));
  const last = items[items.length - 1]?.seq ?? 0;
  const upTo = useRef(last);
  useEffect(() => {
    if (last <= upTo.current) return;
    const fresh = items
      .slice(-MOST)
      .filter((message) => message.seq > upTo.current && message.sender_id !== me && message.content !== null);
    upTo.current = last;
    if (fresh.length > 0) setWaiting((before) => [...before, ...fresh].slice(-MOST));
  }, [last]);

  const since = useRef(0);
  const isKnown = waiting.every(({ sender_id: id }) => users.value[id]);
  useEffect(() => {
    if (waiting.length === 0) return void (since.current = 0);
    since.current ||= Date.now();
    const speak = () => {
      const words = (/** @type {Message} */ message) => spoken(message, users.peek()[message.sender_id]?.name);
      setSaid(waiting.map((message) => ({ seq: message.seq, words: words(message) })));
      setWaiting((now) => now.filter((message) => !waiting.includes(message)));
    };
    if (isKnown) return speak();
    const timer = setTimeout(speak, since.current + PATIENCE - Date.now());
    return () => clearTimeout(timer);
  }, [waiting, isKnown]);
  return html`<div class="hidden" aria-live="polite">
    ${said.map(({ seq, words }) => html`<p key=${seq}>${words}</p>`)}
  </div>`;
}
