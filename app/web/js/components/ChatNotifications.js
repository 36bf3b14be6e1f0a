/** What of a chat one is told of while one is away. */
import { html, useEffect, useState } from "../html.js";
import { changeLevel, loadLevel } from "../actions/notifications.js";
import { t } from "../i18n.js";
import { Dialog } from "./Dialog.js";
import { Choices } from "./Field.js";
import { Form, FormError, useSending } from "./Form.js";
import { Loading } from "./Spinner.js";

/** @param {{chat: any, onClose: () => void}} props */
export function ChatNotifications({ chat, onClose }) {
  const [level, setLevel] = useState("");
  const loading = useSending();
  const sending = useSending();
  useEffect(() => void loading.run(async () => setLevel((await loadLevel(chat.id)).level)), [chat.id]);
  const isChannel = chat.type.endsWith("_channel");
  const options = [
    ["default", t(isChannel ? "level.default_channel" : "level.default_people")],
    ["all", t("level.all")],
    ["nothing", t("level.mute")],
  ];
  return html`<${Dialog} title=${t("chat.notifications")} onClose=${onClose}>
    <${FormError} error=${loading.error} />
    ${!level && !loading.error && html`<${Loading} />`}
    ${
      level &&
      html`<${Form}
        sending=${sending}
        submit=${t("save")}
        onSubmit=${() => changeLevel(chat.id, level)}
        onDone=${onClose}
      >
        <p class="soft">${t("chat.notifications.text")}</p>
        <${Choices}
          legend=${t("chat.notifications.which")}
          name="level"
          options=${options}
          value=${level}
          onChoose=${setLevel}
        />
      <//>`
    }
  <//>`;
}
