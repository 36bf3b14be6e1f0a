/** Choosing people of a workspace: type to find, Enter or a press to add, Backspace to take the last one back. */
import { html, useEffect, useId, useRef, useState } from "../html.js";
import { loadMembers } from "../actions.js";
import { t } from "../i18n.js";
import { best } from "../search.js";
import { state } from "../store.js";
import { Avatar } from "./Avatar.js";
import { IconButton } from "./Button.js";
import { attempt } from "./Toasts.js";

const MOST = 40;

/**
 * @param {{workspaceId: number, leaveOut: number[], picked: number[], onPick: (ids: number[]) => void,
 * wrong?: string, label: string, isReady?: boolean}} props `isReady` once it is known whom to leave out
 */
export function PeoplePicker({ workspaceId, leaveOut, picked, onPick, wrong, label, isReady = true }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const { members, users } = state.value;
  useEffect(() => void attempt(() => loadMembers(workspaceId)), [workspaceId]);
  useEffect(() => list.current?.children[at]?.scrollIntoView({ block: "nearest" }), [at]);

  const out = new Set([...leaveOut, ...picked]);
  const all = Object.keys((isReady && members[workspaceId]?.roles) || {})
    .map(Number)
    .filter((person) => !out.has(person) && users.byId[person]?.name);
  all.sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  const shown = best(all, text, (person) => `${nameOf(person)} ${users.byId[person]?.email ?? ""}`).slice(0, MOST);

  const add = (/** @type {number | undefined} */ person) => {
    if (person === undefined) return;
    onPick([...picked, person]);
    setText("");
    setAt(0);
    input.current?.focus();
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && (text !== "" || picked.length === 0)) {
      event.preventDefault();
      add(shown[at]);
    } else if (event.key === "Backspace" && text === "" && picked.length) onPick(picked.slice(0, -1));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || shown.length === 0) return;
    event.preventDefault();
    setAt((at + step + shown.length) % shown.length);
  };
  function nameOf(/** @type {number} */ person) {
    return users.byId[person]?.name ?? t("person.unknown");
  }
  return html`<div class="field">
    <label for=${`${id}-input`}>${label}</label>
    ${
      picked.length > 0 &&
      html`<ul class="picked">
        ${picked.map(
          (person) =>
            html`<li class="pick" key=${person}>
              <span class="cut" dir="auto">${nameOf(person)}</span>
              <${IconButton}
                icon="close"
                label=${t("people.take_back", { name: nameOf(person) })}
                onClick=${() => onPick(picked.filter((other) => other !== person))}
              />
            </li>`,
        )}
      </ul>`
    }
    <input
      ref=${input}
      class="input"
      id=${`${id}-input`}
      role="combobox"
      dir="auto"
      autocomplete="off"
      aria-autocomplete="list"
      aria-expanded="true"
      aria-controls=${id}
      aria-activedescendant=${shown.length ? `${id}-${at}` : undefined}
      aria-invalid=${wrong ? "true" : undefined}
      aria-describedby=${wrong ? `${id}-wrong` : undefined}
      placeholder=${t("people.find")}
      value=${text}
      onInput=${(/** @type {any} */ event) => (setText(event.target.value), setAt(0))}
      onKeyDown=${onKey}
      data-autofocus
    />
    ${wrong && html`<p class="wrong" id=${`${id}-wrong`}>${wrong}</p>`}
    <div class="options boxed" id=${id} ref=${list} role="listbox" aria-label=${label}>
      ${shown.map(
        (person, index) =>
          html`<div
            key=${person}
            id=${`${id}-${index}`}
            class="option"
            role="option"
            aria-selected=${index === at ? "true" : "false"}
            onClick=${() => add(person)}
            onPointerMove=${() => index !== at && setAt(index)}
          >
            <${Avatar} person=${users.byId[person]} /><span class="cut" dir="auto">${nameOf(person)}</span
            ><span class="soft small cut grow">${users.byId[person]?.email}</span>
          </div>`,
      )}
    </div>
    ${
      shown.length === 0 &&
      html`<p class="soft small" role="status">
        ${t(!isReady || !members[workspaceId]?.complete ? "loading" : text.trim() ? "people.none" : "people.no_others")}
      </p>`
    }
  </div>`;
}
