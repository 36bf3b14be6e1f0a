/**
 * Keeps the state in step with the server: the lists, then the stream from their place on; what events leave open is
 * asked for.
 */

import { effect } from "@preact/signals";
import { api, sleep } from "./api.js";
import { config } from "./config.js";
import { ApiError } from "./http.js";
import { wantThoseInView } from "./people.js";
import { lost, nudge } from "./reach.js";
import { dispatch, forgetQueue, receive, state } from "./store.js";
import { Following } from "./tabs.js";
import { bearer, renew } from "./tokens.js";

/** @typedef {import("./types").AnyEvent} AnyEvent */

/** @type {Following | null} */
let following = null;

/** Events that came while the lists are being fetched. @type {AnyEvent[] | null} */
let held = null;

/** @type {(() => void)[]} */
let undo = [];

/** Counts those who have signed in: what was asked for one is not for the next. */
let turn = 0;

/** @type {() => number[]} whose histories are on screen */
let onScreen = () => [];

/** @type {(chatIds: number[]) => void} */
let reload = () => {};

/** @type {() => Promise<void>} the names of most who will be seen, and what is mute */
let loadMore = async () => {};

/** @param {{onScreen: typeof onScreen, reload: typeof reload, loadMore: typeof loadMore}} view */
export function watch(view) {
  ({ onScreen, reload, loadMore } = view);
}

/** For who has just signed in. @param {import("./types").Account} account */
export async function begin(account) {
  const me = account.id;
  const mine = ++turn;
  const stream = new Following(me, {
    url: `${config.notify_url}/api/notifications/events`,
    bearer,
    renew,
    deliver: (events) => mine === turn && deliver(me, events),
    state: (connection) => mine === turn && show(connection),
    // If the session is over that says so; if it was only this stream's, the next one goes on.
    over: () => void bearer().then(renew).then(() => mine === turn && stream.resume(), () => {}),
  });
  following = stream;
  held = [];
  following.listen();
  const cursor = await fetchLists(me, mine);
  if (cursor === null) return;
  dispatch({ type: "local.users", people: [account] });
  following.from(cursor);
  undo.push(effect(catchUp), tick());
  await loadMore();
  if (mine === turn) undo.push(effect(wantThoseInView));
}

export function end() {
  turn += 1;
  following?.stop();
  following = null;
  held = null;
  for (const stop of undo) stop();
  undo = [];
  forgetQueue();
  dispatch({ type: "local.signedOut" });
}

/** @param {number} me @param {import("./sse.js").Sent[]} sent */
function deliver(me, sent) {
  // Too much has been missed.
  if (sent.some(({ type }) => type === "reset") && !held) {
    held = [];
    void fetchLists(me, turn);
  }
  const events = sent.filter(({ type }) => type !== "reset").map(({ data }) => data);
  if (held) held.push(...events);
  else receive(events);
}

/** As often as it takes. @param {number} me @param {number} mine @returns {Promise<string | null>} the place of the list */
async function fetchLists(me, mine) {
  for (let pause = 500; mine === turn; pause = Math.min(pause * 2, 8000)) {
    try {
      // Afresh: what another tab has heard before this one listened is in it.
      const chats = await api.get("/chats", {}, { fresh: true });
      // Behind the place of that list, so that no event is between.
      const workspaces = await api.get("/workspaces");
      if (mine !== turn) return null;
      take(me, chats.items, workspaces.items);
      return chats.cursor;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status === 401) return null;
      await sleep(pause);
    }
  }
  return null;
}

/**
 * A stream that does not come back is a reason to ask whether the server is there.
 * @param {import("./stream.js").Connection} connection
 */
function show(connection) {
  if (connection === "offline" && state.value.connection !== "offline") lost();
  dispatch({ type: "local.connection", connection });
  if (connection === "live") nudge();
}

/** @param {number} me @param {any[]} chats @param {any[]} workspaces */
function take(me, chats, workspaces) {
  const keep = onScreen();
  dispatch({ type: "local.lists", me, chats, workspaces, keep });
  const since = held ?? [];
  held = null;
  receive(since);
  reload(keep);
}

/** @type {Set<string>} what is being asked for */
const asked = new Set();

/** Asks for what events have left open. */
function catchUp() {
  const { chats, workspaces } = state.value.stale;
  for (const [id, { round }] of Object.entries(chats)) void ask("chats", Number(id), round);
  for (const [id, { round }] of Object.entries(workspaces)) void ask("workspaces", Number(id), round);
}

/** @param {"chats" | "workspaces"} kind @param {number} id @param {number} round */
async function ask(kind, id, round) {
  const name = `${kind}/${id}/${round}`;
  if (asked.has(name)) return;
  asked.add(name);
  const mine = turn;
  const found = await answer(`/${kind}/${id}`, mine);
  asked.delete(name);
  if (mine === turn && found !== undefined) dispatch({ type: "local.answer", kind, id, round, found });
}

/** Null if it is not there; undefined if nobody wants to know any more. @param {string} path @param {number} mine */
async function answer(path, mine) {
  for (let pause = 500; mine === turn; pause = Math.min(pause * 2, 8000)) {
    try {
      return await api.get(path);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      await sleep(pause);
    }
  }
  return undefined;
}

function tick() {
  const timer = setInterval(() => dispatch({ type: "local.passed", now: Date.now() }), 1000);
  return () => clearInterval(timer);
}
