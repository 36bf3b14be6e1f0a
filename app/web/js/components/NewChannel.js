/** Makes a channel, open to the workspace or to those one adds. */
import { html, useState } from "../html.js";
import { createChat } from "../actions.js";
import { t } from "../i18n.js";
import { go } from "../router.js";
import { Dialog } from "./Dialog.js";
import { Choices, Field } from "./Field.js";
import { Form, useSending } from "./Form.js";

/** @param {{workspace: any, onClose: () => void}} props */
export function NewChannel({ workspace, onClose }) {
  const [name, setName] = useState("");
  const [topic, setTopic] = useState("");
  const [type, setType] = useState("public_channel");
  const sending = useSending(["name", "topic"]);
  const onSubmit = async () => {
    const chat = await createChat({ workspace_id: workspace.id, type, name: name.replace(/^#/, ""), topic });
    onClose();
    go(`/chats/${chat.id}`);
  };
  const types = /** @type {[string, string][]} */ ([
    ["public_channel", t("channel.public")],
    ["private_channel", t("channel.private")],
  ]);
  return html`<${Dialog} title=${t("channel.new")} onClose=${onClose}>
    <${Form} sending=${sending} submit=${t("channel.create")} onSubmit=${onSubmit}>
      <${Field}
        label=${t("channel.name")}
        hint=${t("channel.name.hint")}
        name="name"
        required
        maxlength="80"
        value=${name}
        wrong=${sending.wrong.name}
        onInput=${(/** @type {any} */ e) => setName(e.target.value)}
        data-autofocus
      />
      <${Choices} legend=${t("channel.who")} name="type" options=${types} value=${type} onChoose=${setType} />
      <p class="small soft">${t(`channel.who.${type}`)}</p>
      <${Field}
        label=${t("channel.topic")}
        hint=${t("optional")}
        name="topic"
        maxlength="500"
        value=${topic}
        wrong=${sending.wrong.topic}
        onInput=${(/** @type {any} */ e) => setTopic(e.target.value)}
      />
    <//>
  <//>`;
}
