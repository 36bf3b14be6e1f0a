import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { close } from "#web/js/channel.js";
import * as outgoing from "#web/js/outgoing.js";
import { dispatch, receive, state } from "#web/js/store.js";
import { forget, take } from "#web/js/tokens.js";
import { ME, chat, created, event, lists, message, page, until } from "./things.mjs";

const { discard, pending, retry, send } = outgoing;
outgoing.listen();

/** What the server is asked, each answered by the test. */
let asked;

beforeEach(() => {
  asked = [];
  mock.method(globalThis, "fetch", (url, request) => {
    return new Promise((resolve, reject) => {
      const problem = (status, code) => resolve(Response.json({ code }, { status }));
      asked.push({ body: JSON.parse(request.body), resolve: (it) => resolve(Response.json(it)), reject, problem });
    });
  });
  take({ access_token: "token", expires_in: 900 });
  dispatch(lists(), { type: "local.loading", chatId: 7, loading: true });
  dispatch({ type: "local.page", chatId: 7, mode: "replace", page: page([]) });
});

afterEach(() => {
  outgoing.forgetAll();
  forget();
  close();
  mock.timers.reset();
  mock.restoreAll();
});

const own = (clientId, seq = 1) => message(seq, { sender_id: ME, client_id: clientId });
const shown = () => state.value.messages[7].items.map(({ seq }) => seq);
const states = () => pending.value.map(({ state }) => state);
const untilAsked = (number) => until(() => asked.length >= number, `${number} requests`);
const untilSolid = () => until(() => !states().length && shown().length === 1, "one that is solid");

test("it is there at once, and solid with the answer", async () => {
  const clientId = send(7, "Hello", { replyTo: 5 });
  assert.deepEqual(states(), ["sending"]);
  await untilAsked(1);
  assert.deepEqual(asked[0].body, { content: "Hello", client_id: clientId, reply_to: 5 });
  asked[0].resolve(own(clientId));
  await untilSolid();
});

test("the event may be first: then the answer changes nothing", async () => {
  const clientId = send(7, "Hello");
  await untilAsked(1);
  receive([created(1, { sender_id: ME, client_id: clientId })]);
  await untilSolid();
  asked[0].resolve(own(clientId));
  send(7, "and another one, to wait for");
  await untilAsked(2);
  assert.deepEqual(shown(), [1]);
});

test("somebody else's message with the same client_id is not mine", async () => {
  const clientId = send(7, "Hello");
  await untilAsked(1);
  receive([created(1, { sender_id: 2, client_id: clientId })]);
  await until(() => shown().length === 1);
  assert.deepEqual(states(), ["sending"]);
});

test("one that is refused has failed at once, and goes again as the same message", async () => {
  const clientId = send(7, "Hello");
  await untilAsked(1);
  asked[0].problem(403, "blocked");
  await until(() => states()[0] === "failed");
  assert.equal(pending.value[0].error.code, "blocked");
  retry(clientId);
  assert.deepEqual(states(), ["sending"]);
  await untilAsked(2);
  assert.equal(asked[1].body.client_id, clientId);
});

const lose = (number) => asked[number - 1].reject(new TypeError("Failed to fetch"));
const untilTried = (number) => until(() => (mock.timers.tick(500), asked.length >= number), `${number} tries`);

/** The first of two, lost three times. */
async function oneWaits() {
  mock.timers.enable({ apis: ["setTimeout"] });
  const first = send(7, "one");
  send(7, "two");
  for (let time = 1; time <= 3; time += 1) {
    await untilTried(time);
    lose(time);
  }
  await until(() => states()[0] === "waiting");
  return first;
}

test("out of reach it is tried for ever as the same message, and waits instead of failing", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  send(7, "Hello");
  for (let time = 1; time <= 9; time += 1) {
    await untilTried(time);
    assert.deepEqual(states(), [time > 3 ? "waiting" : "sending"]);
    lose(time);
  }
  await untilTried(10);
  assert.equal(new Set(asked.map(({ body }) => body.client_id)).size, 1);
});

test("what waits goes at once when the server is back, in the order in which it was written", async () => {
  const first = await oneWaits();
  await until(() => (outgoing.hurry(), asked.length === 4), "a try without a pause");
  asked[3].resolve(own(first));
  await untilAsked(5);
  assert.equal(asked[4].body.content, "two");
});

test("one that waits can be let go of: the next does not wait for its pause", async () => {
  const first = await oneWaits();
  for (let turns = 0; turns < 50; turns += 1) await new Promise((resolve) => setImmediate(resolve));
  discard(first);
  await untilAsked(4);
  assert.equal(asked[3].body.content, "two");
});

test("a server that is there and cannot do it has failed, after some tries", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  send(7, "Hello");
  for (let time = 1; time <= 6; time += 1) {
    await untilTried(time);
    asked[time - 1].problem(500, "internal");
  }
  await until(() => states()[0] === "failed");
});

test("what was sent first arrives first", async () => {
  const first = send(7, "one");
  send(7, "two");
  await untilAsked(1);
  for (let turns = 0; turns < 50; turns += 1) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(asked.length, 1);
  asked[0].resolve(own(first));
  await untilAsked(2);
  assert.equal(asked[1].body.content, "two");
});

test("other chats do not wait", async () => {
  dispatch({ type: "local.chat", chat: chat(8) });
  send(7, "one");
  send(8, "two");
  await untilAsked(2);
});

test("one that failed holds nobody up, and can be let go of", async () => {
  const first = send(7, "one");
  send(7, "two");
  await untilAsked(1);
  asked[0].problem(422, "invalid");
  await untilAsked(2);
  discard(first);
  assert.deepEqual(pending.value.map(({ text }) => text), ["two"]);
});

test("an answer that was lost is made good by the event", async () => {
  const clientId = send(7, "Hello");
  await untilAsked(1);
  receive([event("message.created", { message: own(clientId) })]);
  await untilSolid();
  asked[0].reject(new TypeError("Failed to fetch"));
  send(7, "and another one, to wait for");
  await untilAsked(2);
  assert.notEqual(asked[1].body.client_id, clientId);
});
