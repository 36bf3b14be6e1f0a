/** The text of a message: as it is where nothing in it is Markdown, and large where it is emoji alone. */
import { html } from "../html.js";
import { isOnlyEmoji } from "../format.js";
import { isPlain } from "../markdown.js";
import { messageHtml } from "../trusted.js";
import { memo } from "./memo.js";

export const MessageText = memo((/** @type {{text: string}} */ { text }) => {
  if (isOnlyEmoji(text)) return html`<div key="emoji" class="text emoji" dir="auto">${text}</div>`;
  if (isPlain(text)) return html`<div key="plain" class="text plain" dir="auto">${text}</div>`;
  return html`<div key="set" class="text" dir="auto" dangerouslySetInnerHTML=${{ __html: messageHtml(text) }}></div>`;
});
