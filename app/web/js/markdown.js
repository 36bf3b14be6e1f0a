/**
 * Messages as HTML. What a person writes is Markdown, never HTML: tags come out as the text that they are, there are no
 * pictures, and a link leads to the web or to a mailbox or is none. `trusted.js` cleans the outcome once more.
 */
import { Marked } from "marked";

const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/** @type {Record<string, string>} */
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** @param {string} text */
export const escape = (text) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");

/**
 * The address that a link may have, or null. Only whole addresses count: what is relative would lead into the app.
 * @param {string} href
 */
export function safeHref(href) {
  try {
    const url = new URL(href);
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

const marked = new Marked({
  gfm: true,
  breaks: true,
  async: false,
  renderer: {
    html: ({ raw, text }) => escape(raw ?? text),
    link({ href, tokens, raw }) {
      const safe = safeHref(href);
      if (!safe) return escape(raw);
      return `<a href="${escape(safe)}" rel="noopener noreferrer nofollow" target="_blank">${this.parser.parseInline(tokens ?? [])}</a>`;
    },
    /** A picture is a link to it: nobody's browser fetches what another person named. */
    image({ href, text, raw }) {
      const safe = safeHref(href);
      if (!safe) return escape(raw);
      return `<a href="${escape(safe)}" rel="noopener noreferrer nofollow" target="_blank">${escape(text || safe)}</a>`;
    },
    /** Headings of a message are not those of the page. */
    heading({ tokens }) {
      return `<p class="md-heading">${this.parser.parseInline(tokens)}</p>`;
    },
    code: ({ text }) => `<pre tabindex="0"><code>${escape(text)}</code></pre>`,
    checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
  },
});

/** Raw tags and references to elsewhere in the text are no Markdown of ours. */
marked.use({
  tokenizer: {
    html: () => undefined,
    tag: () => undefined,
    def: () => undefined,
  },
});

/** Deeper than this nothing is set any more: quotes in quotes in quotes cost time and show nothing. */
const DEEPEST = 12;

/** More marks than this are shown as they were written: what they mean takes longer to find out the more there are. */
const MOST_MARKS = 1500;

const MARK = /[*_`~[\]<>|\\&!]|^[ \t]*(?:[-+]|\d+[.)])(?:[ \t]|$)/gm;

/** An item of a list that stands within a dozen others. */
const DEEP_ITEM = /^[ \t]{36,}(?:[-+*]|\d+[.)])(?:[ \t]|$)/m;

/** HTML that has yet to be cleaned. @param {string} text @returns {string} */
export function toHtml(text) {
  if (isTooDeep(text) || (text.match(MARK)?.length ?? 0) > MOST_MARKS)
    return `<p>${escape(text).replace(/\n/g, "<br>")}</p>`;
  return marked.parse(text, { async: false });
}

/** @param {string} text */
function isTooDeep(text) {
  for (const line of text.split("\n")) {
    const marks = /^[\s>*+\-\d.)]*/.exec(line)?.[0].match(/>|[*+-](?=\s)|\d[.)](?=\s)/g);
    if (marks && marks.length > DEEPEST) return true;
  }
  return /[[(*_~]{40,}/.test(text) || DEEP_ITEM.test(text);
}
