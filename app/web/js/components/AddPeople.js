/** Adds people of the workspace to a chat. */
import { html, useEffect, useState } from "../html.js";
import { addMembers, loadChatMembers } from "../actions.js";
import { t } from "../i18n.js";
import { state } from "../store.js";
import { Dialog } from "./Dialog.js";
import { Form, useSending } from "./Form.js";
import { PeoplePicker } from "./PeoplePicker.js";
import { attempt } from "./Toasts.js";

/** @param {{chat: any, onClose: () => void}} props */
export function AddPeople({ chat, onClose }) {
  const [picked, setPicked] = useState(/** @type {number[]} */ ([]));
  const sending = useSending(["user_ids"]);
  const known = state.value.chatMembers[chat.id];
  useEffect(() => {
    if (!known?.complete) void attempt(() => loadChatMembers(chat.id));
  }, [chat.id]);
  const there = Object.keys(known?.roles ?? {}).map(Number);
  return html`<${Dialog} title=${t("members.add")} onClose=${onClose}>
    <${Form}
      sending=${sending}
      submit=${t("members.add")}
      disabled=${picked.length === 0}
      onSubmit=${() => addMembers(chat.id, picked)}
      onDone=${onClose}
    >
      <${PeoplePicker}
        label=${t("members.add.who")}
        workspaceId=${chat.workspace_id}
        isReady=${Boolean(known?.complete)}
        leaveOut=${[...there, ...(chat.member_ids ?? [])]}
        picked=${picked}
        onPick=${setPicked}
        wrong=${sending.wrong.user_ids}
      />
    <//>
  <//>`;
}
