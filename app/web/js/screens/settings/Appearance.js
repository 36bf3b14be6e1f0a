/** Light or dark, and the language. */
import { html } from "../../html.js";
import { Choices, Select } from "../../components/Field.js";
import { attempt } from "../../components/Toasts.js";
import { LANGUAGES, language, t } from "../../i18n.js";
import { chooseLanguage, chooseTheme, theme } from "../../ui.js";
import { Section } from "../Main.js";

export function Appearance() {
  const themes = /** @type {[string, string][]} */ ([
    ["auto", t("theme.auto")],
    ["light", t("theme.light")],
    ["dark", t("theme.dark")],
  ]);
  return html`<${Section} title=${t("settings.appearance")}>
    <${Choices} legend=${t("theme")} name="theme" options=${themes} value=${theme.value} onChoose=${chooseTheme} />
    <${Select}
      label=${t("language")}
      options=${Object.entries(LANGUAGES)}
      value=${language.value}
      onChange=${(/** @type {any} */ e) => attempt(() => chooseLanguage(e.target.value))}
    />
  <//>`;
}
