import assert from "node:assert/strict";
import { test } from "node:test";
import { best } from "#web/js/search.js";

const NAMES = ["general", "Zoë Müller", "design-general", "generators", "Bob", "x-general-y", "gxexnxexrxaxl"];
/** @param {string} text */
const find = (text) => best(NAMES, text, (name) => name);

test("what begins so comes before what has it inside, and letters in order come last", () => {
  assert.deepEqual(find("general"), ["general", "design-general", "x-general-y", "gxexnxexrxaxl"]);
});

test("accents and case do not matter", () => {
  assert.deepEqual(find("zoe mu"), ["Zoë Müller"]);
  assert.deepEqual(
    best(["zoe or me, you", "Zoë Müller"], "zoe mu", (name) => name),
    ["Zoë Müller", "zoe or me, you"],
  );
  assert.deepEqual(find("BOB"), ["Bob"]);
});

test("the sign of a channel or a person may stand in front", () => assert.equal(find("#general")[0], "general"));

test("without anything typed all are there, those that matter first", () => {
  assert.deepEqual(
    best(
      NAMES,
      " ",
      (name) => name,
      (name) => name === "Bob",
    ).slice(0, 2),
    ["Bob", "general"],
  );
  assert.deepEqual(find("qqq"), []);
});
