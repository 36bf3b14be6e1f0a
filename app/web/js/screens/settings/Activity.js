/** The security-relevant acts of one's own account. */
import { html } from "../../html.js";
import { loadOwnAudit } from "../../actions/account.js";
import { Paged, usePaged } from "../../components/paged.js";
import { t } from "../../i18n.js";
import { Entry } from "../Audit.js";
import { Section } from "../Main.js";

export function Activity() {
  const pages = usePaged((cursor) => loadOwnAudit({ cursor }));
  return html`<${Section} title=${t("settings.activity")} text=${t("activity.text")}>
    <${Paged}
      pages=${pages}
      row=${(/** @type {any} */ entry) => html`<${Entry} key=${entry.id} entry=${entry} />`}
      empty=${{ icon: "clock", title: t("audit.none") }}
    />
  <//>`;
}
