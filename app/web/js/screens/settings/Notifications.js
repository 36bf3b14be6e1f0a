/** What this device tells of when nobody looks. */
import { html } from "../../html.js";
import { t } from "../../i18n.js";
import { Section } from "../Main.js";

export const Notifications = () =>
  html`<${Section} title=${t("settings.notifications")} text=${t("notifications.none")} />`;
