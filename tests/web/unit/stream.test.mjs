import assert from "node:assert/strict";
import { createServer } from "node:http";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Stream } from "#web/js/stream.js";
import { until } from "./things.mjs";

/** A notify whose answers are the test's; `asked` are the requests. */
let server, url, asked, answer, streams;

beforeEach(async () => {
  asked = [];
  streams = [];
  server = createServer((request, response) => {
    asked.push(request.headers);
    answer(response, asked.length);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${server.address().port}/events`;
});

afterEach(() => {
  mock.timers.reset();
  for (const stream of streams) stream.stop();
  server.closeAllConnections();
  server.close();
});

/** Gathers what a stream brings; `until` waits for it. */
function follow(more = {}) {
  const found = { events: [], cursors: [], states: [], over: 0, renewed: [] };
  const ends = {
    url,
    bearer: async () => "token",
    renew: async (old) => (found.renewed.push(old), "another"),
    deliver: (events, cursor) => (found.events.push(...events), found.cursors.push(cursor)),
    state: (state) => found.states.at(-1) !== state && found.states.push(state),
    over: () => (found.over += 1),
    ...more,
  };
  const stream = new Stream(ends);
  streams.push(stream);
  return { stream, found };
}

const READY = 'event: ready\ndata: {"user_id":1,"cursor":"c0"}\nid: c0\n\n';
const one = (n) => `event: message.created\ndata: {"type":"message.created","n":${n}}\nid: c${n}\n\n`;

test("it asks with the token and the cursor, and delivers what comes with the place behind it", async () => {
  answer = (response) => response.write(`${READY}${one(1)}${one(2)}:\nid: c9\n\n`);
  const { stream, found } = follow();
  stream.start("c0");
  await until(() => stream.cursor === "c9");
  assert.equal(asked[0].authorization, "Bearer token");
  assert.equal(asked[0]["last-event-id"], "c0");
  assert.deepEqual(found.events.map(({ data }) => data.n), [1, 2]);
  assert.equal(found.cursors.at(-1), "c9");
  assert.deepEqual(found.states, ["connecting", "live"]);
});

test("cut off, it comes back right behind the last whole event", async () => {
  answer = (response, time) => {
    if (time > 1) return response.write(one(2));
    response.write(`${READY}${one(1)}event: message.created\ndata: {"half":`);
    setTimeout(() => response.destroy(), 20);
  };
  const { stream, found } = follow();
  stream.start("c0");
  await until(() => found.events.length === 2);
  assert.equal(asked[1]["last-event-id"], "c1");
  assert.deepEqual(found.events.map(({ data }) => data.n), [1, 2]);
});

test("a stream that was not begun at a place does not name one", async () => {
  answer = (response) => response.write(READY);
  const { stream } = follow();
  stream.start(null);
  await until(() => stream.cursor === "c0");
  assert.equal(asked[0]["last-event-id"], undefined);
});

test("a token that is not good any more is renewed once it is refused", async () => {
  answer = (response, time) => {
    if (time > 1) return response.write(READY);
    response.writeHead(401, { "Content-Type": "application/problem+json" }).end('{"code":"token_expired"}');
  };
  const { stream, found } = follow();
  stream.start("c0");
  await until(() => found.states.includes("live"));
  assert.deepEqual(found.renewed, ["token"]);
});

test("it waits as long as it is told to", async () => {
  answer = (response, time) => {
    if (time > 1) return response.write(READY);
    response.writeHead(503, { "Retry-After": "1" }).end("{}");
  };
  const { stream } = follow();
  const start = Date.now();
  stream.start("c0");
  await until(() => asked.length === 2);
  assert.ok(Date.now() - start >= 490, "at least half of it, for the jitter");
});

test("after two failures the line is away, and once it is back it is live", async () => {
  answer = (response, time) => (time > 3 ? response.write(READY) : response.destroy());
  const { stream, found } = follow();
  stream.start("c0");
  await until(() => found.states.includes("live"));
  assert.deepEqual(found.states, ["connecting", "offline", "live"]);
});

test("pauses grow, and being online again ends one", async () => {
  answer = (response) => response.destroy();
  const { stream } = follow();
  stream.start("c0");
  await until(() => stream.failures >= 5);
  const { length } = asked;
  stream.nudge();
  await until(() => asked.length > length);
});

test("silence is a broken line", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  answer = (response) => response.write(READY);
  const { stream } = follow();
  stream.start("c0");
  await until(() => stream.cursor === "c0" && asked.length === 1);
  mock.timers.tick(19_000);
  assert.equal(asked.length, 1);
  mock.timers.tick(2_000);
  await until(() => (mock.timers.tick(500), asked.length === 2), "another request");
});

test("a restart is come back from at once; any other end is the end", async () => {
  answer = (response, time) => {
    const reason = time === 1 ? "restart" : "revoked";
    response.end(`${READY}event: bye\ndata: {"reason":"${reason}"}\n\n`);
  };
  const { stream, found } = follow();
  stream.start("c0");
  await until(() => found.over === 1);
  assert.equal(asked.length, 2);
  assert.equal(stream.stopped, true);
  assert.ok(!found.states.includes("offline"));
});

test("a reset is delivered as an event, with the place that follows it", async () => {
  answer = (response) =>
    response.write('event: ready\ndata: {"cursor":null}\n\nevent: reset\ndata: {"cursor":"n"}\nid: n\n\n');
  const { stream, found } = follow();
  stream.start("old");
  await until(() => found.events.length === 1);
  assert.equal(found.events[0].type, "reset");
  assert.equal(stream.cursor, "n");
});

test("stopped, it lets go of the line and does not come back", async () => {
  let closed = false;
  answer = (response) => {
    response.write(READY);
    response.on("close", () => (closed = true));
  };
  const { stream } = follow();
  stream.start("c0");
  await until(() => stream.cursor === "c0" && asked.length === 1);
  stream.stop();
  await until(() => closed);
  assert.equal(asked.length, 1);
});
