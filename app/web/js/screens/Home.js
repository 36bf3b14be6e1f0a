/** A workspace with no chat open. */
import { html } from "../html.js";
import { Button } from "../components/Button.js";
import { Header } from "../components/ChatHeader.js";
import { openInvite, openNewChannel } from "../components/dialogs.js";
import { EmptyState } from "../components/EmptyState.js";
import { Link } from "../components/Link.js";
import { t } from "../i18n.js";
import { chatsOf, mayI } from "../selectors.js";
import { Main } from "./Main.js";

/** @param {{workspace: any}} props */
export function Home({ workspace }) {
  const isEmpty = chatsOf(workspace.id).length === 0;
  return html`<${Main} title=${workspace.name}>
    <${Header}
      ><div class="header-title">
        <h1><span class="cut" dir="auto">${workspace.name}</span></h1>
      </div><//
    >
    <${EmptyState} icon=${isEmpty ? "hash" : "reply"} title=${t(isEmpty ? "home.empty" : "home.choose")}>
      <p>${t(isEmpty ? "home.empty.text" : "home.choose.text")}</p>
      <div class="line wrap">
        ${
          mayI("make_chats", workspace) &&
          html`<${Button} kind="main" icon="add" onClick=${() => openNewChannel({ workspace })}>${t("channel.new")}<//>`
        }
        ${
          workspace.role !== "guest" &&
          html`<${Link} class="button" href=${`/w/${workspace.id}/channels`}>${t("channels.browse")}<//>`
        }
        ${
          mayI("invite", workspace) &&
          html`<${Button} icon="person" onClick=${() => openInvite({ workspace })}>${t("invite.people")}<//>`
        }
      </div>
    <//>
  <//>`;
}
