import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { wordsOf } from "#web/js/components/Banner.js";
import { send } from "#web/js/http.js";
import * as reach from "#web/js/reach.js";

const { isAway } = reach;
globalThis.addEventListener ??= () => {};
reach.watch();

/** What becomes of the next requests, the last of them again and again; and which there were. */
let answers;
let asked;

beforeEach(() => {
  asked = [];
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(globalThis, "fetch", async (url) => {
    asked.push(url);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    return answer();
  });
});

afterEach(() => {
  reach.heard();
  mock.timers.reset();
  mock.restoreAll();
});

const nothing = () => Promise.reject(new TypeError("Failed to fetch"));
const fine = () => Response.json({});
const gateway = (status) => () => new Response("<h1>Bad Gateway</h1>", { status });
const busy = () => Response.json({ code: "busy" }, { status: 503 });

const ask = () => send("GET", "/api/chats", {}).catch((error) => error);
const settle = async () => {
  for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
};
const pass = async (milliseconds) => {
  for (let passed = 0; passed < milliseconds; passed += 100) {
    mock.timers.tick(100);
    await settle();
  }
};

test("one lost request is nothing that anybody is told of", async () => {
  answers = [nothing, fine];
  await ask();
  await pass(5_000);
  assert.equal(isAway.value, false);
  assert.deepEqual(asked, ["/api/chats", "/api/config"]);
});

test("a server that is silent again is away within two seconds, and back with its first answer", async () => {
  answers = [nothing];
  await ask();
  assert.equal(isAway.value, false);
  await pass(2_000);
  assert.equal(isAway.value, true);
  answers = [fine];
  await pass(8_000);
  assert.equal(isAway.value, false);
  const { length } = asked;
  await pass(20_000);
  assert.equal(asked.length, length, "nobody asks a server that is there");
});

test("it is asked at ever longer pauses, and at once when there is a reason to hope", async () => {
  answers = [nothing];
  await ask();
  await pass(60_000);
  assert.ok(asked.length > 5 && asked.length < 20, `${asked.length} questions`);
  answers = [fine];
  reach.nudge();
  await settle();
  assert.equal(isAway.value, false);
});

test("any answer to anything ends it, and an older question says nothing any more", async () => {
  let fail;
  answers = [nothing, () => new Promise((_, reject) => (fail = reject)), fine];
  await ask();
  await pass(600);
  await ask();
  fail(new TypeError("Failed to fetch"));
  await pass(5_000);
  assert.equal(isAway.value, false);
});

for (const status of [502, 503, 504]) {
  test(`what stands before the server and answers ${status} is not the server`, async () => {
    answers = [gateway(status)];
    await ask();
    await pass(2_000);
    assert.equal(isAway.value, true);
  });
}

test("a server that is busy is there", async () => {
  answers = [nothing, busy];
  await ask();
  await pass(3_000);
  assert.equal(isAway.value, false);
  assert.equal(asked.length, 2);
});

test("the words are those of what is away", () => {
  const words = (connection, isLate, isAway, isOnline = true) => wordsOf({ connection, isLate, isAway, isOnline });
  assert.equal(words("live", false, false), null);
  assert.equal(words("connecting", false, false), null, "a stream that is restarted");
  assert.equal(words("connecting", true, false), "banner.connecting");
  assert.equal(words("offline", true, false), "banner.no_stream");
  assert.equal(words("live", false, true), "banner.no_sending");
  assert.equal(words("offline", true, true), "banner.offline");
  assert.equal(words("offline", true, false, false), "banner.no_network");
});
