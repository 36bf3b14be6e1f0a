/** Who is writing just now. */
import { html } from "../html.js";
import { t } from "../i18n.js";
import { typingIn, userOf } from "../selectors.js";

/** @param {{chatId: number}} props */
export function TypingLine({ chatId }) {
  const names = typingIn(chatId).map((id) => userOf(id)?.name ?? t("person.unknown"));
  return html`<div class="typing">
    ${names.length > 0 && html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>`}
    <span class="cut" role="status" dir="auto">${words(names)}</span>
  </div>`;
}

/** @param {string[]} names */
function words(names) {
  const [name, other] = names;
  if (name === undefined) return "";
  if (names.length > 2) return t("typing.many");
  return other === undefined ? t("typing.one", { name }) : t("typing.two", { name, other });
}
