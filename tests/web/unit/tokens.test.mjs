import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { ApiError, api } from "#web/js/api.js";
import { close, hear } from "#web/js/channel.js";
import { until } from "./things.mjs";
import { bearer, forget, listen, onChange, onEnd, renew, take } from "#web/js/tokens.js";

let asked, answers;

beforeEach(() => {
  asked = [];
  answers = [];
  mock.method(globalThis, "fetch", async (url, request) => {
    asked.push({ url, ...request });
    return answers.shift()();
  });
});

afterEach(() => {
  forget();
  close();
  mock.timers.reset();
  mock.restoreAll();
});

const json = (body, status = 200, headers = {}) => () => Response.json(body, { status, headers });
const pair = (token, expires_in = 900) => json({ access_token: token, expires_in });
const refused = (status, code, headers) => json({ code, detail: "No." }, status, headers);

test("calls carry the token, and no cookie is asked for another one", async () => {
  take({ access_token: "one", expires_in: 900 });
  answers = [json({ items: [] })];
  assert.deepEqual(await api.get("/chats", { limit: 1, cursor: null }), { items: [] });
  assert.equal(asked[0].url, "/api/chats?limit=1");
  assert.equal(asked[0].headers.Authorization, "Bearer one");
});

test("a token that is about to end is renewed before it is used", async () => {
  take({ access_token: "one", expires_in: 20 });
  answers = [pair("two"), json({})];
  await api.post("/chats", {});
  assert.equal(asked[0].url, "/api/auth/refresh");
  assert.equal(asked[0].headers["X-Fechatter-Client"], "web");
  assert.equal(asked[0].body, undefined);
  assert.equal(asked[1].headers.Authorization, "Bearer two");
});

test("one that is refused is renewed once, and the call made again", async () => {
  take({ access_token: "one", expires_in: 900 });
  answers = [refused(401, "token_expired"), pair("two"), json({ id: 1 })];
  assert.deepEqual(await api.post("/chats", { a: 1 }), { id: 1 });
  assert.equal(asked[2].body, '{"a":1}');
  answers = [refused(401, "bad_token"), pair("three"), refused(401, "bad_token")];
  await assert.rejects(api.get("/chats"), { status: 401 });
});

test("a wrong password is no reason to renew a token", async () => {
  take({ access_token: "one", expires_in: 900 });
  answers = [refused(401, "bad_credentials")];
  await assert.rejects(api.post("/auth/password", {}), { code: "bad_credentials" });
  assert.equal(asked.length, 1);
});

test("many who need another token at once get one refresh, also where there are no locks", async () => {
  mock.getter(navigator, "locks", () => undefined);
  answers = [pair("one")];
  const tokens = await Promise.all([bearer(), bearer(), renew(null)]);
  assert.deepEqual(tokens, ["one", "one", "one"]);
  assert.equal(asked.length, 1);
});

test("who comes with an old token gets the one that there is", async () => {
  take({ access_token: "two", expires_in: 900 });
  assert.equal(await renew("one"), "two");
  assert.equal(asked.length, 0);
});

test("it is renewed by itself before it ends", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  take({ access_token: "one", expires_in: 900 });
  answers = [pair("two")];
  mock.timers.tick(841_000);
  await until(() => asked.length === 1);
});

test("the end of the session is told once, and only where there was one", async () => {
  let ends = 0;
  const undo = onEnd(() => (ends += 1));
  answers = [refused(422, "invalid")];
  await assert.rejects(renew(null), { status: 422 });
  assert.equal(ends, 0);
  take({ access_token: "one", expires_in: 900 });
  answers = [refused(401, "token_reused")];
  await assert.rejects(renew("one"), { status: 401 });
  assert.equal(ends, 1);
  undo();
});

test("a refresh that comes back when one has signed out is for nobody", async () => {
  let come;
  answers = [() => new Promise((resolve) => (come = () => resolve(Response.json({ access_token: "one", expires_in: 900 }))))];
  const coming = assert.rejects(renew(null), { code: "signed_out" });
  await until(() => come);
  forget();
  come();
  await coming;
  answers = [refused(422, "invalid")];
  await assert.rejects(bearer(), { status: 422 });
});

