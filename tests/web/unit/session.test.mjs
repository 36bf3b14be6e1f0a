import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { close, hear } from "#web/js/channel.js";
import { draftOf, keepDraft } from "#web/js/drafts.js";
import { account, signOut, start } from "#web/js/session.js";
import { bearer, forget } from "#web/js/tokens.js";
import { until } from "./things.mjs";

/** `person` is whose cookie the browser has, null if it has none; `asked` are the calls. */
let person, asked, reloads, homes, kept, other;

const token = (id) => `e30.${btoa(JSON.stringify({ sub: String(id) }))}.x`;
const json = (body, status = 200) => Response.json(body, { status });

function answer(path, { headers }) {
  if (path === "/api/auth/refresh") {
    if (person === null) return json({ code: "invalid" }, 422);
    return json({ access_token: token(person), expires_in: 900 });
  }
  if (path === "/api/users/me") return json({ id: JSON.parse(atob(headers.Authorization.split(".")[1])).sub * 1 });
  return new Response(null, { status: 204 });
}

beforeEach(() => {
  person = 1;
  asked = [];
  reloads = 0;
  homes = 0;
  kept = new Map([["signed-in", "yes"]]);
  const storage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  };
  Object.defineProperty(globalThis, "localStorage", { value: storage, configurable: true });
  const location = { reload: () => (reloads += 1), replace: (path) => (homes += path === "/") };
  Object.defineProperty(globalThis, "location", { value: location, configurable: true });
  mock.method(globalThis, "fetch", async (url, request) => {
    asked.push({ url, ...request });
    return answer(url, request);
  });
  other = new BroadcastChannel("fechatter");
  account.value = null;
});

afterEach(() => {
  forget();
  close();
  other.close();
  mock.restoreAll();
});

/** What another tab says, and then until it has been heard here. */
async function told(...words) {
  let heard = false;
  const stop = hear("mark", () => (heard = true));
  for (const word of [...words, { kind: "mark" }]) other.postMessage(word);
  await until(() => heard);
  stop();
}

const wordOfToken = (id) => ({ kind: "token", token: token(id), expiresAt: Date.now() + 900_000 });

/** Whose name the calls went out in. */
const names = () => asked.map(({ headers }) => headers.Authorization).filter(Boolean);

test("the cookie says who is signed in", async () => {
  await start();
  assert.deepEqual(account.value, { id: 1 });
  assert.equal(reloads, 0);
});

test("without a trace of a cookie nobody is asked", async () => {
  kept.clear();
  await start();
  assert.equal(account.value, false);
  assert.equal(asked.length, 0);
});

for (const [what, word] of Object.entries({
  "signs in": { kind: "signed-in", id: 2 },
  "gets a token": wordOfToken(2),
}))
  test(`a tab that shows one person begins anew when another ${what} in this browser`, async () => {
    await start();
    person = 2;
    await told(word);
    assert.equal(reloads, 1);
    assert.equal(account.value, false, "until it has, it shows nobody");
    assert.deepEqual(names(), [`Bearer ${token(1)}`]);
  });

test("a tab that finds another person's cookie begins anew", async () => {
  await start();
  person = 2;
  mock.timers.enable({ apis: ["Date"], now: Date.now() + 890_000 });
  await assert.rejects(bearer(), { status: 401 });
  mock.timers.reset();
  assert.equal(reloads, 1);
  assert.equal(account.value, false);
});

test("the same person who signs in in another tab changes nothing", async () => {
  await start();
  await told({ kind: "signed-in", id: 1 }, wordOfToken(1));
  assert.deepEqual([reloads, account.value], [0, { id: 1 }]);
});

test("a tab that shows nobody takes over who signs in elsewhere, by the cookie and not by the token that is told", async () => {
  person = null;
  await start();
  assert.equal(account.value, false);
  kept.set("signed-in", "yes");
  person = 2;
  await told(wordOfToken(3), { kind: "signed-in", id: 2 });
  await until(() => account.value);
  assert.deepEqual(account.value, { id: 2 });
  assert.deepEqual(names(), [`Bearer ${token(2)}`]);
});

test("who signs out in one tab is signed out in all, and nothing of them is there for the next one", async () => {
  await start();
  const words = [];
  other.onmessage = ({ data }) => words.push(data.kind);
  keepDraft(1, 7, "half a thought");
  await signOut();
  await until(() => words.includes("signed-out"));
  assert.deepEqual([account.value, homes, reloads], [null, 1, 0]);
  assert.equal(draftOf(1, 7), "");
  account.value = null;
  kept.set("signed-in", "yes");
  await start();
  keepDraft(1, 7, "half a thought");
  await told({ kind: "signed-out" });
  assert.deepEqual([account.value, homes, reloads], [null, 2, 0]);
  assert.equal(draftOf(1, 7), "");
});

test("who is signed out by others finds the place again, and nothing else", async () => {
  await start();
  keepDraft(1, 7, "half a thought");
  person = null;
  mock.timers.enable({ apis: ["Date"], now: Date.now() + 890_000 });
  await assert.rejects(bearer(), { status: 422 });
  mock.timers.reset();
  assert.deepEqual([account.value, homes, reloads], [null, 0, 1]);
  assert.equal(draftOf(1, 7), "");
});

test("a cookie that is no good any more leads to the door, once", async () => {
  person = null;
  await start();
  assert.deepEqual([account.value, homes, reloads], [false, 0, 0]);
});
