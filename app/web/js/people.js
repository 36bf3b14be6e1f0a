/**
 * People who are seen: names that are not known yet, a few at a time, and who of them is there.
 */

import { api, sleep } from "./api.js";
import { ApiError } from "./http.js";
import { dispatch, state } from "./store.js";

const AT_ONCE = 4;

/** No more of a group's people stand in its name. */
const MOST_OF_A_CHAT = 8;

/** @type {Set<number>} */
const wanted = new Set();

/** @type {Set<number>} */
const asked = new Set();

/** What has been looked through. @type {{chats: unknown, messages: unknown}} */
let seen = { chats: null, messages: null };

/** The others in singles and groups, and who has written what is loaded. To be called as an effect. */
export function wantThoseInView() {
  const { chats, messages } = state.value;
  if (seen.chats !== chats.byId) {
    for (const chat of Object.values(chats.byId)) for (const id of chat.member_ids?.slice(0, MOST_OF_A_CHAT) ?? []) want(id);
  }
  if (seen.messages !== messages) {
    for (const { items } of Object.values(messages)) for (const message of items) want(message.sender_id);
  }
  seen = { chats: chats.byId, messages };
}

/** @param {number} id */
function want(id) {
  if (!state.peek().users.byId[id]) wantUser(id);
}

/** Can be called while something is being drawn. @param {number} id */
export function wantUser(id) {
  if (wanted.has(id) || asked.has(id)) return;
  wanted.add(id);
  queueMicrotask(next);
}

function next() {
  for (const id of wanted) {
    if (asked.size >= AT_ONCE) return;
    wanted.delete(id);
    asked.add(id);
    void find(id).finally(() => {
      asked.delete(id);
      next();
    });
  }
}

/** @param {number} id */
async function find(id) {
  // Perhaps it has come with the members of a workspace.
  if (state.value.users.byId[id] || state.value.me === null) return;
  try {
    dispatch({ type: "local.users", people: [await api.get(`/users/${id}`)] });
  } catch (error) {
    const isNobody = error instanceof ApiError && error.status === 404;
    if (isNobody) dispatch({ type: "local.users", people: [{ id, name: null }] });
  }
}

/** So many one question may name. */
const MOST_AT_ONCE = 100;

/** @type {Set<number>} of whom it is not known whether they are there */
const unsure = new Set();

/** Can be called while something is being drawn. Without a stream nobody would say when it is no longer so. @param {number} id */
export function wantPresence(id) {
  if (state.peek().connection !== "live") return;
  if (!unsure.size) queueMicrotask(askForPresence);
  unsure.add(id);
}

function askForPresence() {
  const ids = [...unsure];
  unsure.clear();
  while (ids.length) void findPresence(ids.splice(0, MOST_AT_ONCE), state.value.stream);
}

/** As often as it takes, while the stream lives. @param {number[]} ids @param {object} stream */
async function findPresence(ids, stream) {
  dispatch({ type: "local.presence", ids, stream, online: null });
  for (let pause = 500; stream === state.value.stream; pause = Math.min(pause * 2, 8000)) {
    try {
      const { online } = await api.get(`/presence?user_id=${ids.join("&user_id=")}`);
      return dispatch({ type: "local.presence", ids, stream, online });
    } catch {
      await sleep(pause);
    }
  }
}
