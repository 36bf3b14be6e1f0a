/** Screens that are loaded when they are first opened. */
import { html, useEffect, useState } from "../html.js";
import { Button } from "../components/Button.js";
import { EmptyState } from "../components/EmptyState.js";
import { Loading } from "../components/Spinner.js";
import { allTexts, t } from "../i18n.js";

const SCREEN = (/** @type {any} */ inside) => html`<main class="main" id="main">${inside}</main>`;
const DOOR = (/** @type {any} */ inside) => html`<main class="door">${inside}</main>`;
const PANEL = (/** @type {any} */ inside) => html`<aside class="panel">${inside}</aside>`;

/** What is around a screen, and stands already while it is being loaded. */
export const AROUND = { SCREEN, DOOR, PANEL };

/** @param {() => Promise<any>} load @param {(inside: any) => any} [around] @returns {(props: any) => any} */
export function lazy(load, around = SCREEN) {
  /** @type {any} */
  let loaded = null;
  return function Lazy(props) {
    const [state, setState] = useState(loaded ? "in" : "");
    const begin = () => {
      setState("");
      Promise.all([load(), allTexts()]).then(
        ([module]) => {
          loaded = module;
          setState("in");
        },
        () => setState("failed"),
      );
    };
    useEffect(() => {
      if (!loaded) begin();
    }, []);
    if (loaded) return html`<${loaded} ...${props} />`;
    if (state !== "failed") return around(html`<${Loading} />`);
    return around(
      html`<${EmptyState} icon="warning" title=${t("error.network")}
        ><${Button} icon="retry" onClick=${begin}>${t("try_again")}<//><//
      >`,
    );
  };
}
