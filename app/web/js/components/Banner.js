/** Says so while what is shown may be behind, once that lasts; and when it is over. */
import { html, useEffect, useState } from "../html.js";
import { t } from "../i18n.js";
import { connection } from "../selectors.js";
import { Spinner } from "./Spinner.js";

/** A stream that is restarted is back sooner than this. */
const GRACE = 1500;

export function ConnectionBanner() {
  const now = connection.value;
  const [isLate, setLate] = useState(now === "offline");
  useEffect(() => {
    if (now === "live") return setLate(false);
    const timer = setTimeout(() => setLate(true), GRACE);
    return () => clearTimeout(timer);
  }, [now === "live"]);
  const isShown = now !== "live" && isLate;
  return html`<div role="status">
    ${
      isShown &&
      html`<div class="banner">
        <${Spinner} />${t(navigator.onLine === false ? "banner.no_network" : `banner.${now}`)}
      </div>`
    }
  </div>`;
}
