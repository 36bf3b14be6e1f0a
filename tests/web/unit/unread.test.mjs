import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { unreadIn, unreadInAll } from "#web/js/selectors.js";
import { dispatch } from "#web/js/store.js";
import { chat, lists, workspace } from "./things.mjs";

const CHATS = [
  chat(7, { last_seq: 2, unread_count: 2 }),
  chat(8, { type: "single", name: null, member_ids: [1, 2], last_seq: 1, unread_count: 1 }),
  chat(9, { workspace_id: 2, last_seq: 4, unread_count: 4 }),
];
const here = lists({ workspaces: [workspace(1), workspace(2)], chats: CHATS });

beforeEach(() => dispatch({ type: "local.signedOut" }, here));

test("what is unread is counted over all workspaces", () => {
  assert.equal(unreadInAll.value, 7);
  assert.equal(unreadIn(1), 3);
  dispatch({ type: "read.updated", workspace_id: 1, chat_id: 7, last_read_seq: 2 });
  assert.equal(unreadInAll.value, 5);
});

test("a chat of which one wants to be told nothing does not count, until one wants to again", () => {
  dispatch({ type: "local.levels", chats: [{ chat_id: 7, level: "nothing" }, { chat_id: 8, level: "all" }] });
  assert.equal(unreadInAll.value, 5);
  dispatch({ type: "local.level", chatId: 9, level: "nothing" }, { type: "local.level", chatId: 7, level: "default" });
  assert.equal(unreadInAll.value, 3);
});

test("fresh lists leave that as it is, and somebody else's have nothing of it", () => {
  dispatch({ type: "local.level", chatId: 9, level: "nothing" }, here);
  assert.equal(unreadInAll.value, 3);
  dispatch({ ...here, me: 2 });
  assert.equal(unreadInAll.value, 7);
});
