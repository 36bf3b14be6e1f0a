/** Says so while what is shown may be behind or nothing can be sent, once that lasts. */
import { html, useEffect, useState } from "../html.js";
import { t } from "../i18n.js";
import { isAway } from "../reach.js";
import { connection } from "../selectors.js";
import { Spinner } from "./Spinner.js";

/** A stream that is restarted is back sooner than this. */
const GRACE = 1500;

/**
 * The key of what is to be said, null for nothing.
 * @param {{connection: import("../stream.js").Connection, isLate: boolean, isAway: boolean, isOnline: boolean}} about
 * `isLate` if the stream has been away for a while, `isAway` if the server does not answer
 */
export function wordsOf({ connection, isLate, isAway, isOnline }) {
  if (!isLate && !isAway) return null;
  if (!isOnline) return "banner.no_network";
  if (isAway) return connection === "live" ? "banner.no_sending" : "banner.offline";
  return connection === "offline" ? "banner.no_stream" : "banner.connecting";
}

export function ConnectionBanner() {
  const now = connection.value;
  const [isLate, setLate] = useState(now === "offline");
  useEffect(() => {
    if (now === "live") return setLate(false);
    const timer = setTimeout(() => setLate(true), GRACE);
    return () => clearTimeout(timer);
  }, [now === "live"]);
  const words = wordsOf({
    connection: now,
    isLate: now !== "live" && isLate,
    isAway: isAway.value,
    isOnline: navigator.onLine !== false,
  });
  return html`<div role="status">
    ${
      words &&
      html`<div class="banner">
        <${Spinner} />${t(words)}
      </div>`
    }
  </div>`;
}