test("the server being away ends no session", async () => {
  const undo = onEnd(() => assert.fail("not the end"));
  take({ access_token: "one", expires_in: 900 });
  answers = [() => Promise.reject(new TypeError("Failed to fetch"))];
  await assert.rejects(renew("one"), { status: 0, code: "network" });
  assert.equal(await bearer(), "one");
  undo();
});

test("reading is repeated when the server asks for it, writing is not", async () => {
  take({ access_token: "one", expires_in: 900 });
  const busy = (code) => refused(503, code, { "Retry-After": "0" });
  answers = [busy("unavailable"), json({ id: 1 })];
  assert.deepEqual(await api.get("/chats/1"), { id: 1 });
  answers = [busy("unavailable")];
  await assert.rejects(api.patch("/chats/1", {}), { status: 503 });
  answers = [busy("busy"), json({ id: 1 })];
  assert.deepEqual(await api.patch("/chats/1", {}), { id: 1 });
});

test("a long wait is left to whoever asked", async () => {
  take({ access_token: "one", expires_in: 900 });
  answers = [refused(429, "too_many_requests", { "Retry-After": "60" })];
  const error = await api.get("/chats").catch((error) => error);
  assert.ok(error instanceof ApiError);
  assert.deepEqual([error.status, error.retryAfter], [429, 60]);
});

test("what was wrong with which field", async () => {
  take({ access_token: "one", expires_in: 900 });
  answers = [json({ code: "invalid", detail: "Some.", errors: { name: ["Too long."] } }, 422)];
  const error = await api.patch("/users/me", {}).catch((error) => error);
  assert.deepEqual([error.fields, error.detail], [{ name: ["Too long."] }, "Some."]);
});

const of = (person, number = 0) => `e30.${btoa(JSON.stringify({ sub: person }))}.${number}`;

/** What another tab says, and then until it has been heard here. */
async function told(...words) {
  const other = new BroadcastChannel("fechatter");
  let heard = false;
  const stop = hear("mark", () => (heard = true));
  for (const word of [...words, { kind: "mark" }]) other.postMessage(word);
  await until(() => heard);
  stop();
  other.close();
}

const token = (token) => ({ kind: "token", token, expiresAt: Date.now() + 900_000 });

test("a page that shows one person never acts in the name of another who has signed in since", async () => {
  take({ access_token: of("1"), expires_in: 20 });
  let changes = 0;
  const stop = onChange(() => (changes += 1));
  answers = [pair(of("2"))];
  await assert.rejects(bearer(), { status: 401 });
  assert.equal(changes, 1);
  answers = [refused(401, "unauthorized")];
  await assert.rejects(bearer(), { status: 401 }); // the other one's token was not kept
  stop();
});

test("a token of the same person is kept", async () => {
  take({ access_token: of("1"), expires_in: 20 });
  answers = [pair(of("1"))];
  assert.equal(await bearer(), of("1"));
});

test("a token that another tab has got is taken over, for the same person", async () => {
  listen();
  take({ access_token: of("1"), expires_in: 900 });
  await told(token(of("1", 1)));
  assert.equal(await bearer(), of("1", 1));
  assert.equal(asked.length, 0);
});

test("another person's token that another tab has got is never used, and this page begins anew", async () => {
  listen();
  let changes = 0;
  const stop = onChange(() => (changes += 1));
  take({ access_token: of("1"), expires_in: 900 });
  await told(token(of("2")));
  assert.equal(changes, 1);
  answers = [refused(401, "unauthorized")];
  await assert.rejects(bearer(), { status: 401 });
  assert.equal(asked.length, 1, "neither token is at hand any more");
  stop();
});

test("a page that shows nobody takes over no token", async () => {
  listen();
  await told(token(of("2")));
  answers = [refused(422, "invalid")];
  await assert.rejects(bearer(), { status: 422 });
});
