// What tests are made of: states, chats, messages and events as the service has them.

import assert from "node:assert/strict";
import { BEGINNING, apply } from "#web/js/store.js";

export const ME = 1;
export const AT = "2026-11-23T09:16:55.000000Z";

/** A moment, in seconds behind a fixed one. */
export const at = (second) => `2026-11-23T10:00:${String(second).padStart(2, "0")}.000000Z`;

export function workspace(id = 1, more = {}) {
  return { id, name: "Acme", slug: "acme", member_count: 2, created_at: AT, role: "member", ...more };
}

export function sharedChat(id = 7, more = {}) {
  return {
    id,
    workspace_id: 1,
    type: "public_channel",
    name: "general",
    topic: "",
    read_only: false,
    slow_mode: 0,
    member_count: 2,
    member_ids: null,
    last_seq: 0,
    created_at: AT,
    ...more,
  };
}

export function chat(id = 7, more = {}) {
  return { ...sharedChat(id), role: "member", last_read_seq: 0, unread_count: 0, last_message: null, ...more };
}

export function message(seq, more = {}) {
  return {
    id: 100 + seq,
    chat_id: 7,
    seq,
    sender_id: 2,
    content: `message ${seq}`,
    client_id: null,
    reply_to: null,
    created_at: at(seq),
    edited_at: null,
    deleted_at: null,
    ...more,
  };
}

export const event = (type, more) => ({ type, workspace_id: 1, chat_id: 7, actor_id: 2, at: AT, ...more });
export const created = (seq, more) => event("message.created", { message: message(seq, more) });

export function lists({ me = ME, workspaces = [workspace()], chats = [chat()], keep } = {}) {
  return { type: "local.lists", me, workspaces, chats, keep };
}

export const page = (items, before = false, after = false) => ({
  items,
  has_more_before: before,
  has_more_after: after,
});

/** Waits for a condition, through turns of the loop: timers may be mocked. */
export async function until(is, what = String(is)) {
  const end = performance.now() + 15_000;
  while (!is()) {
    assert.ok(performance.now() < end, `did not come: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The state after these. */
export const after = (...events) => events.reduce(apply, BEGINNING);
