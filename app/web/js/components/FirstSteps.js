/** What one can do in a workspace in which one is in no conversation yet: that depends on what is there to be joined. */
import { html, useEffect } from "../html.js";
import { loadChannels } from "../actions.js";
import { t } from "../i18n.js";
import { mayI } from "../selectors.js";
import { state } from "../store.js";
import { Button } from "./Button.js";
import { openInvite, openNewChannel, openNewConversation } from "./dialogs.js";
import { EmptyState } from "./EmptyState.js";
import { FormError, useSending } from "./Form.js";
import { Link } from "./Link.js";
import { Loading } from "./Spinner.js";

/** @param {{workspace: any}} props */
export function FirstSteps({ workspace }) {
  const { id, role, member_count: members } = workspace;
  const mayBrowse = role !== "guest";
  const loading = useSending();
  useEffect(() => {
    if (mayBrowse) void loading.run(() => loadChannels(id));
  }, [id, mayBrowse]);
  const known = state.value.channels[id];
  const isUnknown = mayBrowse && !known?.complete && !loading.error;
  const open = Object.values(known?.byId ?? {}).filter((channel) => !channel.is_member).length;
  const isNothing = known?.complete && open === 0;
  const mayMake = mayI("make_chats", workspace);
  const mayInvite = mayI("invite", workspace);
  return html`<${EmptyState} icon="hash" title=${t("home.empty")}>
    ${!mayMake && html`<p>${t("first_steps.guest")}</p>`}
    ${mayMake && open > 0 && html`<p>${t("first_steps.join", { count: open })}</p>`}
    ${mayMake && isNothing && html`<p>${t(mayInvite ? "first_steps.begin" : "first_steps.talk")}</p>`}
    <${FormError} error=${loading.error} />
    ${
      isUnknown
        ? html`<${Loading} />`
        : html`<div class="line wrap steps">
            ${
              mayBrowse &&
              !isNothing &&
              html`<${Link} class=${`button ${open > 0 ? "main" : ""}`} href=${`/w/${id}/channels`}
                >${t("channels.browse")}<//
              >`
            }
            ${
              mayMake &&
              html`<${Button} kind=${isNothing ? "main" : ""} icon="add" onClick=${() => openNewChannel({ workspace })}
                >${t("channel.new")}<//
              >`
            }
            ${
              mayInvite &&
              html`<${Button} icon="person" onClick=${() => openInvite({ workspace })}>${t("invite.people")}<//>`
            }
            ${
              mayMake &&
              members > 1 &&
              html`<${Button} icon="edit" onClick=${() => openNewConversation({ workspace })}
                >${t("conversation.new")}<//
              >`
            }
          </div>`
    }
  <//>`;
}
