import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { actText, sentenceOf } from "#web/js/acts.js";
import { allTexts, speak, t } from "#web/js/i18n.js";

before(allTexts);
after(() => speak("en"));

const PEOPLE = { 1: "Ann", 2: "Bob", 3: "Carl" };
const names = {
  person: (id) => (id === null ? t("person.operator") : (PEOPLE[id] ?? t("person.number", { id }))),
  channel: (id) => (id === 7 ? "#general" : t("channel.number", { id })),
};

/** What is said of an act of Ann's. */
const said = (action, [target_type, target_id] = [null, null], details = {}, actor_id = 1) =>
  sentenceOf({ action, actor_id, target_type, target_id, details }, names);

test("who did what to whom, and where", () => {
  const channel = ["chat", 7];
  assert.equal(said("chat.created", channel, { type: "public_channel", chat_id: 7, user_ids: [1] }), "Ann made #general");
  assert.equal(said("chat.deleted", ["chat", 9], { chat_id: 9 }), "Ann deleted channel no. 9");
  assert.equal(
    said("chat.members_added", channel, { chat_id: 7, user_ids: [2, 3] }),
    "Ann added Bob and Carl to #general",
  );
  assert.equal(said("chat.member_removed", ["user", 2], { chat_id: 7 }), "Ann removed Bob from #general");
  assert.equal(
    said("chat.role_changed", ["user", 9], { chat_id: 7, before: "member", role: "owner" }),
    "Ann changed the role of Person 9 in #general from Member to Owner",
  );
  assert.equal(
    said("message.deleted", ["message", 4], { chat_id: 7 }),
    "Ann deleted a message of somebody else in #general",
  );
  assert.equal(said("member.joined", ["user", 2], { role: "guest" }, 2), "Bob joined the workspace (role: Guest)");
  assert.equal(said("member.suspended", ["user", 2], { role: null }), "Ann suspended Bob");
  assert.equal(said("account.suspended", ["user", 2], {}, null), "The operator shut the account of Bob");
});

test("an invitation is told from others by its number, and by what was said of it", () => {
  const invite = ["invite", 2];
  const all = { role: "member", max_uses: 10 };
  assert.equal(said("invite.created", invite, all), "Ann made invitation no. 2 (role: Member, uses: 10)");
  assert.equal(
    said("invite.created", invite, { ...all, max_uses: null }),
    "Ann made invitation no. 2 (role: Member)",
  );
  assert.equal(said("invite.created", invite, {}, null), "The operator made invitation no. 2");
  assert.equal(said("invite.accepted", invite), "Ann accepted invitation no. 2");
});

test("rules are said in words", () => {
  const rules = (rules) => said("chat.rules_changed", ["chat", 7], { chat_id: 7, rules });
  const begin = "Ann changed the rules of #general: ";
  assert.equal(
    rules({ read_only: true, slow_mode: 30 }),
    `${begin}only owners and admins write and one message every 30 seconds`,
  );
  assert.equal(rules({ slow_mode: 0 }), `${begin}no slow mode`);
  assert.equal(rules({ read_only: false }), `${begin}all members write`);
});

test("the end of a session is told by its reason", () => {
  assert.equal(said("session.ended", ["session", 5], { reason: "signed_out" }), "Ann signed out");
  assert.equal(said("session.ended", ["session", 5], { reason: "revoked" }), "Ann ended a session");
});

test("what is not known has no sentence, nor what lacks what a sentence speaks of", () => {
  assert.equal(said("workspace.painted", ["workspace", 1]), null);
  assert.equal(actText("workspace.painted"), "workspace.painted");
  assert.equal(said("chat.members_added", ["chat", 7], { chat_id: 7 }), null);
  assert.equal(said("member.role_changed", ["user", 2], { role: "emperor", before: "member" }), null);
  assert.equal(said("constructor"), null);
});

test("names are put in as they are", () => {
  assert.equal(said("token.created", ["token", 3], { name: "{actor} $& <b>" }), "Ann made the access token “{actor} $& <b>”");
});

test("in German too", async () => {
  await speak("de");
  assert.equal(said("chat.member_removed", ["user", 2], { chat_id: 7 }), "Ann hat Bob aus #general entfernt");
  assert.equal(said("chat.deleted", ["chat", 9], { chat_id: 9 }), "Ann hat Kanal Nr. 9 gelöscht");
});
