/** Going through the messages by keys: up and down from one to the next, Escape back to where one writes. */

/** @param {KeyboardEvent} event of the element that scrolls */
export function goThrough(event) {
  const list = /** @type {HTMLElement} */ (event.currentTarget);
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.matches("textarea, input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    /** @type {HTMLElement | null} */ (list.closest(".conversation")?.querySelector(".composer textarea"))?.focus();
    return;
  }
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
  const all = /** @type {HTMLElement[]} */ ([...list.querySelectorAll(".message")]);
  const now = all.indexOf(/** @type {HTMLElement} */ (target.closest(".message")));
  const next = now < 0 ? lastInView(list, all) : all[now + (event.key === "ArrowUp" ? -1 : 1)];
  if (!next) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

/** @param {HTMLElement} list @param {HTMLElement[]} all */
function lastInView(list, all) {
  const { bottom } = list.getBoundingClientRect();
  return all.findLast((message) => message.getBoundingClientRect().top < bottom);
}
