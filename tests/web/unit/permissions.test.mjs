import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CHAT_RULES, WORKSPACE_RULES } from "#web/js/permissions.js";

/** Of `fechatter/permissions.py`, every rule with everything that it can be asked; see tests/web/test_permissions.py. */
const path = process.env.FECHATTER_RULES;
const { chat, workspace } = path ? JSON.parse(readFileSync(path, "utf8")) : { chat: [], workspace: [] };

test("what one may in a chat is what the server says", () => {
  for (const { rule, who, about, may } of chat) {
    assert.equal(CHAT_RULES[rule](who, about), may, JSON.stringify({ rule, who, about }));
  }
});

test("what one may in a workspace is what the server says", () => {
  for (const { rule, role, about, may } of workspace) {
    assert.equal(WORKSPACE_RULES[rule](role, about), may, JSON.stringify({ rule, role, about }));
  }
});

test("no rule is forgotten", { skip: !path }, () => {
  const named = (rules) => [...new Set(rules.map(({ rule }) => rule))].sort();
  assert.deepEqual(Object.keys(CHAT_RULES).sort(), named(chat));
  assert.deepEqual(Object.keys(WORKSPACE_RULES).sort(), named(workspace));
});
