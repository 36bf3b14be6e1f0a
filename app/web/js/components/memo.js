/** A component that is rendered again only when one of its props is another. */
import { Component } from "preact";
import { html } from "../html.js";

/**
 * @template P
 * @param {(props: P) => any} inner
 * @returns {any}
 */
export function memo(inner) {
  return class extends Component {
    /** @override @param {Record<string, any>} next */
    shouldComponentUpdate(next) {
      const now = /** @type {Record<string, any>} */ (this.props);
      for (const name in next) if (next[name] !== now[name]) return true;
      for (const name in now) if (!(name in next)) return true;
      return false;
    }

    /** @override */
    render() {
      return html`<${inner} ...${this.props} />`;
    }
  };
}
