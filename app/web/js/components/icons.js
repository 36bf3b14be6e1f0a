/** The pictures of buttons and lists: strokes in the colour of the text, hidden from screen readers. */
import { html } from "../html.js";

/** @type {Record<string, string>} */
const SHAPES = {
  add: "M10 4v12M4 10h12",
  back: "M12 4l-6 6 6 6",
  bell: "M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13zM8.5 18h3",
  bellOff: "M5 14V9a5 5 0 0 1 8.6-3.4M15 9v5M3.5 15.5H15M8.5 18h3M3 3l14 14",
  block: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M5 5l10 10",
  check: "M4 10.5l4 4 8-9",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 6v4l2.6 1.6",
  close: "M5 5l10 10M15 5L5 15",
  copy: "M7 7h9v10H7zM4 13V3h9",
  down: "M10 4v12M5 11l5 5 5-5",
  edit: "M4 16l1-4 8.5-8.5 3 3L8 15zM12 5l3 3",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5M10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  eyeOff: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5M4 17L16 3",
  flag: "M5 17V3.5c3-1.5 6 1.5 10 0v8c-4 1.5-7-1.5-10 0",
  gear:
    "M10 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5M10 2.5v2.2M10 15.3v2.2M2.5 10h2.2M15.3 10h2.2M4.7 4.7l1.5 1.5" +
    "M13.8 13.8l1.5 1.5M4.7 15.3l1.5-1.5M13.8 6.2l1.5-1.5",
  hash: "M4 7.5h13M3 12.5h13M8.5 3l-2 14M13.5 3l-2 14",
  info: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 9.3V14M10 6.5v.1",
  key: "M7 9.5a3.5 3.5 0 1 0 0 .1M10.5 10H17v3M14 10v2",
  leave: "M8 3H4v14h4M9 10h8M14 7l3 3-3 3",
  link: "M8.5 11.5l3-3M9 6l2-2a3.5 3.5 0 0 1 5 5l-2 2M11 14l-2 2a3.5 3.5 0 0 1-5-5l2-2",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  open: "M7 4l6 6-6 6",
  people:
    "M7.5 4a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4M2.5 16.5c0-3 2-5 5-5s5 2 5 5" +
    "M13 4.3a2.7 2.7 0 0 1 0 5M14.7 11.9c1.8.7 2.8 2.4 2.8 4.6",
  person: "M10 3.5a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4M4 17c0-3.3 2.4-5.3 6-5.3s6 2 6 5.3",
  reply: "M8 5L3 10l5 5M3.5 10H12a5 5 0 0 1 5 5v1",
  retry: "M15.5 7A6.3 6.3 0 1 0 16.3 10M16 3v4h-4",
  search: "M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M13 13l4 4",
  send: "M10 16V4M5 9l5-5 5 5",
  shield: "M10 2.5l6.5 2.5v5c0 4-2.7 6.5-6.5 7.7C6.2 16.5 3.5 14 3.5 10V5z",
  speaker: "M3.5 8v4h3l7 3.5v-11L6.5 8zM16 8.5a2.5 2.5 0 0 1 0 3",
  trash: "M3.5 5.5h13M8 5.5V3.5h4v2M5.5 5.5l.8 11.5h7.4l.8-11.5M8.5 8.5v5.5M11.5 8.5v5.5",
  up: "M5 12l5-5 5 5",
  unfold: "M5 8l5 5 5-5",
  warning: "M10 3l7.5 13.5h-15zM10 8v4M10 14.3v.1",
};

/** @param {{name: string}} props */
export const Icon = ({ name }) =>
  html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
    <path d=${SHAPES[name]} />
  </svg>`;

/** The mark of the product, beside its name. */
export const Mark = () =>
  html`<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <path d="M7 3h18a5 5 0 0 1 5 5v11a5 5 0 0 1-5 5H14l-7 6v-6a5 5 0 0 1-5-5V8a5 5 0 0 1 5-5z" fill="var(--accent)" />
    <path d="M9 11h14M9 17h9" stroke="var(--on-accent)" stroke-width="2.6" stroke-linecap="round" />
  </svg>`;
