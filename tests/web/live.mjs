// A client without a screen: begins with lists that are stale, follows the real stream, asks for what events leave open,
// and is compared with what is fetched afresh once it has heard the last word. Told by its environment; tells by lines.

import { createInterface } from "node:readline";
import { refusal } from "#web/js/http.js";
import { BEGINNING, apply } from "#web/js/store.js";
import { Stream } from "#web/js/stream.js";

const { WEB, NOTIFY, TOKEN, ME, CHAT } = process.env;
const me = Number(ME);

async function get(path) {
  const answer = await fetch(`${WEB}/api${path}`, {
    headers: { Authorization: `Bearer ${TOKEN}`, "Cache-Control": "no-cache" },
  });
  if (answer.status === 404 || answer.status === 403) return null;
  if (!answer.ok) throw await refusal(answer);
  return answer.json();
}

async function all(path) {
  const items = [];
  for (let cursor = ""; cursor !== null; ) {
    const page = await get(`${path}?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    if (page === null) return null;
    items.push(...page.items);
    cursor = page.next_cursor;
  }
  return items;
}

/** Everything that a client can have looked at, as words for the store. */
async function fetched() {
  const chats = await get("/chats");
  const workspaces = await get("/workspaces");
  const words = [{ type: "local.lists", me, chats: chats.items, workspaces: workspaces.items }];
  for (const { id } of workspaces.items) {
    const page = { workspaceId: id, done: true, first: true };
    words.push({ type: "local.members", ...page, items: (await all(`/workspaces/${id}/members`)) ?? [] });
    words.push({ type: "local.channels", ...page, items: (await all(`/workspaces/${id}/channels`)) ?? [] });
  }
  for (const { id } of chats.items) {
    const members = await all(`/chats/${id}/members`);
    const page = await get(`/chats/${id}/messages?limit=100`);
    if (!members || !page) continue;
    words.push({ type: "local.chatMembers", chatId: id, items: members, done: true, first: true });
    words.push({ type: "local.loading", chatId: id, loading: true });
    words.push({ type: "local.page", chatId: id, mode: "replace", page });
  }
  return { cursor: chats.cursor, state: words.reduce(apply, BEGINNING) };
}

let { state, cursor } = await fetched();
let heardLast = false;
const asked = new Set();

function take(event) {
  state = apply(state, event);
  if (event.type === "message.created" && event.message.content === "the last word") heardLast = true;
  for (const kind of ["chats", "workspaces"]) {
    for (const [id, { round }] of Object.entries(state.stale[kind])) void ask(kind, Number(id), round);
  }
  if (heardLast) void compare();
}

async function ask(kind, id, round) {
  const name = `${kind}/${id}/${round}`;
  if (asked.has(name)) return;
  asked.add(name);
  const found = await get(`/${kind}/${id}`);
  asked.delete(name);
  take({ type: "local.answer", kind, id, round, found });
}

const stream = new Stream({
  url: `${NOTIFY}/api/notifications/events`,
  bearer: async () => TOKEN,
  renew: async () => TOKEN,
  deliver: (events) => events.forEach(({ data }) => take(data)),
  state: (state) => console.log(JSON.stringify({ stream: state })),
  over: () => console.log(JSON.stringify({ stream: "over" })),
});

/** What must be alike: of what was looked at before only what both have, for new chats are not looked at. */
function view(state, other) {
  const shared = (part) =>
    Object.fromEntries(Object.entries(state[part]).filter(([id]) => other[part][id]).map(([id, it]) => [id, it]));
  const { workspaces, chats } = state;
  const histories = Object.entries(shared("messages")).map(([id, { items }]) => {
    const theirs = new Set(other.messages[id].items.map(({ seq }) => seq));
    return [id, items.filter(({ seq }) => theirs.has(seq)), items.at(-1)?.seq];
  });
  return JSON.parse(
    JSON.stringify({ workspaces, chats, members: shared("members"), chatMembers: shared("chatMembers"), histories, channels: named(shared("channels")) }),
  );
}

/** How many are in a channel is told to those alone who are in it. */
function named(channels) {
  return Object.entries(channels).map(([id, { byId }]) => [
    id,
    Object.values(byId).map(({ member_count, ...channel }) => (channel.is_member ? { ...channel, member_count } : channel)),
  ]);
}

let comparing = false;

/** Events of other workspaces may come behind the last word of this one: for a while. */
async function compare() {
  if (comparing) return;
  comparing = true;
  for (const end = Date.now() + 60_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const fresh = (await fetched()).state;
    const [ours, theirs] = [view(state, fresh), view(fresh, state)];
    const wrong = Object.keys(ours).filter((part) => sorted(ours[part]) !== sorted(theirs[part]));
    if (wrong.length && Date.now() < end) continue;
    console.log(JSON.stringify({ wrong, ours: pick(ours, wrong), theirs: pick(theirs, wrong) }));
    process.exit(0);
  }
}

const pick = (view, parts) => Object.fromEntries(parts.map((part) => [part, view[part]]));

/** With the keys of objects in order. */
function sorted(value) {
  return JSON.stringify(value, (_, it) =>
    it && typeof it === "object" && !Array.isArray(it) ? Object.fromEntries(Object.entries(it).sort()) : it,
  );
}

// The lists are as old as they will be: what is done from now on is known by events alone.
console.log(JSON.stringify({ listed: true, chat: CHAT }));
createInterface({ input: process.stdin }).once("line", () => stream.start(cursor));
