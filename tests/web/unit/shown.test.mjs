import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { openAhead } from "#web/js/actions.js";
import { close } from "#web/js/channel.js";
import { match, route } from "#web/js/router.js";
import { shown } from "#web/js/screens/shown.js";
import { dispatch } from "#web/js/store.js";
import { forget, take } from "#web/js/tokens.js";
import { chat, lists, message, page, until } from "./things.mjs";

/** Milliseconds: before it and behind it. */
const SOON = 79;
const LATE = 1;

/** By chat, what it is answered with. */
let asked;

/** Three chats, others in each test: the first is open. */
let [a, b, c] = [0, 1, 2];

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  [a, b, c] = [a + 3, b + 3, c + 3];
  asked = {};
  mock.method(globalThis, "fetch", (url) => {
    const id = Number(/chats\/(\d+)\/messages/.exec(url)[1]);
    return new Promise((resolve) => {
      const comes = () => resolve(Response.json(page([message(1, { chat_id: id })])));
      (asked[id] ??= []).push({ comes, fails: () => resolve(Response.json({ code: "gone" }, { status: 410 })) });
    });
  });
  take({ access_token: "token", expires_in: 900 });
  dispatch({ type: "local.signedOut" }, lists({ chats: [a, b, c].map((id) => chat(id)) }));
  to("/settings");
  to(`/chats/${a}`);
  dispatch({ type: "local.loading", chatId: a, loading: true });
  dispatch({ type: "local.page", chatId: a, mode: "replace", page: page([message(1)]) });
});

afterEach(() => {
  forget();
  close();
  mock.timers.reset();
  mock.restoreAll();
});

const to = (path) => void (route.value = match(path));
const path = () => shown.value.path;
const untilAsked = (id, number = 1) => until(() => asked[id]?.length >= number, `${number} questions for ${id}`);

test("a chat is shown when its messages are there, and the one before until then", async () => {
  to(`/chats/${b}`);
  assert.equal(path(), `/chats/${a}`);
  await untilAsked(b);
  mock.timers.tick(SOON);
  assert.equal(path(), `/chats/${a}`);
  asked[b][0].comes();
  await until(() => path() === `/chats/${b}`);
});

test("what is asked for already is not asked for again", async () => {
  openAhead(b);
  await untilAsked(b);
  to(`/chats/${b}`);
  asked[b][0].comes();
  await until(() => path() === `/chats/${b}`);
  assert.equal(asked[b].length, 1);
});

test("with messages that are there it is shown at once", () => {
  dispatch({ type: "local.loading", chatId: b, loading: true });
  dispatch({ type: "local.page", chatId: b, mode: "replace", page: page([]) });
  to(`/chats/${b}`);
  assert.equal(path(), `/chats/${b}`);
});

test("with an answer that does not come it is shown all the same", async () => {
  to(`/chats/${b}`);
  mock.timers.tick(SOON);
  assert.equal(path(), `/chats/${a}`);
  mock.timers.tick(LATE);
  assert.equal(path(), `/chats/${b}`);
  await untilAsked(b);
});

test("with one that cannot be had it is shown at once", async () => {
  to(`/chats/${b}`);
  await untilAsked(b);
  asked[b][0].fails();
  await until(() => path() === `/chats/${b}`);
  assert.equal(asked[b].length, 1);
});

test("of several the last one is shown, and none of those between", async () => {
  const seen = [];
  const stop = shown.subscribe(({ path }) => seen.push(path));
  to(`/chats/${b}`);
  await untilAsked(b);
  to(`/chats/${c}`);
  await untilAsked(c);
  asked[b][0].comes();
  await new Promise((resolve) => setImmediate(resolve));
  asked[c][0].comes();
  await until(() => path() === `/chats/${c}`);
  stop();
  assert.deepEqual(seen, [`/chats/${a}`, `/chats/${c}`]);
});

test("whoever goes on and on does not see the first for ever", async () => {
  to(`/chats/${b}`);
  mock.timers.tick(SOON);
  to(`/chats/${c}`);
  mock.timers.tick(LATE);
  assert.equal(path(), `/chats/${c}`);
  await untilAsked(c);
});

test("back at once is where one was, and nothing comes behind it", async () => {
  to(`/chats/${b}`);
  to(`/chats/${a}`);
  assert.equal(path(), `/chats/${a}`);
  await untilAsked(b);
  asked[b][0].comes();
  mock.timers.tick(SOON + LATE);
  assert.equal(path(), `/chats/${a}`);
});

test("other places, messages by their address and chats that one is not in do not wait", () => {
  for (const place of ["/settings", `/chats/${b}/messages/3`, "/chats/7777", "/w/1/members"]) {
    to(`/chats/${a}`);
    to(place);
    assert.equal(path(), place);
  }
});

test("no door stays in view", () => {
  for (const place of ["/invite/some", "/signin", "/nowhere"]) {
    to(place);
    to(`/chats/${b}`);
    assert.equal(path(), `/chats/${b}`);
  }
});
