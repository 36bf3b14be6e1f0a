import assert from "node:assert/strict";
import { test } from "node:test";
import { Rows, isStable, keyOf } from "#web/js/rows.js";

const ME = 1;
const START = Date.parse("2026-11-26T09:00:00Z");

/** @param {number} seq @param {Record<string, any>} [more] */
const message = (seq, more = {}) => ({
  id: 100 + seq,
  chat_id: 1,
  seq,
  sender_id: 2,
  content: "x",
  client_id: null,
  reply_to: null,
  created_at: new Date(START + seq * 1000).toISOString(),
  edited_at: null,
  deleted_at: null,
  ...more,
});

/** @param {any[]} messages @param {Record<string, any>} [more] */
const told = (messages, more = {}) => ({
  messages,
  pending: [],
  me: ME,
  hasMoreBefore: false,
  hasMoreAfter: false,
  newFrom: null,
  ...more,
});

/** @param {any[]} rows */
const kinds = (rows) => rows.map((row) => row.kind).join(" ");

test("consecutive messages of one person have one head, until a pause, an answer, a day or another", () => {
  const messages = [
    message(1),
    message(2),
    message(3, { sender_id: 3 }),
    message(4, { sender_id: 3, reply_to: 101 }),
    message(5, { sender_id: 3, created_at: new Date(START + 3_600_000).toISOString() }),
  ];
  const rows = new Rows().make(told(messages));
  assert.deepEqual(
    rows.filter((row) => row.kind === "message").map((row) => row.first),
    [true, false, true, true, true],
  );
});

test("a day stands above its first message, and the line of the new above the first that is new", () => {
  const next = new Date(START + 86_400_000).toISOString();
  const rows = new Rows().make(told([message(1), message(2), message(3, { created_at: next })], { newFrom: 2 }));
  assert.equal(kinds(rows), "beginning day message new message day message");
  assert.ok(!isStable(rows[1]) && isStable(rows[2]));
});

test("where there is more it says so at that end, and what is pending waits for the last page", () => {
  const pending = [
    {
      clientId: "a",
      chatId: 1,
      text: "x",
      createdAt: new Date(START).toISOString(),
      state: "sending",
      replyTo: null,
      error: null,
    },
  ];
  assert.equal(
    kinds(new Rows().make(told([message(1)], { hasMoreBefore: true, hasMoreAfter: true, pending }))),
    "more day message more",
  );
  assert.equal(kinds(new Rows().make(told([message(1)], { pending }))), "beginning day message pending");
});

test("one's own message keeps its key when it has come through", () => {
  const pending = [
    {
      clientId: "a",
      chatId: 1,
      text: "x",
      createdAt: new Date(START).toISOString(),
      state: "sending",
      replyTo: null,
      error: null,
    },
  ];
  const before = new Rows().make(told([], { pending })).at(-1);
  const after = new Rows().make(told([message(1, { sender_id: ME, client_id: "a" })])).at(-1);
  assert.equal(keyOf(/** @type {any} */ (before)), keyOf(/** @type {any} */ (after)));
});

test("another's client_id is no key: two people may have the same", () => {
  const rows = new Rows().make(told([message(1, { client_id: "a" }), message(2, { sender_id: 3, client_id: "a" })]));
  assert.equal(new Set(rows.map(keyOf)).size, rows.length);
});

test("rows of messages that are as they were are the same objects", () => {
  const maker = new Rows();
  const messages = Array.from({ length: 50 }, (_, i) => message(i + 1));
  const before = maker.make(told(messages));
  const after = maker.make(told([...messages, message(51)]));
  assert.equal(after.length, before.length + 1);
  for (let i = 1; i < before.length; i++) assert.equal(after[i], before[i]);
});

test("older messages in front leave the rows behind them the same objects", () => {
  const maker = new Rows();
  const messages = Array.from({ length: 50 }, (_, i) => message(i + 51));
  const before = maker.make(told(messages)).filter(({ kind }) => kind === "message");
  const older = Array.from({ length: 50 }, (_, i) => message(i + 1));
  const after = maker.make(told([...older, ...messages])).filter(({ kind }) => kind === "message");
  assert.equal(after.length, 100);
  // Of the first it is decided again whether a name stands there.
  for (let i = 1; i < 50; i++) assert.equal(after[50 + i], before[i]);
});

test("making rows again and again comes to the same as making them once", () => {
  const maker = new Rows();
  let messages = Array.from({ length: 20 }, (_, i) => message(i + 21));
  const steps = [
    () => (messages = [...messages, message(41)]),
    () => (messages = [...Array.from({ length: 20 }, (_, i) => message(i + 1)), ...messages]),
    () => (messages = messages.with(30, { ...messages[30], content: "changed" })),
    () => (messages = messages.slice(0, 10)),
  ];
  for (const step of steps) {
    step();
    assert.deepEqual(maker.make(told(messages, { newFrom: 25 })), new Rows().make(told(messages, { newFrom: 25 })));
  }
});

test("each row has a key of its own", () => {
  const rows = new Rows().make(
    told(
      Array.from({ length: 300 }, (_, i) =>
        message(i + 1, { created_at: new Date(START + i * 3_600_000).toISOString() }),
      ),
      { newFrom: 7 },
    ),
  );
  assert.equal(new Set(rows.map(keyOf)).size, rows.length);
});
