/** Screens that are loaded when they are first opened. */
import { html, useEffect, useState } from "../html.js";
import { Button } from "../components/Button.js";
import { EmptyState } from "../components/EmptyState.js";
import { Loading } from "../components/Spinner.js";
import { t } from "../i18n.js";

/** @param {() => Promise<any>} load @returns {(props: any) => any} */
export function lazy(load) {
  /** @type {any} */
  let loaded = null;
  return function Lazy(props) {
    const [state, setState] = useState(loaded ? "in" : "");
    const begin = () => {
      setState("");
      load().then(
        (module) => {
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
    if (state !== "failed") return html`<main class="main" id="main"><${Loading} /></main>`;
    return html`<main class="main" id="main">
      <${EmptyState} icon="warning" title=${t("error.network")}
        ><${Button} icon="retry" onClick=${begin}>${t("try_again")}<//><//
      >
    </main>`;
  };
}
