/** The conversation: what has been said, where the new begins, and how to get to either end of it. */
import { html, useCallback, useEffect, useMemo, useRef, useSignal, useState } from "../html.js";
import { loadAround, loadLatest, loadNewer, loadOlder, openChat } from "../actions.js";
import { dayOf } from "../format.js";
import { t } from "../i18n.js";
import { pending } from "../outgoing.js";
import { Rows, guess, isStable, keyOf, keyOfMessage } from "../rows.js";
import { hasFailed, messagesOf } from "../selectors.js";
import { me, users } from "../parts.js";
import { go } from "../router.js";
import { editing, jumps } from "../ui.js";
import { Announcer } from "./Announcer.js";
import { Beginning } from "./Beginning.js";
import { Button } from "./Button.js";
import { EmptyState } from "./EmptyState.js";
import { Loading, Spinner } from "./Spinner.js";
import { attempt } from "./Toasts.js";
import { MessageRow } from "./Message.js";
import { PendingMessage } from "./PendingMessage.js";
import { JumpToLatest, JumpToUnread } from "./Jumps.js";
import { goThrough } from "./messageKeys.js";
import { Reading, useNewLine } from "./reading.js";
import { VirtualList } from "./VirtualList.js";

const FLASH = 1700;

/** Milliseconds before a page that could not be had is asked for again. */
const PAUSE = 3000;

/** @typedef {{toEnd?: () => void, toMessage?: (message: any) => void}} Owner */

/**
 * @param {{chat: any, goal: number | null, controls: Owner}} props `goal` is a message to show, by its
 * id; `controls` is filled in for the owner
 */
export function MessageList({ chat, goal, controls }) {
  const loaded = messagesOf(chat.id);
  if (!loaded && hasFailed(chat.id)) return html`<${Failed} again=${() => attempt(() => openChat(chat.id, goal ?? undefined))} />`;
  if (!loaded) return html`<div class="messages"><${Loading} /></div>`;
  return html`<${Loaded} key=${chat.id} chat=${chat} loaded=${loaded} goal=${goal} owner=${controls} />`;
}

/** Why is said by a toast. @param {{again: () => void}} props */
const Failed = ({ again }) =>
  html`<div class="messages">
    <${EmptyState} icon="warning" title=${t("messages.failed")}
      ><${Button} icon="retry" onClick=${again}>${t("try_again")}<//><//
    >
  </div>`;

/** @param {{chat: any, loaded: any, goal: number | null, owner: Owner}} props */
function Loaded({ chat, loaded, goal, owner }) {
  const myId = me.value;
  const people = users.value;
  const rows = useRef(new Rows());
  const again = useRef(0);
  const controls = useRef(/** @type {import("../virtual.js").Controls} */ ({}));
  const view = useSignal(/** @type {import("../virtual.js").View} */ ({ first: 0, last: 0, atEnd: true }));
  const [flashed, setFlashed] = useState(/** @type {number | null} */ (null));
  const { newFrom, isSeen, seen } = useNewLine(chat, loaded.items, myId);
  const mine = pending.value.filter((item) => item.chatId === chat.id);
  const items = useMemo(
    () =>
      rows.current.make({
        messages: loaded.items,
        pending: mine,
        me: myId,
        hasMoreBefore: loaded.hasMore,
        hasMoreAfter: loaded.hasMoreAfter,
        newFrom,
      }),
    [loaded, pending.value, myId, newFrom],
  );

  const showMessage = useCallback(
    (/** @type {any} */ message, /** @type {boolean} */ flash) => {
      const isThere = controls.current.toKey?.(keyOfMessage(message, myId)) ?? false;
      if (isThere && flash) {
        setFlashed(message.id);
        setTimeout(() => setFlashed(null), FLASH);
      }
      return isThere;
    },
    [myId],
  );
  useGoal(chat.id, goal, loaded.items, showMessage);

  const more = (/** @type {boolean} */ isThere, /** @type {(chatId: number) => Promise<void>} */ load) => {
    if (!isThere || loaded.loading) return;
    const now = Date.now();
    if (now < again.current) return;
    again.current = now + PAUSE;
    load(chat.id).then(
      () => (again.current = 0),
      () => undefined,
    );
  };
  const toLatest = async () => {
    if (goal !== null) go(`/chats/${chat.id}`, { replace: true });
    if (loaded.hasMoreAfter) await attempt(() => loadLatest(chat.id));
    controls.current.toEnd?.();
  };
  owner.toEnd = toLatest;
  owner.toMessage = (message) => void showMessage(message, false);
  const toUnread = async () => {
    if (newFrom === null) return;
    if (!loaded.items.some((/** @type {any} */ message) => message.seq === newFrom))
      await attempt(() => loadAround(chat.id, { seq: newFrom }));
    requestAnimationFrame(() => controls.current.toKey?.("new", "top"));
    seen();
  };

  const render = (/** @type {import("../rows.js").Row} */ row) => {
    if (row.kind === "message") {
      const { message } = row;
      return html`<${MessageRow}
        message=${message}
        first=${row.first}
        sender=${people[message.sender_id]}
        chatId=${chat.id}
        isEditing=${editing.value === message.id}
        flash=${flashed === message.id}
      />`;
    }
    if (row.kind === "pending")
      return html`<${PendingMessage} pending=${row.pending} first=${row.first} sender=${people[myId]} />`;
    if (row.kind === "day") return html`<div class="day"><span>${dayOf(row.at)}</span></div>`;
    if (row.kind === "new") return html`<div class="new-line"><span>${t("messages.new")}</span></div>`;
    if (row.kind === "beginning") return html`<${Beginning} chat=${chat} />`;
    return html`<div class="more"><${Spinner} /></div>`;
  };
  return html`<div class="messages">
    <${Reading} chat=${chat} items=${items} view=${view} newFrom=${newFrom} onLine=${seen} />
    <${JumpToUnread}
      items=${items}
      view=${view}
      newFrom=${newFrom}
      lastSeq=${chat.last_seq}
      isSeen=${isSeen}
      onJump=${toUnread}
      onDismiss=${seen}
    />
    <${VirtualList}
      items=${items}
      keyOf=${keyOf}
      guess=${guess}
      isStable=${isStable}
      render=${render}
      controls=${controls.current}
      moreAfter=${loaded.hasMoreAfter}
      onView=${(/** @type {import("../virtual.js").View} */ now) => (view.value = now)}
      onNearStart=${() => more(loaded.hasMore, loadOlder)}
      onNearEnd=${() => more(loaded.hasMoreAfter, loadNewer)}
      attributes=${{ role: "log", "aria-live": "off", "aria-label": t("messages.label"), tabindex: 0, onKeyDown: goThrough }}
    />
    <${JumpToLatest} view=${view} isMore=${loaded.hasMoreAfter} chat=${chat} onJump=${toLatest} />
    <${Announcer} items=${loaded.items} me=${myId} />
  </div>`;
}

/**
 * Shows a message that was asked for by its address.
 * @param {number} chatId @param {number | null} goal @param {any[]} items
 * @param {(message: any, flash: boolean) => boolean} showMessage
 */
function useGoal(chatId, goal, items, showMessage) {
  const reached = useRef(/** @type {number | null} */ (null));
  const turn = jumps.value;
  useEffect(() => void (reached.current = null), [turn]);
  useEffect(() => {
    if (goal === null) reached.current = null;
    if (goal === null || reached.current === goal) return;
    const message = items.find((item) => item.id === goal);
    if (message && showMessage(message, true)) reached.current = goal;
  }, [chatId, goal, items, turn]);
}
