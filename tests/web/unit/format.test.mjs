import assert from "node:assert/strict";
import { test } from "node:test";
import {
  badge,
  codePoints,
  dayNumber,
  dayOf,
  initials,
  isOnlyEmoji,
  lengthOf,
  oneLine,
  tint,
} from "#web/js/format.js";
import { deviceOf } from "#web/js/device.js";

const NOW = new Date(2026, 10, 26, 12, 0);
/** @param {number} day @param {number} [hour] @param {number} [year] */
const on = (day, hour = 12, year = 2026) => new Date(year, 10, day, hour).toISOString();

test("days are called as one calls them", () => {
  assert.equal(dayOf(on(26, 0), NOW), "Today");
  assert.equal(dayOf(on(26, 23), NOW), "Today");
  assert.equal(dayOf(on(25, 23), NOW), "Yesterday");
  assert.match(dayOf(on(20), NOW), /^Friday,? /);
  assert.doesNotMatch(dayOf(on(20), NOW), /2026/);
  assert.match(dayOf(on(20, 12, 2025), NOW), /2025/);
});

test("a day is a day however long its clock says it is", () => {
  assert.equal(dayNumber(new Date(2026, 2, 30, 0, 30)) - dayNumber(new Date(2026, 2, 28, 23, 30)), 2);
});

test("characters are counted as the server does", () => {
  for (const text of ["", "abc", "😀", "a😀b", "👨‍👩‍👧", "\ud83d", "é", "\ude00\ud83d"])
    assert.equal(codePoints(text), [...text].length, JSON.stringify(text));
});

test("initials are of the first and the last word, and whole characters", () => {
  assert.equal(initials("Ann"), "A");
  assert.equal(initials("ann b. clark"), "AC");
  assert.equal(initials("  "), "");
  assert.equal(initials("👨‍👩‍👧 Family"), "👨‍👩‍👧F");
  assert.equal(initials("(Bob)"), "B");
  assert.equal(initials("محمد علي"), "مع");
});

test("one to six emoji alone are large", () => {
  for (const text of ["😀", "👍🏽", "👨‍👩‍👧‍👦", "🇩🇪", "1️⃣", "❤️", "😀 😀\n😀", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"]) assert.ok(isOnlyEmoji(text), text);
  for (const text of ["", " ", "1", "ok 👍", "😀😀😀😀😀😀😀", "#", "©a", "5"]) assert.ok(!isOnlyEmoji(text), text);
});

test("the same person has the same colour", () => {
  assert.equal(tint(7), tint(7));
  for (let id = 1; id < 500; id++) assert.ok(tint(id) >= 0 && tint(id) < 12);
});

test("short forms", () => {
  assert.equal(badge(99), "99");
  assert.equal(badge(100), "99+");
  assert.equal(lengthOf(1), "1 second");
  assert.equal(lengthOf(90), "2 minutes");
  assert.equal(lengthOf(7200), "2 hours");
  assert.equal(lengthOf(86_400), "1 day");
  assert.equal(oneLine("a\n\n b"), "a b");
  assert.equal([...oneLine("😀".repeat(300))].length, 140);
});

test("a browser is called by its name", () => {
  const chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36";
  assert.equal(deviceOf(`Mozilla/5.0 (X11; Linux x86_64) ${chrome}`), "Chrome, Linux");
  assert.equal(deviceOf(`Mozilla/5.0 (Windows NT 10.0; Win64) ${chrome} Edg/150.0`), "Edge, Windows");
  assert.equal(deviceOf("Mozilla/5.0 (Android 16; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0"), "Firefox, Android");
  assert.equal(deviceOf("bin/chat"), "bin/chat");
  assert.equal(deviceOf(""), "");
});
