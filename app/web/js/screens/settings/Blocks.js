/** Whom one has blocked. */
import { html } from "../../html.js";
import { loadBlocks, unblock } from "../../actions/account.js";
import { Avatar } from "../../components/Avatar.js";
import { Button } from "../../components/Button.js";
import { Paged, usePaged } from "../../components/paged.js";
import { attempt } from "../../components/Toasts.js";
import { momentOf } from "../../format.js";
import { t } from "../../i18n.js";
import { users } from "../../parts.js";
import { Section } from "../Main.js";
import { useNameOf } from "../people.js";

export function Blocks() {
  const pages = usePaged(loadBlocks);
  const nameOf = useNameOf();
  const lift = (/** @type {any} */ item) =>
    attempt(async () => {
      await unblock(item.user_id);
      pages.change((items) => items.filter((other) => other.user_id !== item.user_id));
    });
  const row = (/** @type {any} */ item) =>
    html`<li key=${item.user_id}>
      <${Avatar} person=${users.value[item.user_id]} />
      <div class="grow">
        <p dir="auto">${nameOf(item.user_id)}</p>
        <p class="soft small">${momentOf(item.created_at)}</p>
      </div>
      <${Button} onClick=${() => lift(item)}>${t("block.lift")}<//>
    </li>`;
  return html`<${Section} title=${t("settings.blocks")} text=${t("blocks.text")}
    ><${Paged} pages=${pages} row=${row} empty=${{ icon: "block", title: t("blocks.none") }}
  /><//>`;
}
