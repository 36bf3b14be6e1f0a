/** What one can do about a person: write, block. */
import { createChat } from "../actions.js";
import { t } from "../i18n.js";
import { go } from "../router.js";
import { ask } from "./Dialog.js";
import { attempt, say } from "./Toasts.js";

/** @param {number} userId @param {string} name @returns {import("./Menu.js").Item[]} */
export function blockItems(userId, name) {
  const act = async () => {
    const { block } = await import("../actions/account.js");
    await block(userId);
    say(t("block.done", { name }));
  };
  return [
    {
      label: t("block"),
      icon: "block",
      danger: true,
      act: () => ask({ title: t("block.title", { name }), text: t("block.text"), action: t("block"), act }),
    },
  ];
}

/** Opens the conversation with somebody. @param {number} workspaceId @param {number} userId */
export function write(workspaceId, userId) {
  return attempt(async () => {
    const chat = await createChat({ workspace_id: workspaceId, type: "single", member_ids: [userId] });
    go(`/chats/${chat.id}`);
  });
}
