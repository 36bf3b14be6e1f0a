/** Names for screens that go by ids. */
import { useEffect } from "../html.js";
import { loadMembers } from "../actions.js";
import { attempt } from "../components/Toasts.js";
import { t } from "../i18n.js";
import { userOf } from "../selectors.js";

/** Fetches those of a workspace, once. @param {number} workspaceId */
export const useMembers = (workspaceId) => useEffect(() => void attempt(() => loadMembers(workspaceId)), [workspaceId]);

/** @returns {(id: number | null) => string} */
export const useNameOf = () => (id) =>
  id === null ? t("person.operator") : (userOf(id)?.name ?? t("person.number", { id }));
