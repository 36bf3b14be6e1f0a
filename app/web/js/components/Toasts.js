/** Short words at the foot of the page that go by themselves, and what went wrong where no form can say it. */
import { html, signal } from "../html.js";
import { complaint } from "../complaints.js";
import { t } from "../i18n.js";
import { IconButton } from "./Button.js";

const LASTS = 6000;

/** @type {import("@preact/signals").Signal<{id: number, text: string}[]>} */
export const toasts = signal(/** @type {any[]} */ ([]));

let last = 0;

/** @param {string} text */
export function say(text) {
  const id = ++last;
  toasts.value = [...toasts.value.filter((toast) => toast.text !== text), { id, text }].slice(-3);
  setTimeout(() => drop(id), LASTS);
}

/** @param {number} id */
const drop = (id) => (toasts.value = toasts.value.filter((toast) => toast.id !== id));

/**
 * Runs what no form waits for, and says when it fails.
 * @template T
 * @param {() => Promise<T> | T} act
 * @returns {Promise<T | undefined>}
 */
export async function attempt(act) {
  try {
    return await act();
  } catch (error) {
    say(complaint(error));
    return undefined;
  }
}

export const Toasts = () =>
  html`<div class="toasts" role="status" aria-live="polite">
    ${toasts.value.map(
      ({ id, text }) =>
        html`<div class="toast" key=${id}>
          <span class="grow" dir="auto">${text}</span>
          <${IconButton} icon="close" label=${t("close")} onClick=${() => drop(id)} />
        </div>`,
    )}
  </div>`;
