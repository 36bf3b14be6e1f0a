/** The main part of a screen, which names the page too. */
import { html, useEffect } from "../html.js";
import { badge } from "../format.js";
import { Header } from "../components/ChatHeader.js";
import { currentWorkspace, unreadInAll } from "../selectors.js";

/** Milliseconds that a title has to stand: what is read as it comes is not worth a word. */
const LATER = 300;

/** @param {{title: string, children?: any}} props */
export function Main({ title, children }) {
  const unread = unreadInAll.value;
  const workspace = currentWorkspace()?.name;
  const place = workspace && workspace !== title ? workspace : "Fechatter";
  const name = `${unread > 0 ? `(${badge(unread)}) ` : ""}${title} · ${place}`;
  useEffect(() => {
    const timer = setTimeout(() => (document.title = name), LATER);
    return () => clearTimeout(timer);
  }, [name]);
  return html`<main class="main" id="main" tabindex="-1">${children}</main>`;
}

/** Whoever came here by the sidebar goes on in the page. */
function useFocus() {
  useEffect(() => {
    const now = document.activeElement;
    if (!now || now === document.body || now.closest(".sidebar"))
      document.getElementById("main")?.focus({ preventScroll: true });
  }, []);
}

/**
 * A screen with a heading and a page below it.
 * @param {{title: string, header?: any, tabs?: any, broad?: boolean, children?: any}} props
 */
export function Page({ title, header, tabs, broad, children }) {
  useFocus();
  return html`<${Main} title=${title}>
    <${Header}
      ><div class="header-title">
        <h1><span class="cut">${title}</span></h1>
      </div>
      ${header}<//
    >
    ${tabs}
    <div class="page" tabindex="0"><div class=${`page-body ${broad ? "broad" : ""}`}>${children}</div></div>
  <//>`;
}

/** @param {{title: string, text?: string, action?: any, children?: any}} props */
export const Section = ({ title, text, action, children }) =>
  html`<section class="section">
    <div class="section-head">
      <div>
        <h2>${title}</h2>
        ${text && html`<p class="soft">${text}</p>`}
      </div>
      ${action}
    </div>
    ${children}
  </section>`;
