import assert from "node:assert/strict";
import { test } from "node:test";
import { makeParser } from "#web/js/sse.js";

const TEXT =
  'retry: 1000\nevent: ready\ndata: {"user_id":4}\nid: a\n\n:\nid: b\n\nevent: typing\ndata: {"x":\ndata: 1}\n\n:\n\n';
const EVENTS = [
  { type: "ready", data: { user_id: 4 }, id: "a" },
  { type: "", data: null, id: "b" },
  { type: "typing", data: { x: 1 }, id: null },
];

test("events, a bare id and comments", () => {
  assert.deepEqual(makeParser()(TEXT), EVENTS);
});

for (const [name, end] of [["line feeds", "\n"], ["both", "\r\n"], ["carriage returns", "\r"]]) {
  test(`the same however it is cut, with ${name}`, () => {
    const text = TEXT.replaceAll("\n", end);
    for (let size = 1; size < text.length; size += 1) {
      const parse = makeParser();
      const found = [];
      for (let from = 0; from < text.length; from += size) found.push(...parse(text.slice(from, from + size)));
      // A lone carriage return at the very end may be half of a line's end.
      assert.deepEqual([...found, ...parse("\n")].slice(0, 3), EVENTS, `pieces of ${size}`);
    }
  });
}

test("what is not whole yet is not given", () => {
  const parse = makeParser();
  assert.deepEqual(parse("event: a\ndata: 1\nid: x\n"), []);
  assert.deepEqual(parse("\n"), [{ type: "a", data: 1, id: "x" }]);
});

test("an event without a type is a message, and unknown fields are nothing", () => {
  assert.deepEqual(makeParser()("data: 1\nfoo: bar\nbaz\n\n"), [{ type: "message", data: 1, id: null }]);
});
