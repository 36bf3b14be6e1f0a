/** A form that sends one call: busy while it runs, each complaint beside its field, the rest above the button. */
import { html, useRef, useState } from "../html.js";
import { complaint, fieldErrors } from "../complaints.js";
import { Button } from "./Button.js";
import { Icon } from "./icons.js";

/**
 * @typedef {{busy: boolean, wrong: Record<string, string>, error: string, clear: () => void,
 * run: (act: () => Promise<any>) => Promise<boolean>}} Sending
 */

/**
 * State of a call: `wrong` has what is said of fields, `error` what is said of the whole.
 * @param {string[]} [fields] those that show their own complaints @returns {Sending}
 */
export function useSending(fields = []) {
  const [state, setState] = useState({ busy: false, wrong: /** @type {Record<string, string>} */ ({}), error: "" });
  const running = useRef(false);
  return {
    ...state,
    clear: () => setState({ busy: false, wrong: {}, error: "" }),
    async run(act) {
      if (running.current) return false;
      running.current = true;
      setState({ busy: true, wrong: {}, error: "" });
      try {
        await act();
        setState({ busy: false, wrong: {}, error: "" });
        return true;
      } catch (error) {
        const wrong = fieldErrors(error);
        const elsewhere = Object.keys(wrong).filter((name) => !fields.includes(name));
        const isAllSaid = Object.keys(wrong).length > 0 && elsewhere.length === 0;
        const rest = elsewhere.map((name) => wrong[name]).join(" ");
        setState({ busy: false, wrong, error: isAllSaid ? "" : rest || complaint(error) });
        return false;
      } finally {
        running.current = false;
      }
    },
  };
}

/** @param {{error?: string}} props */
export const FormError = ({ error }) =>
  html`<div role="alert">
    ${error && html`<p class="note danger"><${Icon} name="warning" /><span>${error}</span></p>`}
  </div>`;

/**
 * @param {{sending: Sending, submit: string, onSubmit: () => Promise<any>, onDone?: () => void, children?: any,
 * kind?: string, foot?: any, class?: string, disabled?: boolean}} props
 */
export function Form({
  sending,
  submit,
  onSubmit,
  onDone,
  children,
  kind = "main",
  foot,
  class: more = "stack",
  disabled,
}) {
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const onSend = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const isDone = await sending.run(onSubmit);
    if (isDone) onDone?.();
    else
      requestAnimationFrame(() =>
        /** @type {HTMLElement | null | undefined} */ (form.current?.querySelector("[aria-invalid=true]"))?.focus(),
      );
  };
  return html`<form class=${more} ref=${form} onSubmit=${onSend}>
    ${children}
    <${FormError} error=${sending.error} />
    <div class="dialog-foot">
      ${foot}<${Button} type="submit" kind=${kind} busy=${sending.busy} disabled=${disabled}>${submit}<//>
    </div>
  </form>`;
}
