import assert from "node:assert/strict";
import { test } from "node:test";
import { safeHref, toHtml } from "#web/js/markdown.js";
import { isPlain } from "#web/js/plain.js";

/** What people write to get at others; `tests/web/browser` puts the same into a real page. */
export const HOSTILE = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg/onload=alert(1)>",
  "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
  "<iframe src=javascript:alert(1)></iframe>",
  '<a href="javascript:alert(1)">x</a>',
  "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
  "<details open ontoggle=alert(1)>",
  '<div style="background:url(javascript:alert(1))">x</div>',
  "<form action=javascript:alert(1)><button>x</button></form>",
  "<base href=//evil.example>",
  "<!--><img src=x onerror=alert(1)>-->",
  "<![CDATA[<img src=x onerror=alert(1)>]]>",
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](java\tscript:alert(1))",
  "[x](&#106;avascript:alert(1))",
  "[x](\x01javascript:alert(1))",
  "[x](vbscript:alert(1))",
  "[x](data:text/html,<script>alert(1)</script>)",
  "[x](file:///etc/passwd)",
  "[x](//evil.example)",
  "[x](/settings)",
  '[x](https://example.org"onmouseover="alert(1))',
  "[x](https://example.org 'a\" onmouseover=\"alert(1)')",
  "[a]: javascript:alert(1)\n\n[a]",
  "![x](javascript:alert(1))",
  "![<img src=x onerror=alert(1)>](https://example.org/x.png)",
  '![x" onerror="alert(1)](https://example.org/x.png)',
  '![x](https://example.org/x.png" onerror="alert(1))',
  '<https://example.org" onclick=alert(1)>',
  "<javascript:alert(1)>",
  "`<img src=x onerror=alert(1)>`",
  '```html"><img src=x onerror=alert(1)>\n<script>alert(1)</script>\n```',
  "    <script>alert(1)</script>",
  "| <img src=x onerror=alert(1)> |\n|---|\n| <script>alert(1)</script> |",
  "- [ ] <img src=x onerror=alert(1)>",
  "# <script>alert(1)</script>",
  "> <script>alert(1)</script>",
  "**<img src=x onerror=alert(1)>**",
  "\\<img src=x onerror=alert(1)>",
  "&lt;img src=x onerror=alert(1)&gt;",
];

const TAGS = new Set([
  "a",
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
]);
const ATTRIBUTES = new Set(["href", "rel", "target", "class", "start", "align", "tabindex"]);

/** @param {string} html */
function check(html) {
  for (const [, closing, tag = "", rest = ""] of html.matchAll(/<(\/?)([a-z0-9]*)([^>]*)>/gi)) {
    assert.ok(TAGS.has(tag), `<${closing}${tag}> in ${html}`);
    for (const [, name = "", value = ""] of rest.matchAll(/([^\s=]+)="([^"]*)"/g)) {
      assert.ok(ATTRIBUTES.has(name), `${name} in ${html}`);
      if (name === "href") assert.match(value, /^(https?:|mailto:)/, html);
    }
    assert.equal(rest.replace(/\s+[a-z]+="[^"<>]*"/g, "").trim(), "", `loose attributes in ${html}`);
  }
}

for (const text of HOSTILE) test(`is harmless: ${JSON.stringify(text).slice(0, 60)}`, () => check(toHtml(text)));

test("tags are shown as the text that they are", () => {
  assert.equal(toHtml("<b>no</b>").trim(), "<p>&lt;b&gt;no&lt;/b&gt;</p>");
  assert.equal(
    toHtml("<div>\n\n*yes*\n\n</div>").trim(),
    "<p>&lt;div&gt;</p>\n<p><em>yes</em></p>\n<p>&lt;/div&gt;</p>",
  );
});

test("what stands for a link elsewhere in the text is text", () => {
  assert.match(toHtml("[a]: https://example.org\n\n[a]"), /\[a\]: <a /);
});

test("links open elsewhere and tell nobody from where", () => {
  const html = toHtml("https://example.org/a_b");
  assert.match(html, /<a href="https:\/\/example\.org\/a_b" rel="noopener noreferrer nofollow" target="_blank">/);
});

test("a picture is a link to it", () => {
  const html = toHtml("![cat](https://example.org/cat.png)");
  assert.ok(!html.includes("<img"));
  assert.match(html, /<a href="https:\/\/example\.org\/cat\.png"[^>]*>cat<\/a>/);
});

