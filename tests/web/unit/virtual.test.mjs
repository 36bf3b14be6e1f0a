import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualList } from "#web/js/components/VirtualList.js";
import { END, Heights, anchorAt, topFor } from "#web/js/virtual.js";

const always = () => true;

/** @param {number} count @param {number} [height] */
function rows(count, height = 20) {
  const heights = new Heights();
  heights.setKeys(
    Array.from({ length: count }, (_, i) => `k${i}`),
    () => height,
  );
  return heights;
}

/** Sums without the tree. @param {Heights} heights @param {number} index */
const plainTop = (heights, index) => heights.heights.slice(0, index).reduce((sum, height) => sum + height, 0);

test("tops are the sums of the heights in front, whatever was measured, added and taken away", () => {
  const heights = rows(137, 20);
  let seed = 7;
  const random = (/** @type {number} */ most) => (seed = (seed * 48271) % 2147483647) % most;
  for (let i = 0; i < 500; i++) {
    heights.measure(random(heights.count), 10 + random(300));
    if (i % 50 === 0) heights.setKeys([...heights.keys.slice(0, 100 + random(30)), `new${i}`], () => 33);
  }
  for (let i = 0; i <= heights.count; i++) assert.equal(heights.topOf(i), plainTop(heights, i));
  assert.equal(heights.total, plainTop(heights, heights.count));
});

test("the row at a place is the one that covers it", () => {
  const heights = rows(50, 20);
  heights.measure(10, 100);
  for (let y = 0; y < heights.total; y += 7) {
    const at = heights.indexAt(y);
    assert.ok(heights.topOf(at) <= y && y < heights.topOf(at + 1), `${y}`);
  }
  assert.equal(heights.indexAt(-5), 0);
  assert.equal(heights.indexAt(1e9), 49);
});

test("a height that was measured is known again when its row comes back", () => {
  const heights = rows(3);
  heights.measure(1, 77);
  heights.setKeys(["k0"], () => 20);
  heights.setKeys(["k0", "k1"], () => 20);
  assert.equal(heights.total, 97);
});

test("what is seen keeps its place when older rows come in front of it", () => {
  const heights = rows(100, 20);
  const anchor = anchorAt(heights, 1000, 300, always);
  heights.setKeys([...Array.from({ length: 50 }, (_, i) => `old${i}`), ...heights.keys], (index) =>
    index < 50 ? 35 : 20,
  );
  assert.equal(topFor(heights, anchor, 300), 1000 + 50 * 35);
});

test("what is seen keeps its place when rows above turn out higher than was guessed", () => {
  const heights = rows(100, 20);
  const anchor = anchorAt(heights, 1005, 300, always);
  heights.measure(3, 120);
  heights.measure(90, 200);
  assert.equal(topFor(heights, anchor, 300), 1105);
});

test("a line that will move is no anchor", () => {
  const heights = rows(100, 20);
  const anchor = anchorAt(heights, 1000, 300, (index) => index !== 50);
  assert.deepEqual(anchor, { end: false, key: "k51", offset: 20 });
});

test("at the end the list stays at the end, and no longer once it was scrolled away from it", () => {
  const heights = rows(100, 20);
  assert.equal(anchorAt(heights, 1700, 300, always), END);
  heights.setKeys([...heights.keys, "more"], () => 50);
  assert.equal(topFor(heights, END, 300), heights.total - 300);
  assert.notEqual(anchorAt(heights, 1600, 300, always), END);
});

test("the end of what is loaded is not kept to while there is more behind it", () => {
  assert.notEqual(anchorAt(rows(100, 20), 1700, 300, always, false), END);
});

test("an anchor that is gone is told", () => {
  const heights = rows(10);
  assert.equal(topFor(heights, { end: false, key: "gone", offset: 0 }, 50), null);
});

test("a list that is shorter than its view is at its end", () => {
  assert.equal(anchorAt(rows(3, 20), 0, 300, always), END);
  assert.equal(topFor(rows(3, 20), END, 300), 0);
  assert.deepEqual(new Heights().rangeOf(0, 300, 100), { start: 0, end: 0 });
});

test("of 100,000 rows only some are rendered, and a step costs next to nothing", () => {
  const heights = rows(100_000, 30);
  const { start, end } = heights.rangeOf(1_500_000, 800, 600);
  assert.ok(end - start < 70 && start < 50_000 && end > 50_000);
  const before = performance.now();
  for (let i = 0; i < 10_000; i++) {
    heights.measure((i * 7919) % 100_000, 20 + (i % 90));
    heights.rangeOf((i * 331) % 3_000_000, 800, 600);
  }
  assert.ok((performance.now() - before) / 10_000 < 1, "milliseconds a step");
});

test("rows that come and go at either end or between are where they would be in a new list", () => {
  const heights = new Heights();
  const guess = () => 20;
  let keys = /** @type {string[]} */ ([]);
  let chance = 7;
  const draw = (/** @type {number} */ below) => (chance = (chance * 48271) % 2147483647) % below;
  for (let step = 0; step < 400; step++) {
    const at = [0, 1, keys.length, draw(keys.length + 1)][draw(4)];
    const gone = draw(3) ? 0 : draw(9);
    keys = keys.toSpliced(at, gone, ...Array.from({ length: draw(8) }, (_, i) => `${step}.${i}`));
    heights.setKeys(keys, guess);
    if (keys.length) heights.measure(draw(keys.length), 10 + draw(90));
    const fresh = new Heights();
    fresh.setKeys(keys, (index) => heights.measured.get(keys[index]) ?? 20);
    assert.deepEqual(heights.keys, keys);
    assert.deepEqual(heights.heights, fresh.heights);
    assert.deepEqual(heights.sums, fresh.sums);
    assert.equal(heights.places.size, keys.length);
    for (const [index, key] of keys.entries()) assert.equal(heights.indexOf(key), index);
  }
});

test("the heights of rows that are gone for good are forgotten, of those that are there never", () => {
  const heights = new Heights();
  for (let round = 0; round < 100; round++) {
    heights.setKeys(["stays", ...Array.from({ length: 200 }, (_, i) => round * 100 + i)], () => 20);
    if (round === 0) heights.measure(0, 77);
    for (let i = 1; i <= 200; i++) heights.measure(i, 33);
    assert.equal(heights.measured.get("stays"), 77);
  }
  assert.ok(heights.measured.size < 2000, `${heights.measured.size}`);
});

test("a list has rows when it is first drawn, and not only when it has been measured", () => {
  const items = Array.from({ length: 100 }, (_, at) => at);
  const shape = { items, keyOf: (at) => at, guess: () => 40, render: () => null };
  assert.deepEqual(new VirtualList(shape).state, { start: 80, end: 100 });
  assert.deepEqual(new VirtualList({ ...shape, fromStart: true }).state, { start: 0, end: 21 });
});
