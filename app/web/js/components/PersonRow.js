/** Somebody in a list of members: who that is, whether that one is here, and what can be done about it. */
import { html } from "../html.js";
import { t } from "../i18n.js";
import { me, users } from "../parts.js";
import { presenceOf } from "../selectors.js";
import { Avatar } from "./Avatar.js";
import { Icon } from "./icons.js";
import { Menu } from "./Menu.js";

/**
 * @param {{id: number, name: string, about?: string, items: import("./Menu.js").Item[], children?: any}} props `children`
 * stand between the words and the menu
 */
export function PersonRow({ id, name, about, items, children }) {
  const choices = items.filter(Boolean);
  return html`<li>
    <${Avatar} person=${users.value[id]} presence=${presenceOf(id)} />
    <div class="grow">
      <p class="cut" dir="auto" title=${name}>
        ${name}${id === me.value && html` <span class="soft">${t("person.me")}</span>`}
      </p>
      ${about && html`<p class="small soft cut">${about}</p>`}
    </div>
    ${children}
    ${
      choices.length > 0 &&
      html`<${Menu} class="icon-button" label=${t("member.menu", { name })} items=${choices}
        ><${Icon} name="more"
      /><//>`
    }
  </li>`;
}
