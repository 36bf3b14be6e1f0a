/** What the places where messages are written have in common. */

/** Characters that a message may have, as the server counts them. */
export const MOST = 10_000;

/** Makes an area as high as its text; its style says how high at most. @param {HTMLTextAreaElement | null} area */
export function grow(area) {
  if (!area) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
}

/** @type {Record<string, string>} */
const MARKS = { b: "**", i: "_", e: "`" };

/**
 * Puts Markdown's marks around what is chosen, for Ctrl-B, Ctrl-I and Ctrl-E; says whether it was one of these.
 * @param {KeyboardEvent} event @param {HTMLTextAreaElement} area
 */
export function mark(event, area) {
  const sign = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && MARKS[event.key];
  if (!sign) return false;
  event.preventDefault();
  const { selectionStart: start, selectionEnd: end, value } = area;
  area.setRangeText(`${sign}${value.slice(start, end)}${sign}`, start, end, "end");
  const inside = start === end ? start + sign.length : end + 2 * sign.length;
  area.setSelectionRange(inside, inside);
  area.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}
