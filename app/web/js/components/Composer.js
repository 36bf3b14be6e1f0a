/** Where messages are written. What is not sent stays with its chat. */
import { html, useEffect, useRef, useState } from "../html.js";
import { send, typing, typingIsOver } from "../actions.js";
import { draftOf, keepDraft } from "../drafts.js";
import { codePoints, lengthOf, number, oneLine } from "../format.js";
import { t } from "../i18n.js";
import { mayI, messagesOf } from "../selectors.js";
import { me } from "../parts.js";
import { isTouch, replyTo, replying } from "../ui.js";
import { IconButton } from "./Button.js";
import { Icon } from "./icons.js";
import { editLastOwn } from "./Message.js";
import { QuotedText } from "./Quote.js";
import { MOST, grow, mark } from "./typingArea.js";

/** From so many characters on they are counted. */
const NEARLY = MOST - 500;

/** @typedef {import("./MessageList.js").Owner} Owner */

/** @param {{chat: any, name: string, controls: Owner}} props */
export function Composer({ chat, name, controls }) {
  if (chat.type.endsWith("_channel") && chat.role === null) return null;
  if (!mayI("post", chat))
    return html`<div class="composer-place"><p class="composer-note">${t("composer.read_only")}</p></div>`;
  return html`<${Writing} key=${chat.id} chat=${chat} name=${name} controls=${controls} />`;
}

/** @param {{chat: any, name: string, controls: Owner}} props */
function Writing({ chat, name, controls }) {
  const [text, setText] = useState(draftOf(me.peek(), chat.id));
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const reply = replying.value[chat.id];
  const length = text.length > NEARLY / 2 ? codePoints(text) : text.length;
  const isGood = text.trim() !== "" && length <= MOST;

  useEffect(() => grow(area.current), [text]);
  useEffect(() => {
    if (!isTouch()) area.current?.focus();
  }, []);

  const take = (/** @type {string} */ value) => {
    setText(value);
    keepDraft(me.peek(), chat.id, value);
  };
  const onInput = (/** @type {any} */ event) => {
    take(event.target.value);
    if (event.target.value.trim()) typing(chat.id);
  };
  const submit = () => {
    if (!isGood) return;
    send(chat.id, text, { replyTo: reply?.id });
    typingIsOver(chat.id);
    take("");
    if (reply) replyTo(chat.id, null);
    controls.toEnd?.();
    area.current?.focus();
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.isComposing || !area.current || mark(event, area.current)) return;
    if (event.key === "Enter" && !event.shiftKey && !isTouch()) {
      event.preventDefault();
      submit();
    } else if (event.key === "ArrowUp" && text === "") {
      const message = editLastOwn(messagesOf(chat.id)?.items ?? [], me.peek());
      if (!message) return;
      event.preventDefault();
      controls.toMessage?.(message);
    } else if (event.key === "Escape" && reply) {
      event.preventDefault();
      replyTo(chat.id, null);
    }
  };
  const hint = `composer-hint-${chat.id}`;
  const isSlow = chat.slow_mode > 0 && !mayI("always_post", chat);
  return html`<form
    class="composer-place"
    onSubmit=${(/** @type {Event} */ event) => (event.preventDefault(), submit())}
  >
    <div class="composer">
      ${
        reply &&
        html`<div class="composer-bar">
          <${Icon} name="reply" /><span class="line grow"><${QuotedText} message=${reply} /></span>
          <${IconButton}
            icon="close"
            label=${t("composer.no_reply")}
            onClick=${() => (replyTo(chat.id, null), area.current?.focus())}
          />
        </div>`
      }
      <div class="composer-row">
        <textarea
          id=${`composer-${chat.id}`}
          ref=${area}
          rows="1"
          dir="auto"
          aria-label=${t("composer.label", { name })}
          aria-describedby=${hint}
          placeholder=${t("composer.label", { name: oneLine(name, 60) })}
          enterkeyhint=${isTouch() ? "enter" : "send"}
          value=${text}
          onInput=${onInput}
          onKeyDown=${onKey}
        ></textarea>
        <${IconButton} class="send" icon="send" label=${t("composer.send")} type="submit" disabled=${!isGood} />
      </div>
    </div>
    <div class="composer-foot" id=${hint}>
      <span class="keys">${t("composer.keys")}</span>
      <span class="cut">${isSlow && t("composer.slow_mode", { time: lengthOf(chat.slow_mode) })}</span>
      <span class=${length > MOST ? "over" : ""} aria-live="polite">${length > NEARLY && room(MOST - length)}</span>
    </div>
  </form>`;
}

/** How many more characters there is room for. @param {number} left */
const room = (left) =>
  left < 0
    ? t("composer.over", { count: -left, over: number(-left) })
    : t("composer.left", { count: left, left: number(left) });
