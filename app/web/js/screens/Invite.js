/** An invitation that was opened: to accept, or first to sign in or up. */
import { html, useState } from "../html.js";
import { acceptInvite } from "../actions.js";
import { Button } from "../components/Button.js";
import { FormError, useSending } from "../components/Form.js";
import { Link } from "../components/Link.js";
import { config } from "../config.js";
import { t } from "../i18n.js";
import { go } from "../router.js";
import { account } from "../session.js";
import { Door } from "./Door.js";
import { SignIn } from "./SignIn.js";
import { SignUp } from "./SignUp.js";

/** @param {{token: string}} props */
export function Invite({ token }) {
  const [way, setWay] = useState("");
  const sending = useSending();
  const me = account.value;
  if (!me && way === "in") return html`<${SignIn} />`;
  if (!me && way === "up") return html`<${SignUp} invite=${token} />`;
  if (!me) {
    return html`<${Door} title=${t("invited")}>
      <p>${t("invited.text")}</p>
      <div class="stack">
        ${
          config.sign_up !== "closed" &&
          html`<${Button} kind="main wide" onClick=${() => setWay("up")}>${t("sign_up")}<//>`
        }
        <${Button} kind="wide" onClick=${() => setWay("in")}>${t("invited.have_account")}<//>
      </div>
    <//>`;
  }
  const accept = () =>
    sending.run(async () => {
      const workspace = await acceptInvite(token);
      go(`/w/${workspace.id}`);
    });
  return html`<${Door} title=${t("invited")} foot=${html`<${Link} href="/">${t("invited.not_now")}<//>`}>
    <p>${t("invited.as", { name: me.name, email: me.email })}</p>
    <${FormError} error=${sending.error} />
    <${Button} kind="main wide" busy=${sending.busy} onClick=${accept}>${t("invited.accept")}<//>
  <//>`;
}
