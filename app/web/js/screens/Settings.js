/** One's own account, and how the client looks. */
import { html, useEffect, useRef, useState } from "../html.js";
import { t } from "../i18n.js";
import { Page } from "./Main.js";
import { AccessTokens } from "./settings/AccessTokens.js";
import { Activity } from "./settings/Activity.js";
import { Appearance } from "./settings/Appearance.js";
import { Blocks } from "./settings/Blocks.js";
import { Notifications } from "./settings/Notifications.js";
import { Password } from "./settings/Password.js";
import { Profile } from "./settings/Profile.js";
import { SecondFactor } from "./settings/SecondFactor.js";
import { Sessions } from "./settings/Sessions.js";

/** @type {[string, any[]][]} */
const TABS = [
  ["profile", [Profile]],
  ["appearance", [Appearance]],
  ["notifications", [Notifications]],
  ["security", [Password, SecondFactor, Sessions]],
  ["tokens", [AccessTokens]],
  ["blocks", [Blocks]],
  ["activity", [Activity]],
];

export function Settings() {
  const [tab, setTab] = useState(location.hash.slice(1));
  const at = Math.max(
    0,
    TABS.findIndex(([name]) => name === tab),
  );
  const tabs = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const onHash = () => setTab(location.hash.slice(1));
    addEventListener("hashchange", onHash);
    return () => removeEventListener("hashchange", onHash);
  }, []);
  useEffect(() => {
    const current = /** @type {HTMLElement | null | undefined} */ (tabs.current?.children[at]);
    current?.scrollIntoView({ block: "nearest", inline: "nearest" });
    history.replaceState(history.state, "", `#${TABS[at]?.[0]}`);
  }, [at]);
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (at + step + TABS.length) % TABS.length;
    setTab(TABS[next]?.[0] ?? "");
    /** @type {HTMLElement | undefined} */ (tabs.current?.children[next])?.focus();
  };
  const bar = html`<div class="tabs" role="tablist" aria-label=${t("settings")} ref=${tabs} onKeyDown=${onKey}>
    ${TABS.map(
      ([name], index) =>
        html`<button
          key=${name}
          type="button"
          role="tab"
          id=${`tab-${name}`}
          aria-controls="settings-part"
          aria-selected=${index === at ? "true" : "false"}
          tabindex=${index === at ? 0 : -1}
          onClick=${() => setTab(name)}
        >
          ${t(`settings.${name}`)}
        </button>`,
    )}
  </div>`;
  const [name, parts] = /** @type {[string, any[]]} */ (TABS[at]);
  return html`<${Page} title=${t("settings")} tabs=${bar}>
    <div class="parts" role="tabpanel" id="settings-part" aria-labelledby=${`tab-${name}`} key=${name}>
      ${parts.map((part) => html`<${part} />`)}
    </div>
  <//>`;
}