test("line ends are line ends", () => assert.match(toHtml("a\nb"), /a<br>b/));

test("a code block keeps its text", () => {
  assert.match(
    toHtml("```js\nif (a < b && c) {}\n```"),
    /<pre tabindex="0"><code>if \(a &lt; b &amp;&amp; c\) \{\}\n?<\/code><\/pre>/,
  );
});

test("only whole addresses of the web and of mailboxes lead somewhere", () => {
  assert.equal(safeHref("https://example.org"), "https://example.org/");
  assert.equal(safeHref("mailto:ann@example.org"), "mailto:ann@example.org");
  for (const href of ["javascript:alert(1)", " javascript:alert(1)", "//evil.example", "/settings", "x", ""])
    assert.equal(safeHref(href), null);
});

test("text without marks is not set at all", () => {
  for (const text of [
    "Good morning",
    "it's 5 o'clock - really?",
    "a (b) c: d; e!",
    "zwei\nZeilen",
    "3 - 2 = 1",
    "мир, שלום",
  ])
    assert.ok(isPlain(text), text);
  for (const text of [
    "*a*",
    "_a_",
    "`a`",
    "# a",
    "> a",
    "- a",
    "1. a",
    "a\n---",
    "    a",
    "https://a.example",
    "www.a.example",
    "ann@example.org",
    "a & b",
    "~~a~~",
    "| a |",
  ])
    assert.ok(!isPlain(text), text);
});

test("quotes within quotes without end cost little", () => {
  for (const text of [
    ">".repeat(9000),
    "> ".repeat(4000),
    "* ".repeat(4000),
    "[".repeat(9000),
    "*a ".repeat(3000),
    "`".repeat(9000),
    "(".repeat(9000),
    "![".repeat(4000),
    "_a".repeat(4000),
    "|".repeat(9000),
    "_a_".repeat(3333),
    "- a\n".repeat(2500),
    "[[a](b)](c)".repeat(900),
    "<?".repeat(5000),
  ]) {
    const before = performance.now();
    check(toHtml(text));
    assert.ok(performance.now() - before < 1000, `${text.slice(0, 8)} took ${performance.now() - before} ms`);
  }
});

test("many empty lines take no longer than other texts", () => {
  for (const end of ["\n", "\r", " \n", "\u2028"]) {
    const text = `${end.repeat(9990 / end.length)}a1`;
    const before = performance.now();
    for (let i = 0; i < 5; i++) isPlain(text);
    assert.ok(performance.now() - before < 1000, JSON.stringify(end));
  }
});

/** Kinds of marks, each by a text that has `count` of them and that is set as something. */
const MARKED = {
  stars: ["em", (count) => "*a* ".repeat(count / 2)],
  backticks: ["code", (count) => "`a` ".repeat(count / 2)],
  links: ["a", (count) => "[a](https://b.example)\n".repeat(count / 2)],
  "items of a list": ["li", (count) => "- a\n".repeat(count)],
  "numbered items": ["li", (count) => "1. a\n".repeat(count)],
  "empty items": ["li", (count) => "-\n".repeat(count)],
  "exclamation marks": ["em", (count) => `${"!".repeat(count - 2)} *a*`],
};

for (const [kind, [tag, text]] of Object.entries(MARKED))
  test(`beyond 1,500 marks a text is shown as it was written: ${kind}`, () => {
    assert.match(toHtml(text(1500)), new RegExp(`<${tag}[ >]`));
    const shown = toHtml(`${text(1500)}* <b>\n&`);
    assert.equal(shown.replace(/<br>/g, ""), `<p>${text(1500).replace(/\n/g, "")}* &lt;b&gt;&amp;</p>`);
    check(shown);
  });

test("what goes deeper than twelve is shown as it was written", () => {
  for (const mark of ["> ", "* ", "1. "]) {
    assert.match(toHtml(`${mark.repeat(12)}a`), /<(blockquote|ul|ol)>/);
    assert.equal(toHtml(`${mark.repeat(13)}a`), `<p>${mark.replace(">", "&gt;").repeat(13)}a</p>`);
  }
  assert.equal(toHtml(`${"[".repeat(40)}a`), `<p>${"[".repeat(40)}a</p>`);
  const items = (depth) => Array.from({ length: depth }, (_, level) => `${"  ".repeat(level)}- a\n`).join("");
  assert.match(toHtml(items(18)), /<ul>/);
  assert.doesNotMatch(toHtml(items(19)), /<ul>/);
});
