import assert from "node:assert/strict";
import { test } from "node:test";
import { apply } from "#web/js/store.js";
import { ME, after, at, chat, created, event, lists, message, page } from "./things.mjs";

const loading = { type: "local.loading", chatId: 7, loading: true };
const loaded = (page, mode = "replace") => ({ type: "local.page", chatId: 7, mode, page });
const seqs = (state) => state.messages[7].items.map(({ seq }) => seq);

test("a new message counts as unread, one's own as read", () => {
  let state = after(lists(), created(1));
  assert.equal(state.chats.byId[7].unread_count, 1);
  assert.equal(state.chats.byId[7].last_message.seq, 1);
  state = apply(state, created(2, { sender_id: ME }));
  assert.deepEqual([state.chats.byId[7].unread_count, state.chats.byId[7].last_read_seq], [0, 2]);
});

test("applying an event again, or an old one, changes nothing, not even the object", () => {
  const state = after(lists(), loading, loaded(page([])), created(1), created(2));
  assert.equal(apply(state, created(2)), state);
  assert.equal(apply(state, created(1)), state);
});

test("unknown events change nothing, whatever they are called", () => {
  const state = after(lists());
  for (const type of ["reaction.added", "constructor", "toString", "__proto__"]) {
    assert.equal(apply(state, event(type, {})), state);
  }
});

test("what comes while a page is on its way is behind it, and nothing is lost between", () => {
  const state = after(lists(), loading, created(3), created(4), loaded(page([message(1), message(2), message(3)])));
  assert.deepEqual(seqs(state), [1, 2, 3, 4]);
  assert.equal(state.messages[7].hasMoreAfter, false);
});

test("a page that is older than what has been missed says that there is more", () => {
  const state = after(lists(), loading, created(4), loaded(page([message(1), message(2)])));
  assert.deepEqual(seqs(state), [1, 2]);
  assert.equal(state.messages[7].hasMoreAfter, true);
  const whole = apply(state, loaded(page([message(3), message(4)]), "after"));
  assert.deepEqual(seqs(whole), [1, 2, 3, 4]);
  assert.equal(whole.messages[7].hasMoreAfter, false);
});

test("what comes while older messages are looked at is not put behind them", () => {
  const around = page([message(1), message(2)], false, true);
  const state = after(lists({ chats: [chat(7, { last_seq: 50 })] }), loading, loaded(around), created(51));
  assert.deepEqual(seqs(state), [1, 2]);
  assert.equal(state.chats.byId[7].last_seq, 51);
});

test("one that comes between two pages is not lost with the last page", () => {
  const around = page([message(1)], false, true);
  const state = after(lists(), loading, loaded(around), created(3), loaded(page([message(2)]), "after"));
  assert.equal(state.messages[7].hasMoreAfter, true, "3 was left out while there was more behind");
});

test("a gap is not shown as if it were none", () => {
  const state = after(lists(), loading, loaded(page([message(1)])), created(3));
  assert.deepEqual(seqs(state), [1]);
  assert.equal(state.messages[7].hasMoreAfter, true);
});

test("older pages are put before", () => {
  const state = after(lists(), loading, loaded(page([message(3), message(4)], true)));
  const whole = apply(state, loaded(page([message(1), message(2)]), "before"));
  assert.deepEqual(seqs(whole), [1, 2, 3, 4]);
  assert.equal(whole.messages[7].hasMore, false);
});

test("the later state of a message stays, in whatever order they come", () => {
  const edit = (text, second) => message(1, { content: text, edited_at: at(second) });
  const update = (message) => event("message.updated", { message });
  const gone = event("message.deleted", { message: message(1, { content: null, deleted_at: at(30) }) });
  let state = after(lists(), loading, created(1), loaded(page([edit("new", 20)])), update(edit("old", 10)));
  assert.equal(state.messages[7].items[0].content, "new");
  state = apply(apply(state, gone), update(edit("newest", 25)));
  assert.equal(state.messages[7].items[0].content, null);
  assert.equal(state.chats.byId[7].last_message.content, null);
});

test("a deleted text is nowhere any more", () => {
  const quoted = { type: "local.quoted", id: 101, message: message(1, { content: "secret" }) };
  const made = [lists(), loading, loaded(page([])), created(1, { content: "secret" }), quoted];
  const gone = event("message.deleted", { message: message(1, { content: null, deleted_at: at(30) }) });
  assert.ok(JSON.stringify(after(...made)).includes("secret"));
  assert.ok(!JSON.stringify(after(...made, gone)).includes("secret"));
});

test("a page replaces what does not touch it", () => {
  const state = after(lists(), loading, loaded(page([message(1), message(2)], false, true)), loading);
  const far = apply(state, loaded(page([message(40), message(41)], true)));
  assert.deepEqual(seqs(far), [40, 41]);
});

test("messages of chats that are not loaded change only the list", () => {
  assert.equal(after(lists(), created(1)).messages[7], undefined);
});

test("who has written is not typing any more", () => {
  const typing = event("typing", { user_id: 2, received: 1000 });
  assert.ok(after(lists(), typing).typing[7][2]);
  assert.equal(after(lists(), typing, created(1)).typing[7]?.[2], undefined);
  assert.equal(after(lists(), typing, { type: "local.passed", now: 8000 }).typing[7], undefined);
});
