/** The frame of the pages before one is in. */
import { html, useEffect, useRef } from "../html.js";
import { Mark } from "../components/icons.js";

/** @param {{title: string, children?: any, foot?: any}} props */
export function Door({ title, children, foot }) {
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    document.title = `${title} · Fechatter`;
  }, [title]);
  return html`<main class="door">
    <div class="door-card">
      <p class="brand"><${Mark} />Fechatter</p>
      <h1 ref=${heading}>${title}</h1>
      ${children} ${foot && html`<p class="door-foot">${foot}</p>`}
    </div>
  </main>`;
}
