import assert from "node:assert/strict";
import { createServer } from "node:http";
import { afterEach, beforeEach, test } from "node:test";
import { Worker } from "node:worker_threads";
import { until } from "./things.mjs";

/** Each tab is a thread with the modules of its own; locks and channels are those of node, which are the web's. */
let server, url, streams, tabs;

beforeEach(async () => {
  streams = [];
  tabs = [];
  server = createServer((request, response) => {
    const stream = { cursor: request.headers["last-event-id"], response };
    streams.push(stream);
    response.on("close", () => (stream.closed = true));
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write(`event: ready\ndata: {}\nid: ${stream.cursor}\n\n`);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${server.address().port}/events`;
});

afterEach(async () => {
  for (const tab of tabs) await tab.worker.terminate();
  server.closeAllConnections();
  server.close();
});

function open(cursor, user = 1, hasLocks = true) {
  const worker = new Worker(new URL("./tab.mjs", import.meta.url), { workerData: { url, cursor, user, hasLocks } });
  const tab = { worker, said: [], ns: [] };
  worker.on("message", (word) => {
    tab.said.push(word);
    if (word.n !== undefined) tab.ns.push(word.n);
  });
  tabs.push(tab);
  return tab;
}

const isLive = (tab) => tab.said.some(({ state }) => state === "live");
const send = (n) =>
  streams.filter(({ closed }) => !closed).at(-1).response.write(`event: x\ndata: {"n":${n}}\nid: c${n}\n\n`);

test("all tabs of one person hear one stream", async () => {
  const [one, other] = [open("c0"), open("c0")];
  await until(() => isLive(one) && isLive(other));
  assert.equal(streams.length, 1);
  send(1);
  await until(() => one.ns.length === 1 && other.ns.length === 1);
});

test("when the tab that reads stops, another one goes on right behind what was heard last", async () => {
  const one = open("c0");
  await until(() => isLive(one));
  const other = open("c0");
  await until(() => isLive(other));
  send(1);
  await until(() => other.ns.length === 1);
  one.worker.postMessage("stop");
  await until(() => streams.length === 2 && streams[0].closed);
  assert.equal(streams[1].cursor, "c1");
  send(2);
  await until(() => other.ns.length === 2);
  assert.deepEqual([one.ns, other.ns], [[1], [1, 2]]);
});

test("other people's tabs do not hear it", async () => {
  const reads = open("c0", 1);
  await until(() => isLive(reads));
  const hears = open("c0", 1);
  await until(() => isLive(hears));
  const other = open("c0", 2);
  await until(() => isLive(other));
  assert.equal(streams.length, 2);
  send(1);
  await until(() => other.ns.length === 1);
  streams[0].response.write('event: x\ndata: {"n":2}\nid: c2\n\n');
  await until(() => hears.ns.includes(2) && reads.ns.includes(2));
  assert.deepEqual([reads.ns, hears.ns, other.ns], [[2], [2], [1]]);
});

test("without locks each tab reads its own", async () => {
  const [one, other] = [open("c0", 1, false), open("c0", 1, false)];
  await until(() => isLive(one) && isLive(other));
  assert.equal(streams.length, 2);
});
