/** One message: who, when, what; and what can be done with it when it is pointed at, focused or pressed long. */
import { html, useEffect, useRef, useState } from "../html.js";
import { momentOf, timeOf } from "../format.js";
import { t } from "../i18n.js";
import { editing } from "../ui.js";
import { Avatar } from "./Avatar.js";
import { IconButton } from "./Button.js";
import { Icon } from "./icons.js";
import { memo } from "./memo.js";
import { Menu } from "./Menu.js";
import { actionsFor } from "./messageActions.js";
import { MessageEditor } from "./MessageEditor.js";
import { MessageText } from "./MessageText.js";
import { Quote } from "./Quote.js";

const LONG_PRESS = 450;

/** @typedef {{id: number, name: string, avatar_url?: string | null}} Person */

/** @param {{at: string, sender: Person | undefined}} props */
export const MessageHead = ({ at, sender }) =>
  html`<div class="message-head">
    <span class="name cut" dir="auto">${sender?.name ?? t("person.unknown")}</span>
    <time datetime=${at} title=${momentOf(at)}>${timeOf(at)}</time>
  </div>`;

/**
 * For screen readers, where the name stands only above the first of several.
 * @param {{at: string, sender: Person | undefined}} props
 */
const HiddenHead = ({ at, sender }) =>
  html`<span class="hidden">${sender?.name ?? t("person.unknown")}, ${timeOf(at)}: </span>`;

/** @param {{at: string, first: boolean, sender: Person | undefined}} props */
export const MessageSide = ({ at, first, sender }) =>
  html`<div class="side" aria-hidden="true">
    ${first ? html`<${Avatar} person=${sender} />` : html`<time datetime=${at}>${timeOf(at)}</time>`}
  </div>`;

/**
 * @param {{message: import("../rows.js").Message, first: boolean, sender?: Person, chatId: number,
 * isEditing: boolean, flash: boolean}} props
 */
function MessageOf({ message, first, sender, chatId, isEditing, flash }) {
  const [active, setActive] = useState(false);
  const [menuOpen, setMenuOpen] = useState(false);
  const row = useRef(/** @type {HTMLElement | null} */ (null));
  const press = useLongPress(() => {
    setActive(true);
    row.current?.focus();
  });
  const onLeave = (/** @type {any} */ event) => {
    if (menuOpen || row.current?.contains(event.relatedTarget) || row.current?.matches(":focus-within")) return;
    setActive(false);
  };
  const onBlur = (/** @type {any} */ event) => {
    if (!menuOpen && !row.current?.contains(event.relatedTarget)) setActive(false);
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.target !== row.current || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key === "Backspace" ? "Delete" : event.key;
    const found = actionsFor(message).find((action) => action.key === key);
    if (!found) return;
    event.preventDefault();
    found.act();
  };
  const tools = active && !isEditing && !message.deleted_at;
  return html`<div
    ref=${row}
    class=${`message ${first ? "first" : ""} ${menuOpen ? "menu-open" : ""} ${flash ? "flash" : ""}`}
    role="article"
    tabindex="-1"
    data-seq=${message.seq}
    onPointerEnter=${(/** @type {PointerEvent} */ event) => event.pointerType !== "touch" && setActive(true)}
    onPointerLeave=${onLeave}
    onFocusIn=${() => setActive(true)}
    onFocusOut=${onBlur}
    onKeyDown=${onKey}
    ...${press}
  >
    <${MessageSide} at=${message.created_at} first=${first} sender=${sender} />
    <div class="content">
      ${
        first
          ? html`<${MessageHead} at=${message.created_at} sender=${sender} />`
          : html`<${HiddenHead} at=${message.created_at} sender=${sender} />`
      }
      ${message.reply_to && !message.deleted_at && html`<${Quote} chatId=${chatId} messageId=${message.reply_to} />`}
      ${
        isEditing
          ? html`<${MessageEditor} message=${message} chatId=${chatId} />`
          : html`<${Body} message=${message} />`
      }
    </div>
    ${tools && html`<${Tools} actions=${actionsFor(message)} onMenu=${setMenuOpen} />`}
  </div>`;
}

export const MessageRow = memo(MessageOf);

/** @param {{message: import("../rows.js").Message}} props */
function Body({ message }) {
  if (message.deleted_at || message.content === null) return html`<p class="tombstone">${t("message.deleted")}</p>`;
  return html`<${MessageText} text=${message.content} />
    ${message.edited_at && html`<span class="edited" title=${momentOf(message.edited_at)}>${t("message.edited")}</span>`}`;
}

/** @param {{actions: import("./messageActions.js").MessageAction[], onMenu: (open: boolean) => void}} props */
function Tools({ actions, onMenu }) {
  return html`<div class="message-tools" role="toolbar" aria-label=${t("message.tools")}>
    ${actions
      .filter((action) => action.isQuick)
      .map((action) => html`<${IconButton} icon=${action.icon} label=${action.label} onClick=${action.act} />`)}
    <${Menu} class="icon-button" label=${t("message.more")} items=${actions} onToggle=${onMenu}
      ><${Icon} name="more"
    /><//>
  </div>`;
}

/** How far a finger may stray. */
const STRAY = 10;

/** Handlers of a touch that stays where it is. @param {() => void} act */
function useLongPress(act) {
  const timer = useRef(/** @type {any} */ (undefined));
  const from = useRef(/** @type {PointerEvent | null} */ (null));
  const stop = () => clearTimeout(timer.current);
  useEffect(() => stop, []);
  return {
    onPointerDown: (/** @type {PointerEvent} */ event) => {
      stop();
      from.current = event;
      if (event.pointerType === "touch") timer.current = setTimeout(act, LONG_PRESS);
    },
    onPointerMove: (/** @type {PointerEvent} */ event) => {
      const { clientX = 0, clientY = 0 } = from.current ?? {};
      if (Math.hypot(event.clientX - clientX, event.clientY - clientY) > STRAY) stop();
    },
    onPointerUp: stop,
    onPointerCancel: stop,
  };
}

/**
 * Opens the last of one's own messages for editing.
 * @param {import("../rows.js").Message[]} messages
 * @param {number} me
 */
export function editLastOwn(messages, me) {
  const last = messages.findLast((message) => message.sender_id === me && !message.deleted_at);
  if (last) editing.value = last.id;
  return last;
}
