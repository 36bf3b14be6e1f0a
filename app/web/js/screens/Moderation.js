/** What was reported, and who is suspended. */
import { html, useState } from "../html.js";
import { remove } from "../actions.js";
import { liftSuspension, loadReports, loadSuspensions, resolveReport } from "../actions/moderation.js";
import { Button } from "../components/Button.js";
import { ask, show } from "../components/Dialog.js";
import { Choices } from "../components/Field.js";
import { Link } from "../components/Link.js";
import { MessageText } from "../components/MessageText.js";
import { Paged, usePaged } from "../components/paged.js";
import { SuspendDialog } from "../components/SuspendDialog.js";
import { attempt } from "../components/Toasts.js";
import { momentOf } from "../format.js";
import { t } from "../i18n.js";
import { mayI } from "../selectors.js";
import { state } from "../store.js";
import { Page, Section } from "./Main.js";
import { useMembers, useNameOf } from "./people.js";

/** @param {{workspace: any}} props */
export function Moderation({ workspace }) {
  useMembers(workspace.id);
  return html`<${Page} title=${t("moderation")}>
    <${Reports} key=${`r${workspace.id}`} workspace=${workspace} />
    <${Suspensions} key=${`s${workspace.id}`} workspace=${workspace} />
  <//>`;
}

/** @param {{workspace: any}} props */
function Reports({ workspace }) {
  const [resolved, setResolved] = useState("false");
  const pages = usePaged(
    (cursor) => loadReports(workspace.id, { resolved: resolved === "true", cursor }),
    [workspace.id, resolved],
  );
  const options = /** @type {[string, string][]} */ ([
    ["false", t("reports.open")],
    ["true", t("reports.resolved")],
  ]);
  return html`<${Section} title=${t("reports")} text=${t("reports.text")}>
    <${Choices}
      legend=${t("reports.which")}
      name="resolved"
      options=${options}
      value=${resolved}
      onChoose=${setResolved}
    />
    <${Paged}
      pages=${pages}
      row=${(/** @type {any} */ report) => html`<${Report} key=${report.id} workspace=${workspace} report=${report} pages=${pages} />`}
      empty=${{ icon: "check", title: t(resolved === "true" ? "reports.none_resolved" : "reports.none") }}
    />
  <//>`;
}

/** @param {{workspace: any, report: any, pages: ReturnType<typeof usePaged>}} props */
function Report({ workspace, report, pages }) {
  const nameOf = useNameOf();
  const { members, chats, me } = state.value;
  const role = members[workspace.id]?.roles[report.author_id];
  const author = nameOf(report.author_id);
  const settle = () =>
    attempt(async () => {
      await resolveReport(workspace.id, report.id, !report.resolved_at);
      pages.change((items) => items.filter((item) => item.id !== report.id));
    });
  const askToRemove = () =>
    ask({
      title: t("message.delete.title"),
      text: t("message.delete.text"),
      action: t("message.delete"),
      act: async () => (await remove(report.message_id), pages.reload()),
    });
  const chat = chats.byId[report.chat_id];
  return html`<li>
    <div class="grow stack">
      <p class="small soft">
        ${t("report.who", { reporter: nameOf(report.reporter_id), author, moment: momentOf(report.created_at) })}
      </p>
      <blockquote class="note">
        ${
          report.content === null
            ? html`<span class="tombstone">${t("message.deleted")}</span>`
            : html`<${MessageText} text=${report.content} />`
        }
      </blockquote>
      <p><span class="soft">${t("report.reason")}: </span><span dir="auto">${report.reason}</span></p>
      ${
        report.resolved_at &&
        html`<p class="small soft">
          ${t("report.settled", { name: nameOf(report.resolved_by), moment: momentOf(report.resolved_at) })}
        </p>`
      }
      <div class="line wrap">
        <${Button} onClick=${settle}>${t(report.resolved_at ? "report.reopen" : "report.settle")}<//>
        ${
          chat &&
          report.content !== null &&
          html`<${Link} class="button" href=${`/chats/${report.chat_id}/messages/${report.message_id}`}
            >${t("report.show")}<//
          >`
        }
        ${
          chat &&
          report.content !== null &&
          mayI("delete_anothers_message", chat) &&
          html`<${Button} kind="danger" onClick=${askToRemove}>${t("message.delete")}<//>`
        }
        ${
          report.author_id !== me &&
          role &&
          mayI("suspend", workspace, role) &&
          html`<${Button}
            kind="danger"
            onClick=${() => show(SuspendDialog, { workspace, userId: report.author_id, name: author })}
            >${t("suspend.named", { name: author })}<//
          >`
        }
      </div>
    </div>
  </li>`;
}

/** @param {{workspace: any}} props */
function Suspensions({ workspace }) {
  const pages = usePaged(() => loadSuspensions(workspace.id), [workspace.id]);
  const nameOf = useNameOf();
  const lift = (/** @type {any} */ item) =>
    attempt(async () => {
      await liftSuspension(workspace.id, item.user_id);
      pages.change((items) => items.filter((other) => other.user_id !== item.user_id));
    });
  const row = (/** @type {any} */ item) =>
    html`<li key=${item.user_id}>
      <div class="grow">
        <p dir="auto"><b>${item.name}</b></p>
        ${item.reason && html`<p dir="auto">${item.reason}</p>`}
        <p class="soft small">
          ${t("suspension.by", { name: nameOf(item.suspended_by), moment: momentOf(item.suspended_at) })}
        </p>
      </div>
      ${
        mayI("suspend", workspace, { role: item.role }) &&
        html`<${Button} onClick=${() => lift(item)}>${t("suspension.lift")}<//>`
      }
    </li>`;
  return html`<${Section} title=${t("suspensions")} text=${t("suspensions.text")}>
    <${Paged} pages=${pages} row=${row} empty=${{ icon: "check", title: t("suspensions.none") }} />
  <//>`;
}
