/** An invitation that was opened: what it is for; then to accept it, or first to sign in or up. */
import { html, useEffect, useState } from "../html.js";
import { acceptInvite, openInvite } from "../actions.js";
import { Button } from "../components/Button.js";
import { FormError, useSending } from "../components/Form.js";
import { Link } from "../components/Link.js";
import { Loading } from "../components/Spinner.js";
import { complaint } from "../complaints.js";
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
  const { invite, error, ask } = useInvite(token);
  const me = account.value;
  if (error?.code === "invite_gone") return html`<${Gone} isIn=${Boolean(me)} />`;
  if (error)
    return html`<${Door} title=${t("sign_up.invite")}>
      <${FormError} error=${complaint(error)} />
      <${Button} kind="wide" icon="retry" onClick=${ask}>${t("try_again")}<//>
    <//>`;
  if (!invite) return html`<${Door} title=${t("sign_up.invite")}><${Loading} /><//>`;
  if (!me && way === "in") return html`<${SignIn} onSignUp=${() => setWay("up")} />`;
  if (!me && way === "up") return html`<${SignUp} invite=${token} onSignIn=${() => setWay("in")} />`;
  const title = t("invited", { name: invite.inviter_name, workspace: invite.workspace_name });
  if (me) return html`<${Accept} token=${token} title=${title} me=${me} />`;
  return html`<${Door} title=${title}>
    <div class="stack">
      ${
        config.sign_up !== "closed" &&
        html`<${Button} kind="main wide" onClick=${() => setWay("up")}>${t("sign_up")}<//>`
      }
      <${Button} kind="wide" onClick=${() => setWay("in")}>${t("invited.have_account")}<//>
    </div>
  <//>`;
}

/** What is known of it, and how to ask again. @param {string} token */
function useInvite(token) {
  const [round, setRound] = useState(0);
  const [found, setFound] = useState(/** @type {{invite?: any, error?: any}} */ ({}));
  useEffect(() => {
    let isWanted = true;
    const show = (/** @type {typeof found} */ news) => isWanted && setFound(news);
    setFound({});
    openInvite(token).then(
      (invite) => show({ invite }),
      (error) => show({ error }),
    );
    return () => void (isWanted = false);
  }, [token, round]);
  return { ...found, ask: () => setRound(round + 1) };
}

/** @param {{isIn: boolean}} props */
const Gone = ({ isIn }) =>
  html`<${Door} title=${t("invited.gone")}>
    <p>${t("invited.gone.text")}</p>
    <${Link} class="button wide" href=${isIn ? "/" : "/signin"}>${t(isIn ? "to_start" : "sign_in")}<//>
  <//>`;

/** @param {{token: string, title: string, me: {name: string, email: string}}} props */
function Accept({ token, title, me }) {
  const sending = useSending();
  const accept = () =>
    sending.run(async () => {
      const workspace = await acceptInvite(token);
      go(`/w/${workspace.id}`);
    });
  return html`<${Door} title=${title} foot=${html`<${Link} href="/">${t("invited.not_now")}<//>`}>
    <p>${t("invited.as", { name: me.name, email: me.email })}</p>
    <${FormError} error=${sending.error} />
    <${Button} kind="main wide" busy=${sending.busy} onClick=${accept}>${t("invited.accept")}<//>
  <//>`;
}
