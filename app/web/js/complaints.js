/** What went wrong, in the reader's words: by the code of the answer, else as the server put it. */
import { hasText, t } from "./i18n.js";
import { lengthOf } from "./format.js";

/** @param {any} error @returns {string} */
export function complaint(error) {
  if (error?.status === undefined) return t("error.unknown");
  if (error.status === 0) return t("error.network");
  const params = { wait: lengthOf(Math.max(1, Math.ceil(error.retryAfter ?? 1))) };
  const key = `error.${error.code}`;
  if (hasText(key)) return t(key, params);
  return error.detail || error.title || t("error.unknown");
}

/** The complaints of a 422 by field. @param {any} error @returns {Record<string, string>} */
export function fieldErrors(error) {
  /** @type {Record<string, string>} */
  const wrong = {};
  for (const [name, reasons] of Object.entries(error?.fields ?? {})) wrong[name] = [reasons].flat().join(" ");
  return wrong;
}
