/** The one place where a string becomes HTML: cleaned by DOMPurify, whose policy is the only one the page allows. */
import DOMPurify from "dompurify";
import { toHtml } from "./markdown.js";

const ALLOWED = {
  ALLOWED_TAGS: [
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
  ],
  ALLOWED_ATTR: ["href", "rel", "target", "class", "start", "align", "tabindex"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:)/i,
  /** All else that is allowed has to match that too, but for these. */
  ADD_URI_SAFE_ATTR: ["rel", "target", "start", "align", "tabindex"],
  RETURN_TRUSTED_TYPE: true,
};

const MOST = 400;

/**
 * By the text itself: the same text is the same HTML, and scrolling back sets nothing again.
 * @type {Map<string, any>}
 */
const known = new Map();

/** A message's HTML, fit for `innerHTML`. @param {string} text */
export function messageHtml(text) {
  let html = known.get(text);
  if (html === undefined) {
    html = DOMPurify.sanitize(toHtml(text), ALLOWED);
    if (known.size >= MOST) known.delete(known.keys().next().value ?? "");
    known.set(text, html);
  }
  return html;
}
