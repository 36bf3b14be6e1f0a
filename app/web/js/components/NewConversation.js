/** Begins a conversation: with one person a direct message, with several a group. */
import { html, useState } from "../html.js";
import { createChat } from "../actions.js";
import { t } from "../i18n.js";
import { go } from "../router.js";
import { me } from "../parts.js";
import { Dialog } from "./Dialog.js";
import { Field } from "./Field.js";
import { Form, useSending } from "./Form.js";
import { PeoplePicker } from "./PeoplePicker.js";

/** @param {{workspace: any, onClose: () => void}} props */
export function NewConversation({ workspace, onClose }) {
  const [picked, setPicked] = useState(/** @type {number[]} */ ([]));
  const [name, setName] = useState("");
  const sending = useSending(["name", "member_ids"]);
  const isGroup = picked.length > 1;
  const onSubmit = async () => {
    const shared = { workspace_id: workspace.id, member_ids: picked };
    const chat = await createChat(
      isGroup ? { ...shared, type: "group", name: name.trim() || null } : { ...shared, type: "single" },
    );
    onClose();
    go(`/chats/${chat.id}`);
  };
  return html`<${Dialog} title=${t("conversation.new")} onClose=${onClose}>
    <${Form}
      sending=${sending}
      submit=${t(isGroup ? "conversation.start_group" : "conversation.start")}
      onSubmit=${onSubmit}
      disabled=${picked.length === 0}
    >
      <${PeoplePicker}
        label=${t("conversation.with")}
        workspaceId=${workspace.id}
        leaveOut=${[me.value]}
        picked=${picked}
        onPick=${setPicked}
        wrong=${sending.wrong.member_ids}
      />
      ${
        isGroup &&
        html`<${Field}
          label=${t("group.name")}
          hint=${t("group.name.hint")}
          name="name"
          maxlength="80"
          value=${name}
          wrong=${sending.wrong.name}
          onInput=${(/** @type {any} */ e) => setName(e.target.value)}
        />`
      }
    <//>
  <//>`;
}
