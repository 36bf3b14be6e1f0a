import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

/** What the tab keeps; `refuses` has it keep nothing more. */
let kept, refuses;

/** As after a reload. */
let turn = 0;
const fresh = () => import(`#web/js/drafts.js?${(turn += 1)}`);

beforeEach(() => {
  kept = new Map();
  refuses = false;
  const refuse = () => {
    if (refuses) throw new DOMException("full", "QuotaExceededError");
  };
  const value = {
    getItem: (key) => (refuse(), kept.get(key) ?? null),
    setItem: (key, text) => (refuse(), kept.set(key, text)),
    removeItem: (key) => (refuse(), kept.delete(key)),
  };
  Object.defineProperty(globalThis, "sessionStorage", { value, configurable: true });
});

test("a draft is there after a reload, for its writer alone", async () => {
  (await fresh()).keepDraft(1, 7, "half a thought");
  assert.equal((await fresh()).draftOf(1, 7), "half a thought");
  assert.equal((await fresh()).draftOf(1, 8), "");
  assert.equal((await fresh()).draftOf(2, 7), "");
});

test("one that was sent or emptied is not", async () => {
  const drafts = await fresh();
  drafts.keepDraft(1, 7, "half a thought");
  drafts.keepDraft(1, 7, "");
  assert.equal(drafts.draftOf(1, 7), "");
  assert.equal(kept.size, 0);
});

test("who leaves leaves none", async () => {
  const drafts = await fresh();
  drafts.keepDraft(1, 7, "half a thought");
  drafts.forgetDrafts();
  assert.equal(drafts.draftOf(1, 7), "");
  assert.equal(kept.size, 0);
});

test("the last ones are kept, and none that is very long", async () => {
  const drafts = await fresh();
  for (let chat = 1; chat <= 30; chat += 1) drafts.keepDraft(1, chat, `in ${chat}`);
  drafts.keepDraft(1, 11, "in 11 again");
  drafts.keepDraft(1, 31, "x".repeat(20_001));
  assert.equal(drafts.draftOf(1, 1), "in 1", "as long as the page");
  const later = await fresh();
  const there = Array.from({ length: 31 }, (_, at) => at + 1).filter((chat) => later.draftOf(1, chat));
  assert.deepEqual(there, Array.from({ length: 20 }, (_, at) => at + 11));
});

test("storage that is refused, full or has nonsense is no error", async () => {
  kept.set("drafts", "{nonsense");
  assert.equal((await fresh()).draftOf(1, 7), "");
  refuses = true;
  const drafts = await fresh();
  drafts.keepDraft(1, 7, "half a thought");
  assert.equal(drafts.draftOf(1, 7), "half a thought");
  drafts.forgetDrafts();
  assert.equal(drafts.draftOf(1, 7), "");
});
