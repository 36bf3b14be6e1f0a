/** Which messages are no Markdown: most of them, and what sets Markdown is not loaded for these. */

/** Anything that Markdown could mean something by; the rest is shown as it is, which most messages are. */
const MARKS = /[*_`~[\]<>#|\\&]|^\s*(?:[-+]|\d+[.)])\s|^\s*(?:-{3,}|={3,})\s*$|^(?: {4}|\t)|https?:\/\/|www\.|\S@\S/im;

/** @param {string} text */
export const isPlain = (text) => !MARKS.test(text);
