/**
 * The text of a message: as it is where nothing in it is Markdown, and large where it is emoji alone. What sets Markdown
 * is loaded by the first message that has some; until then that is shown as it was written.
 */
import { html, signal } from "../html.js";
import { isOnlyEmoji } from "../format.js";
import { isPlain } from "../plain.js";
import { memo } from "./memo.js";

/** @type {import("@preact/signals").Signal<((text: string) => any) | null>} */
const set = signal(/** @type {any} */ (null));

/** @type {Promise<void> | null} */
let loading = null;

/** Also for when there is nothing else to do. */
export function loadMarkdown() {
  loading ??= import("../trusted.js").then(
    ({ messageHtml }) => void (set.value = messageHtml),
    () => void (loading = null),
  );
}

export const MessageText = memo((/** @type {{text: string}} */ { text }) => {
  if (isOnlyEmoji(text)) return html`<div key="emoji" class="text emoji" dir="auto">${text}</div>`;
  const isSet = !isPlain(text) && set.value !== null;
  if (isSet)
    return html`<div key="set" class="text" dir="auto" dangerouslySetInnerHTML=${{ __html: set.value?.(text) }}></div>`;
  if (!isPlain(text)) loadMarkdown();
  return html`<div key="plain" class="text plain" dir="auto">${text}</div>`;
});
