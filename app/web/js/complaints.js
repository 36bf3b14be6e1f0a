/** What went wrong, in the reader's words: by the code of the answer, else as the server put it. */
import { hasText, t } from "./i18n.js";
import { lengthOf } from "./format.js";
import { account } from "./session.js";

/** @param {any} error @returns {string} */
export function complaint(error) {
  if (error?.status === undefined) return t("error.unknown");
  if (error.status === 0) return t("error.network");
  const params = { wait: lengthOf(Math.max(1, Math.ceil(error.retryAfter ?? 1))) };
  // Who is signed in already was asked for the password alone.
  const code = error.code === "bad_credentials" && account.value ? "wrong_password" : error.code;
  const key = `error.${code}`;
  if (hasText(key)) return t(key, params);
  return error.detail || error.title || t("error.unknown");
}

/** What a refusal as a whole is really about. @type {Record<string, string>} */
const FIELDS = { bad_code: "code", email_taken: "email", name_taken: "name" };

/** The complaints by field, those of a 422 and others. @param {any} error @returns {Record<string, string>} */
export function fieldErrors(error) {
  const field = FIELDS[error?.code];
  if (field) return { [field]: complaint(error) };
  /** @type {Record<string, string>} */
  const wrong = {};
  for (const [name, reasons] of Object.entries(error?.fields ?? {})) wrong[name] = [reasons].flat().join(" ");
  return wrong;
}
