/** Accounts: how one gets in and out. */
/** @type {import("../../i18n.js").Catalogue} */
export default {
  block: "Block",
  "block.done": "You have blocked {name}",
  "block.text":
    "Nothing more can be written in the conversation of you two, and neither adds the other to others. Nobody is told.",
  "block.title": "Block {name}?",
  email: "E-mail",
  "forgot.link": "Forgot your password?",
  password: "Password",
  "password.show": "Show the password",
  second_factor: "Second factor",
  "second_factor.by_app": "Use the app",
  "second_factor.by_recovery": "Use a recovery code",
  "second_factor.code": "Code",
  "second_factor.recovery_code": "Recovery code",
  "second_factor.recovery_text": "Type one of the codes that you kept.",
  "second_factor.text": "Type the code that your authenticator app shows.",
  sign_in: "Sign in",
  sign_out: "Sign out",
  "sign_up.link": "Create an account",
  theme: "Appearance",
  "theme.auto": "Like the system",
  "theme.dark": "Dark",
  "theme.light": "Light",
};
