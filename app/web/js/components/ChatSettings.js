/** Name, topic and rules of a chat. */
import { html, useState } from "../html.js";
import { updateChat } from "../actions.js";
import { lengthOf } from "../format.js";
import { t } from "../i18n.js";
import { Dialog } from "./Dialog.js";
import { Check, Field, Select } from "./Field.js";
import { Form, useSending } from "./Form.js";

const PAUSES = [0, 5, 10, 30, 60, 300, 900, 3600, 21_600];

/** @param {{chat: any, onClose: () => void}} props */
export function ChatSettings({ chat, onClose }) {
  const [wish, setWish] = useState({
    name: chat.name ?? "",
    topic: chat.topic,
    read_only: chat.read_only,
    slow_mode: chat.slow_mode,
  });
  const sending = useSending(["name", "topic", "slow_mode"]);
  const isChannel = chat.type.endsWith("_channel");
  const set = (/** @type {string} */ name, /** @type {any} */ value) => setWish({ ...wish, [name]: value });
  const onSubmit = () => {
    const wanted = { ...wish, name: wish.name.trim() || null };
    return updateChat(
      chat.id,
      Object.fromEntries(Object.entries(wanted).filter(([key, value]) => value !== chat[key])),
    );
  };
  const pauses = [...new Set([...PAUSES, chat.slow_mode])]
    .sort((a, b) => a - b)
    .map((seconds) => [seconds, seconds ? lengthOf(seconds) : t("chat.slow_mode.none")]);
  return html`<${Dialog} title=${t("chat.settings")} onClose=${onClose}>
    <${Form} sending=${sending} submit=${t("save")} onSubmit=${onSubmit} onDone=${onClose}>
      <${Field}
        label=${t(isChannel ? "channel.name" : "group.name")}
        name="name"
        maxlength="80"
        required=${isChannel}
        value=${wish.name}
        wrong=${sending.wrong.name}
        onInput=${(/** @type {any} */ e) => set("name", e.target.value)}
      />
      <${Field}
        label=${t("channel.topic")}
        name="topic"
        maxlength="500"
        value=${wish.topic}
        wrong=${sending.wrong.topic}
        onInput=${(/** @type {any} */ e) => set("topic", e.target.value)}
      />
      ${
        isChannel &&
        html`<${Check}
            label=${t("chat.read_only")}
            hint=${t("chat.read_only.hint")}
            checked=${wish.read_only}
            onChange=${(/** @type {any} */ e) => set("read_only", e.target.checked)}
          />
          <${Select}
            label=${t("chat.slow_mode")}
            hint=${t("chat.slow_mode.hint")}
            options=${pauses}
            value=${wish.slow_mode}
            wrong=${sending.wrong.slow_mode}
            onChange=${(/** @type {any} */ e) => set("slow_mode", Number(e.target.value))}
          />`
      }
    <//>
  <//>`;
}
