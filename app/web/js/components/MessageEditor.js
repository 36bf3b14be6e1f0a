/** A message of one's own being changed, in its place. */
import { html, useEffect, useRef, useState } from "../html.js";
import { edit } from "../actions.js";
import { codePoints } from "../format.js";
import { t } from "../i18n.js";
import { editing } from "../ui.js";
import { Button } from "./Button.js";
import { FormError, useSending } from "./Form.js";
import { focusComposer } from "./messageActions.js";
import { MOST, grow } from "./typingArea.js";

/** @param {{message: import("../rows.js").Message, chatId: number}} props */
export function MessageEditor({ message, chatId }) {
  const [text, setText] = useState(message.content ?? "");
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const sending = useSending();
  useEffect(() => {
    area.current?.focus();
    area.current?.setSelectionRange(text.length, text.length);
    grow(area.current);
  }, []);
  const close = () => {
    editing.value = null;
    focusComposer(chatId);
  };
  const isGood = text.trim() !== "" && codePoints(text) <= MOST;
  const save = async () => {
    if (!isGood) return;
    if (text === message.content || (await sending.run(() => edit(message.id, text)))) close();
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    event.stopPropagation();
    if (event.key === "Escape") close();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    save();
  };
  const onInput = (/** @type {any} */ event) => {
    setText(event.target.value);
    grow(area.current);
  };
  return html`<div class="editor">
    <textarea
      ref=${area}
      class="input"
      rows="1"
      dir="auto"
      aria-label=${t("message.edit.label")}
      value=${text}
      onInput=${onInput}
      onKeyDown=${onKey}
    ></textarea>
    <${FormError} error=${sending.error} />
    <div class="line wrap">
      <${Button} kind="main" busy=${sending.busy} disabled=${!isGood} onClick=${save}>${t("save")}<//>
      <${Button} onClick=${close}>${t("cancel")}<//>
      <span class="small soft keys">${t("message.edit.keys")}</span>
    </div>
  </div>`;
}
