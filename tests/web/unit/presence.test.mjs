import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { close } from "#web/js/channel.js";
import { presenceOf } from "#web/js/selectors.js";
import { apply, dispatch, receive, state } from "#web/js/store.js";
import { forget, take } from "#web/js/tokens.js";
import { ME, after, event, lists, until } from "./things.mjs";

const connection = (connection) => ({ type: "local.connection", connection });
const live = [lists(), connection("live")];
const comes = (user_id, state = "online") => event("presence", { user_id, state });
const asking = (state, ...ids) => ({ type: "local.presence", ids, stream: state.stream, online: null });
const answer = (state, ids, online) => ({ type: "local.presence", ids, stream: state.stream, online });

test("an answer tells of all who were asked for", () => {
  const state = after(...live);
  const found = apply(apply(state, asking(state, 2, 3)), answer(state, [2, 3], [3]));
  assert.deepEqual(found.presence, { [ME]: "online", 2: "offline", 3: "online" });
});

test("while it is asked for nothing is known, and it is not to be asked for again", () => {
  const state = after(...live);
  assert.equal(apply(state, asking(state, 2)).presence[2], null);
});

test("an event that comes behind the question is newer than the answer, whichever comes first", () => {
  const state = after(...live);
  const asked = apply(state, asking(state, 2, 3, 4));
  const heard = [comes(2, "offline"), comes(3, "online")].reduce(apply, asked);
  const found = apply(heard, answer(state, [2, 3, 4], [2]));
  assert.deepEqual(found.presence, { [ME]: "online", 2: "offline", 3: "online", 4: "offline" });
  assert.equal(apply(found, comes(4)).presence[4], "online");
});

test("an answer to what was asked before the stream came back is none", () => {
  const before = after(...live);
  const asked = apply(before, asking(before, 2));
  const back = [connection("connecting"), connection("live")].reduce(apply, asked);
  assert.equal(apply(back, answer(before, [2], [2])), back);
  const again = apply(back, asking(back, 2));
  assert.equal(apply(again, answer(before, [2], [2])), again);
});

test("with a new stream nothing of what was heard before is known, but that oneself is there", () => {
  const known = after(...live, comes(2), comes(3, "offline"));
  const short = apply(known, connection("connecting"));
  assert.deepEqual(short.presence, known.presence, "for a moment it stays on screen");
  assert.deepEqual(apply(short, connection("live")).presence, { [ME]: "online" });
});

test("without a stream nobody is known to be there", () => {
  const state = after(...live, comes(2), connection("connecting"), connection("offline"));
  assert.deepEqual(state.presence, {});
  assert.deepEqual(apply(apply(state, connection("connecting")), connection("live")).presence, { [ME]: "online" });
});

test("a connection that is as it was changes nothing", () => {
  const state = after(...live, comes(2));
  assert.equal(apply(state, connection("live")), state);
});

test("lists that are fetched afresh leave it as it is", () => {
  const state = after(...live, comes(2));
  const fresh = apply(state, lists());
  assert.deepEqual(fresh.presence, state.presence);
  assert.equal(apply(fresh, answer(state, [3], [3])).presence[3], "online");
});

/** What the server is asked, each answered by the test. */
let asked;

beforeEach(() => {
  asked = [];
  mock.method(globalThis, "fetch", (url) => {
    const ids = [...url.matchAll(/user_id=(\d+)/g)].map(([, id]) => Number(id));
    return new Promise((resolve) => {
      const online = (online) => resolve(Response.json({ online }));
      asked.push({ url, ids, online, refuse: () => resolve(Response.json({}, { status: 500 })) });
    });
  });
  take({ access_token: "token", expires_in: 900 });
});

afterEach(() => {
  dispatch({ type: "local.signedOut" });
  forget();
  close();
  mock.timers.reset();
  mock.restoreAll();
});

/** Lets go of what is on its way. */
const turns = async () => {
  for (let n = 0; n < 20; n++) await new Promise((resolve) => setImmediate(resolve));
};

test("who is seen while the stream is live is asked for once, a hundred at a time", async () => {
  dispatch(...live);
  for (let id = 2; id <= 252; id++) presenceOf(id);
  for (const id of [2, 3, ME, undefined]) presenceOf(id);
  await until(() => asked.length === 3);
  assert.deepEqual(asked.map(({ ids }) => ids.length), [100, 100, 51]);
  assert.equal(new Set(asked.flatMap(({ ids }) => ids)).size, 251);
  assert.match(asked[0].url, /^\/api\/presence\?user_id=2&user_id=3&/);
  for (const { online } of asked) online([2]);
  await until(() => presenceOf(252) === "offline");
  assert.equal(presenceOf(2), "online");
  assert.equal(presenceOf(ME), "online");
  await turns();
  assert.equal(asked.length, 3);
});

test("nobody is asked for while there is no stream, and all again when it has come back", async () => {
  dispatch(lists());
  presenceOf(2);
  await turns();
  assert.equal(asked.length, 0);
  for (const times of [1, 2]) {
    dispatch(connection("connecting"), connection("live"));
    assert.equal(presenceOf(2), undefined);
    await until(() => asked.length === times);
    asked.at(-1).online([2]);
    await until(() => presenceOf(2) === "online");
  }
});

test("of whom an event has told it need not be asked", async () => {
  dispatch(...live);
  receive([comes(2)]);
  await until(() => state.value.presence[2]);
  assert.equal(presenceOf(2), "online");
  await turns();
  assert.equal(asked.length, 0);
});

test("what could not be answered is asked again, as long as the stream is the same", async () => {
  forget();
  mock.timers.enable({ apis: ["setTimeout"] });
  take({ access_token: "token", expires_in: 900 });
  dispatch(...live);
  presenceOf(2);
  await until(() => asked.length === 1);
  asked[0].refuse();
  await until(() => (mock.timers.tick(1000), asked.length === 2));
  dispatch(connection("connecting"), connection("live"));
  asked[1].refuse();
  for (let n = 0; n < 5; n++) {
    await turns();
    mock.timers.tick(10_000);
  }
  assert.equal(asked.length, 2);
});
