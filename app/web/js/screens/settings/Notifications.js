/** What this and one's other browsers tell of while nobody looks, and when they are to be quiet. */
import { html, useEffect, useState } from "../../html.js";
import {
  changeLevel,
  endSubscription,
  loadNotificationSettings,
  loadSubscriptions,
  pauseNotifications,
} from "../../actions/notifications.js";
import { Button } from "../../components/Button.js";
import { useChatName } from "../../components/ChatName.js";
import { FormError, useSending } from "../../components/Form.js";
import { Icon } from "../../components/icons.js";
import { Paged, usePaged } from "../../components/paged.js";
import { Loading } from "../../components/Spinner.js";
import { attempt } from "../../components/Toasts.js";
import { dateOf, momentOf } from "../../format.js";
import { t } from "../../i18n.js";
import * as push from "../../push.js";
import { chatOf } from "../../selectors.js";
import { Section } from "../Main.js";

const HOUR = 3_600_000;
const MORNING = 8;

export function Notifications() {
  const others = usePaged(loadSubscriptions);
  return html`<${ThisBrowser} onChange=${others.reload} />
    <${Pause} />
    <${Others} pages=${others} />`;
}

/** @param {{onChange: () => void}} props */
function ThisBrowser({ onChange }) {
  const [told, setTold] = useState(/** @type {push.PushState | null} */ (null));
  const sending = useSending();
  useEffect(() => void sending.run(async () => setTold(await push.state())), []);
  const toggle = () =>
    sending.run(async () => {
      setTold(await (told?.subscribed ? push.unsubscribe() : push.subscribe()));
      onChange();
    });
  return html`<${Section} title=${t("notifications.here")} text=${t("notifications.here.text")}>
    <${FormError} error=${sending.error} />
    ${!told && !sending.error && html`<${Loading} />`}
    ${
      told &&
      !told.supported &&
      html`<p class="note"><${Icon} name="info" /><span>${t("notifications.unsupported")}</span></p>`
    }
    ${
      told?.supported &&
      told.permission === "denied" &&
      html`<p class="note warn"><${Icon} name="bellOff" /><span>${t("notifications.denied")}</span></p>`
    }
    ${
      told?.supported &&
      told.permission !== "denied" &&
      html`<div class="line wrap">
        <${Button}
          kind=${told.subscribed ? "" : "main"}
          icon=${told.subscribed ? "bellOff" : "bell"}
          busy=${sending.busy}
          onClick=${toggle}
        >
          ${t(told.subscribed ? "notifications.turn_off" : "notifications.turn_on")}
        <//>
        ${told.subscribed && html`<span class="tag accent">${t("notifications.on")}</span>`}
      </div>`
    }
  <//>`;
}

/** @returns {[string, Date][]} */
function ends() {
  const now = new Date();
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, MORNING);
  const nextWeek = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 7, MORNING);
  return [
    ["pause.hour", new Date(now.getTime() + HOUR)],
    ["pause.tomorrow", tomorrow],
    ["pause.week", nextWeek],
  ];
}

function Pause() {
  const [told, setTold] = useState(/** @type {any} */ (null));
  const sending = useSending();
  useEffect(() => void sending.run(async () => setTold(await loadNotificationSettings())), []);
  const pause = (/** @type {Date | null} */ until) => () =>
    sending.run(async () => setTold(await pauseNotifications(until && until.toISOString())));
  const reset = (/** @type {number} */ chatId) =>
    attempt(async () => {
      await changeLevel(chatId, "default");
      setTold({ ...told, chats: told.chats.filter((/** @type {any} */ item) => item.chat_id !== chatId) });
    });
  const chats = (told?.chats ?? []).filter((/** @type {any} */ item) => chatOf(item.chat_id));
  return html`<${Section}
      title=${t("pause")}
      text=${told?.paused_until ? t("pause.until", { moment: momentOf(told.paused_until) }) : t("pause.text")}
    >
      <${FormError} error=${sending.error} />
      <div class="line wrap">
        ${
          told?.paused_until
            ? html`<${Button} kind="main" busy=${sending.busy} onClick=${pause(null)}>${t("pause.end")}<//>`
            : ends().map(
                ([key, until]) =>
                  html`<${Button} key=${key} disabled=${sending.busy} onClick=${pause(until)}>${t(key)}<//>`,
              )
        }
      </div>
    <//>
    ${
      chats.length > 0 &&
      html`<${Section} title=${t("levels")} text=${t("levels.text")}>
        <ul class="rows">
          ${chats.map(
            (/** @type {any} */ item) =>
              html`<${Level}
                key=${item.chat_id}
                chat=${chatOf(item.chat_id)}
                level=${item.level}
                onReset=${() => reset(item.chat_id)}
              />`,
          )}
        </ul>
      <//>`
    }`;
}

/** @param {{chat: any, level: string, onReset: () => void}} props */
function Level({ chat, level, onReset }) {
  return html`<li>
    <p class="grow" dir="auto">${useChatName(chat)}</p>
    <span class="tag">${t(`level.${level}`)}</span>
    <${Button} onClick=${onReset}>${t("levels.reset")}<//>
  </li>`;
}

/** @param {{pages: ReturnType<typeof usePaged>}} props */
function Others({ pages }) {
  const end = (/** @type {any} */ item) =>
    attempt(async () => {
      await endSubscription(item.id);
      pages.change((items) => items.filter((other) => other.id !== item.id));
    });
  const row = (/** @type {any} */ item) =>
    html`<li key=${item.id}>
      <div class="grow">
        <p dir="auto">
          ${item.device || t("session.unknown")}
          ${item.is_current && html`<span class="tag accent">${t("session.current")}</span>`}
        </p>
        <p class="soft small">${t("session.since", { moment: dateOf(item.created_at) })} · ${item.origin}</p>
      </div>
      ${!item.is_current && html`<${Button} onClick=${() => end(item)}>${t("notifications.turn_off")}<//>`}
    </li>`;
  return html`<${Section} title=${t("subscriptions")} text=${t("subscriptions.text")}>
    <${Paged} pages=${pages} row=${row} empty=${{ icon: "bell", title: t("subscriptions.none") }} />
  <//>`;
}
