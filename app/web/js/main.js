/**
 * Where the client begins.
 */

import { effect, untracked } from "@preact/signals";
import { onScreen, reload } from "./actions/history.js";
import { loadPeople } from "./actions/workspaces.js";
import { loadMarkdown } from "./components/MessageText.js";
import { config } from "./config.js";
import { html, render } from "./html.js";
import * as outgoing from "./outgoing.js";
import { isAway, watch } from "./reach.js";
import * as router from "./router.js";
import { App } from "./screens/App.js";
import { isReady } from "./selectors.js";
import * as session from "./session.js";
import { state } from "./store.js";
import * as sync from "./sync.js";

/** The cookie is good for pages of PUBLIC_URL alone: at another name of the same server nobody could sign in. */
function isElsewhere() {
  return config.public_url !== undefined && new URL(config.public_url).origin !== location.origin;
}

/** Begins and ends with who is signed in. */
function follow() {
  /** @type {number | null} */
  let me = null;
  effect(() => {
    const account = session.account.value || null;
    if ((account?.id ?? null) === me) return;
    me = account?.id ?? null;
    untracked(() => {
      sync.end();
      outgoing.forgetAll();
      if (account) void sync.begin(account);
    });
  });
}

/** What could not be sent while the server was away is sent when it is back. */
function sendAgain() {
  for (const isBack of [() => state.value.connection === "live", () => !isAway.value]) {
    let before = isBack();
    effect(() => {
      const now = isBack();
      if (now && !before) untracked(outgoing.hurry);
      before = now;
    });
  }
}

/** What is no part of the first screen. */
async function loadMore() {
  const levels = import("./actions/notifications.js").then((actions) => actions.loadNotificationSettings());
  levels.catch(() => undefined);
  await loadPeople();
}

/** What the next message may need is loaded when there is nothing else to do. */
function beReady() {
  const stop = effect(() => {
    if (!isReady.value) return;
    const idle = globalThis.requestIdleCallback ?? ((/** @type {() => void} */ act) => setTimeout(act, 500));
    idle(loadMarkdown);
    queueMicrotask(() => stop());
  });
}

function main() {
  if (isElsewhere()) {
    const there = new URL(/** @type {string} */ (config.public_url));
    there.pathname = location.pathname.replace(/^\/+/, "/"); // with two it would be another host's
    location.replace(there);
    return;
  }
  sync.watch({ onScreen, reload, loadMore });
  router.listen();
  outgoing.listen();
  watch();
  follow();
  sendAgain();
  beReady();
  render(html`<${App} />`, /** @type {HTMLElement} */ (document.getElementById("app")));
  addEventListener("beforeunload", keepUnsent);
  void session.start();
}

/** Lets the browser ask first: what is on its way is lost with the page. @param {BeforeUnloadEvent} event */
function keepUnsent(event) {
  if (outgoing.pending.value.length) event.preventDefault();
}

main();
