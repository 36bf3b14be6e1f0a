/** Reads new messages of others out to who cannot see them come, and nothing that is merely scrolled to. */
import { html, useEffect, useRef, useState } from "../html.js";
import { oneLine } from "../format.js";
import { t } from "../i18n.js";
import { users } from "../parts.js";

const MOST = 3;

/** @param {{items: import("../rows.js").Message[], me: number}} props */
export function Announcer({ items, me }) {
  const [said, setSaid] = useState(/** @type {string[]} */ ([]));
  const upTo = useRef(items[items.length - 1]?.seq ?? 0);
  const last = items[items.length - 1]?.seq ?? 0;
  useEffect(() => {
    if (last <= upTo.current) return;
    const fresh = items
      .slice(-MOST)
      .filter((message) => message.seq > upTo.current && message.sender_id !== me && message.content !== null);
    upTo.current = last;
    if (fresh.length === 0) return;
    setSaid(
      fresh.map(
        (message) =>
          `${users.peek()[message.sender_id]?.name ?? t("person.unknown")}: ${oneLine(message.content ?? "")}`,
      ),
    );
  }, [last]);
  return html`<div class="hidden" aria-live="polite">${said.map((line) => html`<p key=${line}>${line}</p>`)}</div>`;
}
