import assert from "node:assert/strict";
import { test } from "node:test";
import { match } from "#web/js/router.js";

const of = (path) => {
  const { name, params } = match(path);
  return [name, params];
};

test("addresses and what they name", () => {
  assert.deepEqual(of("/"), ["home", {}]);
  assert.deepEqual(of("/chats/42"), ["chat", { chatId: 42 }]);
  assert.deepEqual(of("/chats/42/messages/7"), ["chat", { chatId: 42, messageId: 7 }]);
  assert.deepEqual(of("/w/3/members"), ["members", { workspaceId: 3 }]);
  assert.deepEqual(of("/invite/a-b_c%3D"), ["invite", { token: "a-b_c=" }]);
});

test("what is no address of ours", () => {
  for (const path of ["/nope", "/chats", "/chats/x", "/w/1/nope", "/chats/1/messages", "/docs"]) {
    assert.equal(match(path).name, "missing", path);
  }
  assert.deepEqual(of("/invite/%E0%A4%A"), ["invite", { token: "%E0%A4%A" }]);
});
