import assert from "node:assert/strict";
import { test } from "node:test";
import { apply } from "#web/js/store.js";
import { ME, after, at, chat, created, event, lists, message, sharedChat, workspace } from "./things.mjs";

const added = (user_id, role = "member", member_count = 3) =>
  event("member.added", { user_id, role, member_count });
const removed = (user_id, member_count = 1) => event("member.removed", { user_id, role: null, member_count });

test("the chat with the newest message is first", () => {
  const chats = [chat(7), chat(8), chat(9, { last_message: message(1, { chat_id: 9 }), last_seq: 1 })];
  const state = after(lists({ chats }));
  assert.deepEqual(state.chats.order, [9, 8, 7]);
  assert.deepEqual(apply(state, created(5)).chats.order, [7, 9, 8]);
});

test("a new chat is asked for, since one's own part of it is in no event", () => {
  const state = after(lists({ chats: [] }), event("chat.created", { chat: sharedChat() }));
  assert.deepEqual(state.stale.chats, { 7: { round: 1, since: [] } });
  assert.deepEqual(state.chats.order, []);
  const found = apply(state, { type: "local.answer", kind: "chats", id: 7, round: 1, found: chat() });
  assert.deepEqual([found.chats.order, found.stale.chats], [[7], {}]);
});

test("what comes between the question and the answer is not lost", () => {
  const answer = { type: "local.answer", kind: "chats", id: 7, round: 1, found: chat(7, { last_seq: 1, last_message: message(1) }) };
  const state = after(lists({ chats: [] }), event("chat.created", { chat: sharedChat() }), created(1), created(2), answer);
  assert.equal(state.chats.byId[7].last_seq, 2);
  assert.equal(state.chats.byId[7].unread_count, 2);
});

test("a public channel that one is not in does not come into the list", () => {
  const answer = { type: "local.answer", kind: "chats", id: 7, round: 1, found: chat(7, { role: null }) };
  const state = after(lists({ chats: [] }), event("chat.created", { chat: sharedChat() }), answer);
  assert.deepEqual([state.chats.order, state.stale.chats], [[], {}]);
});

test("one that is gone before it was found is let go of, and not asked for without end", () => {
  const answer = { type: "local.answer", kind: "chats", id: 7, round: 1, found: null };
  let state = after(lists({ chats: [] }), event("chat.created", { chat: sharedChat() }), added(ME), answer);
  // Being added came behind the question, so it is asked for once more.
  assert.deepEqual(state.stale.chats, { 7: { round: 2, since: [] } });
  state = apply(state, { ...answer, round: 2 });
  assert.deepEqual(state.stale.chats, {});
});

test("removed and back again while it was asked for", () => {
  const answer = (round, last_seq) => ({ type: "local.answer", kind: "chats", id: 7, round, found: chat(7, { last_seq }) });
  const made = event("chat.created", { chat: sharedChat() });
  const state = after(lists({ chats: [] }), made, added(ME), removed(ME), made, added(ME));
  assert.equal(apply(state, answer(1, 3)), state, "an answer from before");
  assert.equal(apply(state, answer(2, 5)).chats.byId[7].last_seq, 5);
});

test("who is removed has nothing of the chat any more", () => {
  const loading = { type: "local.loading", chatId: 7, loading: true };
  const state = after(lists(), loading, created(1), removed(ME));
  assert.deepEqual([state.chats.order, state.messages[7], state.typing[7]], [[], undefined, undefined]);
});

test("people come into a group and go", () => {
  const group = chat(7, { type: "group", member_ids: [1, 3] });
  const members = { type: "local.chatMembers", chatId: 7, items: [{ user_id: 1, role: "owner" }], done: true, first: true };
  let state = after(lists({ chats: [group] }), members, added(2));
  assert.deepEqual([state.chats.byId[7].member_ids, state.chats.byId[7].member_count], [[1, 2, 3], 3]);
  assert.deepEqual(state.chatMembers[7].roles, { 1: "owner", 2: "member" });
  state = apply(state, removed(2, 2));
  assert.deepEqual([state.chats.byId[7].member_ids, state.chatMembers[7].roles], [[1, 3], { 1: "owner" }]);
});

test("a new role of one's own is in the chat itself", () => {
  const state = after(lists(), event("member.updated", { user_id: ME, role: "owner", member_count: 2 }));
  assert.equal(state.chats.byId[7].role, "owner");
});

test("reading goes forward alone", () => {
  const read = (seq) => event("read.updated", { last_read_seq: seq });
  const state = after(lists({ chats: [chat(7, { last_seq: 5, unread_count: 5 })] }), read(4), read(2));
  assert.deepEqual([state.chats.byId[7].last_read_seq, state.chats.byId[7].unread_count], [4, 1]);
});

test("renaming keeps what is one's own, and an old event does not take messages back", () => {
  const renamed = event("chat.updated", { chat: sharedChat(7, { name: "news", last_seq: 0 }) });
  const state = after(lists(), created(1), renamed);
  assert.deepEqual([state.chats.byId[7].name, state.chats.byId[7].last_seq, state.chats.byId[7].role], ["news", 1, "member"]);
});

test("a workspace goes with its chats", () => {
  const two = { workspaces: [workspace(1), workspace(2)], chats: [chat(7), chat(8, { workspace_id: 2 })] };
  const gone = event("workspace.member_removed", { user_id: ME, role: null });
  for (const last of [gone, event("workspace.deleted", { workspace: workspace() })]) {
    const state = after(lists(two), last);
    assert.deepEqual([state.workspaces.order, state.chats.order], [[2], [8]]);
  }
});

test("a workspace that one enters is asked for", () => {
  const entered = { type: "workspace.member_added", workspace_id: 2, actor_id: 1, at: at(1), user_id: ME, role: "guest" };
  const state = after(lists(), entered);
  assert.deepEqual(state.stale.workspaces, { 2: { round: 1, since: [] } });
  const found = { type: "local.answer", kind: "workspaces", id: 2, round: 1, found: workspace(2, { role: "guest" }) };
  assert.deepEqual(apply(state, found).workspaces.order, [1, 2]);
});

test("channels that are browsed follow events", () => {
  const item = { ...chat(7, { role: null }), is_member: false };
  const browsed = { type: "local.channels", workspaceId: 1, items: [item], done: true, first: true };
  const fresh = event("chat.created", { chat_id: 8, chat: sharedChat(8, { name: "new" }) });
  const gone = event("chat.deleted", { chat: sharedChat() });
  let state = after(lists({ chats: [] }), browsed, fresh);
  assert.deepEqual(Object.keys(state.channels[1].byId), ["7", "8"]);
  state = apply(state, { type: "local.chat", chat: chat(7) });
  assert.equal(state.channels[1].byId[7].is_member, true);
  state = apply(apply(state, removed(ME)), gone);
  assert.deepEqual(Object.keys(state.channels[1].byId), ["8"]);
});

test("signing out forgets everything", () => {
  const state = after(lists(), created(1), { type: "local.signedOut" });
  assert.deepEqual([state.me, state.chats.order, state.ready], [null, [], false]);
});

test("fresh lists keep the histories that are on screen, and no others", () => {
  const two = [chat(7), chat(8)];
  const loading = (chatId) => ({ type: "local.loading", chatId, loading: true });
  const state = after(lists({ chats: two }), loading(7), loading(8), lists({ chats: two, keep: [8] }));
  assert.deepEqual(Object.keys(state.messages), ["8"]);
});
