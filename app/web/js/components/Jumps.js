/** The ways to the new and to the latest, where these are not in view. */
import { html } from "../html.js";
import { number } from "../format.js";
import { t } from "../i18n.js";
import { IconButton } from "./Button.js";
import { Icon } from "./icons.js";

/** @typedef {import("@preact/signals").ReadonlySignal<import("../virtual.js").View>} View */

/**
 * @param {{items: import("../rows.js").Row[], view: View, newFrom: number | null, lastSeq: number, isSeen: boolean,
 * onJump: () => void, onDismiss: () => void}} props
 */
export function JumpToUnread({ items, view, newFrom, lastSeq, isSeen, onJump, onDismiss }) {
  if (newFrom === null || isSeen) return null;
  const from = view.value.first;
  const first = items.slice(from).find((row) => row.kind === "message");
  const place = items.findIndex((row) => row.kind === "new");
  const isAbove = place >= 0 ? place < from : first?.kind === "message" && first.message.seq > newFrom;
  if (!isAbove) return null;
  const count = lastSeq - newFrom + 1;
  return html`<div class="float top">
    <button type="button" class="pill new" onClick=${onJump}>
      <${Icon} name="up" />${t("messages.unread", { count, number: number(count) })}
    </button>
    <${IconButton} icon="close" label=${t("messages.unread.dismiss")} onClick=${onDismiss} />
  </div>`;
}

/** @param {{view: View, isMore: boolean, chat: any, onJump: () => void}} props `isMore` behind what is loaded */
export function JumpToLatest({ view, isMore, chat, onJump }) {
  if (view.value.atEnd && !isMore) return null;
  const count = chat.unread_count;
  return html`<div class="float bottom">
    <button type="button" class=${`pill ${count > 0 ? "new" : ""}`} onClick=${onJump}>
      <${Icon} name="down" />${count > 0 ? t("messages.below", { count, number: number(count) }) : t("messages.latest")}
    </button>
  </div>`;
}
