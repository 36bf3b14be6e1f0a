/** The public channels of a workspace, to look through and join. */
import { html, useEffect, useState } from "../html.js";
import { joinChat, loadChannels } from "../actions.js";
import { Button } from "../components/Button.js";
import { openNewChannel } from "../components/dialogs.js";
import { EmptyState } from "../components/EmptyState.js";
import { FormError, useSending } from "../components/Form.js";
import { Icon } from "../components/icons.js";
import { Link } from "../components/Link.js";
import { Loading } from "../components/Spinner.js";
import { t } from "../i18n.js";
import { go } from "../router.js";
import { best } from "../search.js";
import { mayI } from "../selectors.js";
import { state } from "../store.js";
import { Page } from "./Main.js";

const STEP = 100;

/** @param {{workspace: any}} props */
export function Channels({ workspace }) {
  const [text, setText] = useState("");
  const [most, setMost] = useState(STEP);
  const loading = useSending();
  const known = state.value.channels[workspace.id];
  useEffect(() => void loading.run(() => loadChannels(workspace.id)), [workspace.id]);
  const all = Object.values(known?.byId ?? {}).sort((a, b) => (a.name ?? "").localeCompare(b.name ?? ""));
  const found = best(all, text, (channel) => `${channel.name} ${channel.topic}`);
  const create =
    mayI("make_chats", workspace) &&
    html`<${Button} kind="main" icon="add" onClick=${() => openNewChannel({ workspace })}>${t("channel.new")}<//>`;
  return html`<${Page} title=${t("channels")} header=${create}>
    <input
      class="input"
      type="search"
      dir="auto"
      aria-label=${t("channels.find")}
      placeholder=${t("channels.find")}
      value=${text}
      onInput=${(/** @type {any} */ e) => (setText(e.target.value), setMost(STEP))}
    />
    <${FormError} error=${loading.error} />
    ${
      found.length > 0 &&
      html`<ul class="rows">
        ${found.slice(0, most).map((channel) => html`<${Channel} key=${channel.id} channel=${channel} />`)}
      </ul>`
    }
    ${found.length > most && html`<div><${Button} onClick=${() => setMost(most + STEP)}>${t("show_more")}<//></div>`}
    ${!known?.complete && !loading.error && html`<${Loading} />`}
    ${
      known?.complete &&
      found.length === 0 &&
      html`<${EmptyState} icon="hash" title=${t(text.trim() ? "channels.none_found" : "channels.none")}
        >${!text.trim() && html`<p>${t("channels.none.text")}</p>`}<//
      >`
    }
  <//>`;
}

/** @param {{channel: any}} props */
function Channel({ channel }) {
  const sending = useSending();
  const join = () =>
    sending.run(async () => {
      await joinChat(channel.id);
      go(`/chats/${channel.id}`);
    });
  return html`<li>
    <div class="grow">
      <p class="line">
        <${Icon} name="hash" /><${Link} class="cut" href=${`/chats/${channel.id}`} dir="auto"><b>${channel.name}</b><//>
      </p>
      ${channel.topic && html`<p class="soft small" dir="auto">${channel.topic}</p>`}
      <p class="soft small">${t("members.count", { count: channel.member_count })}</p>
      <${FormError} error=${sending.error} />
    </div>
    ${
      channel.is_member
        ? html`<span class="tag accent">${t("channel.joined")}</span>`
        : html`<${Button}
            busy=${sending.busy}
            onClick=${join}
            aria-label=${t("channel.join.named", { name: channel.name })}
            >${t("channel.join")}<//
          >`
    }
  </li>`;
}
