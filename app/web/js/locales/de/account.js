/** Konten: wie man hinein- und hinauskommt. */
/** @type {import("../../i18n.js").Catalogue} */
export default {
  block: "Blockieren",
  "block.done": "Du hast {name} blockiert",
  "block.text":
    "In der Unterhaltung von euch beiden kann dann nichts mehr geschrieben werden, und keiner fügt den anderen irgendwo hinzu. Niemand erfährt davon.",
  "block.title": "{name} blockieren?",
  email: "E-Mail",
  "forgot.link": "Passwort vergessen?",
  password: "Passwort",
  "password.show": "Passwort zeigen",
  second_factor: "Zweiter Faktor",
  "second_factor.by_app": "Die App benutzen",
  "second_factor.by_recovery": "Einen Notfallcode benutzen",
  "second_factor.code": "Code",
  "second_factor.recovery_code": "Notfallcode",
  "second_factor.recovery_text": "Tippe einen der Codes, die du verwahrt hast.",
  "second_factor.text": "Tippe den Code, den deine Authenticator-App zeigt.",
  sign_in: "Anmelden",
  sign_out: "Abmelden",
  "sign_up.link": "Ein Konto anlegen",
  theme: "Aussehen",
  "theme.auto": "Wie das System",
  "theme.dark": "Dunkel",
  "theme.light": "Hell",
};
