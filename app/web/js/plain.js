/** Which messages are no Markdown: most of them, and what sets Markdown is not loaded for these. */

/**
 * Anything that Markdown could mean something by; the rest is shown as it is, which most messages are. No part of it may
 * run over the end of a line: of ten thousand empty ones each would look through all that follow.
 */
export const MARKS = /[*_`~[\]<>#|\\&]|^[ \t]*(?:[-+]|\d+[.)])[ \t]|^[ \t]*(?:-{3,}|={3,})[ \t]*$|^(?: {4}|\t)|https?:\/\/|www\.|\S@\S/im;

/** @param {string} text */
export const isPlain = (text) => !MARKS.test(text);
