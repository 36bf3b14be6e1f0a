/** A text as a QR code: dark on light in every theme, as readers want it, and with the margin that they need. */
import { encode } from "uqr";
import { html } from "../html.js";

const MARGIN = 4;

/** What is dark, row by row and in one stroke as far as it goes. @param {boolean[][]} squares */
const shape = (squares) =>
  squares
    .flatMap((row, y) =>
      [...row.map(Number).join("").matchAll(/1+/g)].map(
        ({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`,
      ),
    )
    .join("");

/** @param {{text: string, label: string}} props */
export function QrCode({ text, label }) {
  const { data, size } = encode(text, { ecc: "M", border: MARGIN });
  return html`<svg class="qr" viewBox=${`0 0 ${size} ${size}`} role="img" aria-label=${label}>
    <path fill="#fff" d=${`M0 0h${size}v${size}h-${size}z`} />
    <path fill="#000" shape-rendering="crispEdges" d=${shape(data)} />
  </svg>`;
}
