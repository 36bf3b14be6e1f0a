/** A button with a menu: arrow keys go through it, Escape and a press elsewhere close it. */
import { html, useEffect, useId, useRef, useState } from "../html.js";
import { badge } from "../format.js";
import { Icon } from "./icons.js";
import { follow } from "./Link.js";

/**
 * @typedef {{label: string, icon?: string, act?: () => void, href?: string, danger?: boolean, checked?: boolean,
 * count?: number}
 * | {title: string} | "line" | false | null | undefined} Item
 */

/** @param {HTMLElement} menu @param {HTMLElement} button */
function place(menu, button) {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const isRtl = getComputedStyle(button).direction === "rtl";
  const wanted = isRtl || at.left + width > innerWidth - 8 ? at.right - width : at.left;
  const below = at.bottom + 4;
  const top = below + height > innerHeight - 8 ? Math.max(8, at.top - height - 4) : below;
  menu.style.left = `${Math.max(8, Math.min(wanted, innerWidth - width - 8))}px`;
  menu.style.top = `${top}px`;
}

/**
 * @param {{items: Item[] | (() => Item[]), label?: string, class?: string, children?: any,
 * onToggle?: (open: boolean) => void, title?: string}} props
 */
export function Menu({ items, label, class: more = "", children, onToggle, title }) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const menu = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (!open || !menu.current || !button.current) return;
    menu.current.showPopover();
    place(menu.current, button.current);
    choices()[0]?.focus();
    const onPress = (/** @type {Event} */ event) => {
      const target = /** @type {Node} */ (event.target);
      if (!menu.current?.contains(target) && !button.current?.contains(target)) toggle(false);
    };
    const onResize = () => toggle(false);
    document.addEventListener("pointerdown", onPress);
    addEventListener("resize", onResize);
    return () => {
      document.removeEventListener("pointerdown", onPress);
      removeEventListener("resize", onResize);
    };
  }, [open]);
  const choices = () => /** @type {HTMLElement[]} */ ([...(menu.current?.querySelectorAll("[role^=menuitem]") ?? [])]);
  const toggle = (/** @type {boolean} */ to) => {
    setOpen(to);
    onToggle?.(to);
  };
  const close = () => {
    toggle(false);
    button.current?.focus();
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    const all = choices();
    const now = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: all.length - 1 }[event.key];
    event.stopPropagation();
    if (event.key === "Tab" || event.key === "Escape") close();
    if (event.key === "Escape") event.preventDefault();
    if (to === undefined) return;
    event.preventDefault();
    all[(to + all.length) % all.length]?.focus();
  };
  const pick = (/** @type {any} */ item) => (/** @type {Event} */ event) => {
    close();
    if (item.href) follow(event, item.href);
    else item.act();
  };
  return html`<button
      type="button"
      ref=${button}
      class=${more}
      aria-label=${label}
      title=${title ?? label}
      aria-haspopup="menu"
      aria-expanded=${open ? "true" : "false"}
      aria-controls=${open ? id : undefined}
      onClick=${() => toggle(!open)}
    >
      ${children}
    </button>
    ${
      open &&
      html`<div
        id=${id}
        ref=${menu}
        class="menu"
        popover="manual"
        role="menu"
        tabindex="-1"
        aria-label=${label ?? title}
        onKeyDown=${onKey}
      >
        ${(typeof items === "function" ? items() : items).map(
          (item) => item && html`<${Choice} item=${item} pick=${pick} />`,
        )}
      </div>`
    }`;
}

/** @param {{item: any, pick: (item: any) => (event: Event) => void}} props */
function Choice({ item, pick }) {
  if (item === "line") return html`<div class="menu-line" role="separator"></div>`;
  if (item.title) return html`<div class="menu-title" role="presentation">${item.title}</div>`;
  const role = item.checked === undefined ? "menuitem" : "menuitemradio";
  const icon = item.checked ? "check" : item.icon;
  const inside = [
    icon ? html`<${Icon} name=${icon} />` : html`<span class="blank"></span>`,
    html`<span class="grow cut" dir="auto">${item.label}</span>`,
    item.count > 0 && html`<span class="badge">${badge(item.count)}</span>`,
  ];
  const shared = {
    role,
    class: `menu-item ${item.danger ? "danger" : ""}`,
    tabindex: -1,
    "aria-checked": item.checked,
  };
  if (item.href) return html`<a ...${shared} href=${item.href} onClick=${pick(item)}>${inside}</a>`;
  return html`<button type="button" ...${shared} onClick=${pick(item)}>${inside}</button>`;
}
