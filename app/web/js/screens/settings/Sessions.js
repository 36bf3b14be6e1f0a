/** Where one is signed in. */
import { html } from "../../html.js";
import { endSession, loadSessions } from "../../actions/account.js";
import { Button } from "../../components/Button.js";
import { Paged, usePaged } from "../../components/paged.js";
import { attempt } from "../../components/Toasts.js";
import { deviceOf } from "../../device.js";
import { DOT, momentOf } from "../../format.js";
import { t } from "../../i18n.js";
import { Section } from "../Main.js";

export function Sessions() {
  const pages = usePaged(loadSessions);
  const end = (/** @type {any} */ session) =>
    attempt(async () => {
      await endSession(session.id);
      pages.change((items) => items.filter((item) => item.id !== session.id));
    });
  const row = (/** @type {any} */ session) =>
    html`<li key=${session.id}>
      <div class="grow">
        <p dir="auto">
          <span title=${session.device}>${deviceOf(session.device) || t("session.unknown")}</span>${" "}
          ${session.current && html`<span class="tag accent">${t("session.current")}</span>`}
        </p>
        <p class="soft small">
          ${t("session.seen", { moment: momentOf(session.last_seen_at) })}
          ${DOT}${t("session.since", { moment: momentOf(session.created_at) })}
        </p>
      </div>
      ${!session.current && html`<${Button} onClick=${() => end(session)}>${t("session.end")}<//>`}
    </li>`;
  return html`<${Section} title=${t("sessions")} text=${t("sessions.text")}
    ><${Paged} pages=${pages} row=${row} empty=${{ icon: "key", title: t("sessions.none") }}
  /><//>`;
}
