/** Dialogs, by the browser's own: it keeps the focus in and closes on Escape. */
import { html, signal, useEffect, useId, useRef } from "../html.js";
import { t } from "../i18n.js";
import { Button, IconButton } from "./Button.js";
import { FormError, useSending } from "./Form.js";

/** An element and what can have the focus around it: buttons may be gone afterwards. @param {Element | null} element */
function around(element) {
  const places = /** @type {(HTMLElement | undefined | null)[]} */ ([]);
  for (let at = element; at; at = at.parentElement?.closest("[tabindex]") ?? null)
    places.push(/** @type {HTMLElement} */ (at));
  return places;
}

/**
 * @param {{title: string, onClose: () => void, children?: any, large?: boolean, class?: string, bare?: boolean,
 * next?: () => HTMLElement | null | undefined}} props `next` has the focus afterwards, else what had it
 */
export function Dialog({ title, onClose, children, large, class: more = "", bare, next }) {
  const id = useId();
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    const [before, ...others] = around(document.activeElement);
    dialog.current?.showModal();
    const first = /** @type {HTMLElement | null | undefined} */ (dialog.current?.querySelector("[data-autofocus]"));
    first?.focus();
    return () => {
      dialog.current?.close();
      [next?.(), before, ...others].find((place) => place?.isConnected)?.focus();
    };
  }, []);
  const onCancel = (/** @type {Event} */ event) => {
    event.preventDefault();
    onClose();
  };
  const onPress = (/** @type {MouseEvent} */ event) => {
    if (event.target === dialog.current) onClose();
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => event.stopPropagation();
  return html`<dialog
    ref=${dialog}
    class=${`dialog ${large ? "large" : ""} ${more}`}
    aria-labelledby=${id}
    onCancel=${onCancel}
    onMouseDown=${onPress}
    onKeyDown=${onKey}
  >
    ${
      bare
        ? html`<h2 class="hidden" id=${id}>${title}</h2>
            ${children}`
        : html`<div class="dialog-head">
              <h2 id=${id}>${title}</h2>
              <${IconButton} icon="close" label=${t("close")} onClick=${onClose} />
            </div>
            <div class="dialog-body">${children}</div>`
    }
  </dialog>`;
}

/**
 * The dialog that is open: a component and its props.
 * @type {import("@preact/signals").Signal<{of: any, props: any} | null>}
 */
export const openDialog = signal(/** @type {any} */ (null));

/**
 * Shows a dialog, in place of one that is open.
 * @param {any} of a component that takes `onClose`
 * @param {any} [props]
 */
export const show = (of, props = {}) => (openDialog.value = { of, props });

export const closeDialog = () => (openDialog.value = null);

/** Where the dialog that was asked for is shown. */
export function DialogPlace() {
  const open = openDialog.value;
  return open && html`<${open.of} ...${open.props} onClose=${closeDialog} />`;
}

/**
 * Asks before something that is not easily undone.
 * @param {{title: string, text?: string, action: string, danger?: boolean, act: () => Promise<any>,
 * next?: () => HTMLElement | null | undefined}} question `next` has the focus once that is done
 */
export const ask = (question) => show(Question, question);

/**
 * @param {{title: string, text?: string, action: string, danger?: boolean, act: () => Promise<any>,
 * next?: () => HTMLElement | null | undefined, onClose: () => void}} props
 */
function Question({ title, text, action, danger = true, act, next, onClose }) {
  const sending = useSending();
  const isDone = useRef(false);
  const onSure = async () => {
    isDone.current = await sending.run(act);
    if (isDone.current) onClose();
  };
  return html`<${Dialog} title=${title} onClose=${onClose} next=${() => (isDone.current ? next?.() : null)}>
    ${text && html`<p class="soft">${text}</p>`}
    <${FormError} error=${sending.error} />
    <div class="dialog-foot">
      <${Button} onClick=${onClose}>${t("cancel")}<//>
      <${Button} kind=${danger ? "danger main" : "main"} busy=${sending.busy} onClick=${onSure} data-autofocus
        >${action}<//
      >
    </div>
  <//>`;
}
