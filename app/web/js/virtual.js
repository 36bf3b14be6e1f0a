/** The sums behind a list of which only what is seen is rendered: where each row is, and which rows to render. */

/** @typedef {string | number} Key */

/** Rows whose heights may be kept whether they are there or not. */
const FEW = 1000;

/**
 * @typedef {object} View
 * @property {number} first index of the first row that is seen at least in part
 * @property {number} last
 * @property {boolean} atEnd
 */

/**
 * What the owner of a list can ask of it.
 * @typedef {object} Controls
 * @property {() => void} [toEnd]
 * @property {(key: Key, where?: "middle" | "top") => boolean} [toKey] false: no such row
 * @property {(key: Key) => HTMLElement | null} [rowOf] its element, when it is rendered
 * @property {() => HTMLElement | null} [element]
 */

/**
 * The heights of rows, measured or guessed, in a tree of sums (Fenwick): the top of a row, the row at a place and a new
 * height take log(n) steps, and rows at the end come and go without touching the others.
 */
export class Heights {
  constructor() {
    /** @type {Key[]} */
    this.keys = [];
    /** @type {number[]} */
    this.heights = [];
    /** Node i holds the sum of the rows (i - lowest bit of i, i], counted from 1. @type {number[]} */
    this.sums = [0];
    /** The index of each, but for the shift: rows in front change the index of all. @type {Map<Key, number>} */
    this.places = new Map();
    this.shift = 0;
    /** What was measured, also of rows that are gone for now. @type {Map<Key, number>} */
    this.measured = new Map();
    /** So many may be measured before those that are gone are forgotten. */
    this.most = FEW;
  }

  /** @param {number} index */
  heightOf(index) {
    return this.heights[index] ?? 0;
  }

  /** @param {number} node */
  sumAt(node) {
    return this.sums[node] ?? 0;
  }

  get count() {
    return this.keys.length;
  }

  get total() {
    return this.topOf(this.keys.length);
  }

  /**
   * Takes the rows as they are now. What they begin and end with in common with the last ones stays as it is.
   * @param {Key[]} keys @param {(index: number) => number} guess of a row that was never measured
   */
  setKeys(keys, guess) {
    let same = 0;
    const most = Math.min(keys.length, this.keys.length);
    while (same < most && keys[same] === this.keys[same]) same++;
    let end = 0;
    while (end < most - same && keys[keys.length - 1 - end] === this.keys[this.keys.length - 1 - end]) end++;
    for (let i = same; i < this.keys.length - end; i++) this.places.delete(/** @type {Key} */ (this.keys[i]));
    if (end) this.insert(keys, guess, same, end);
    else this.append(keys, guess, same);
    if (this.measured.size > this.most) this.forget();
  }

  /** @param {Key[]} keys @param {(index: number) => number} guess @param {number} same */
  append(keys, guess, same) {
    this.keys.length = this.heights.length = same;
    this.sums.length = same + 1;
    for (let i = same; i < keys.length; i++) {
      const key = /** @type {Key} */ (keys[i]);
      this.push(key, this.measured.get(key) ?? guess(i));
    }
  }

  /**
   * Others between those in common.
   * @param {Key[]} keys @param {(index: number) => number} guess
   * @param {number} same how many are at the beginning @param {number} end how many at the end
   */
  insert(keys, guess, same, end) {
    this.shift += keys.length - this.keys.length;
    const kept = this.heights.slice(this.keys.length - end);
    this.keys = [...keys];
    this.heights.length = same;
    for (let i = 0; i < keys.length - end; i++) {
      const key = /** @type {Key} */ (keys[i]);
      this.places.set(key, i - this.shift);
      if (i >= same) this.heights.push(this.measured.get(key) ?? guess(i));
    }
    for (const height of kept) this.heights.push(height);
    this.sum();
  }

  /** The tree anew. */
  sum() {
    this.sums = [0, ...this.heights];
    for (let node = 1; node < this.sums.length; node++) {
      const above = node + (node & -node);
      if (above < this.sums.length) this.sums[above] = this.sumAt(above) + this.sumAt(node);
    }
  }

  /** What is gone, and does not come back in a moment. */
  forget() {
    for (const key of this.measured.keys()) if (!this.places.has(key)) this.measured.delete(key);
    this.most = 2 * this.measured.size + FEW;
  }

  /** @param {Key} key @param {number} height */
  push(key, height) {
    const node = this.keys.push(key);
    this.heights.push(height);
    this.places.set(key, node - 1 - this.shift);
    let sum = height;
    const first = node - (node & -node);
    for (let below = node - 1; below > first; below -= below & -below) sum += this.sumAt(below);
    this.sums[node] = sum;
  }

  /** @param {Key} key @returns {number} its place, or -1 */
  indexOf(key) {
    const place = this.places.get(key);
    return place === undefined ? -1 : place + this.shift;
  }

  /** Takes a measured height; says whether that is news. @param {number} index @param {number} height */
  measure(index, height) {
    const key = this.keys[index];
    if (key === undefined) return false;
    this.measured.set(key, height);
    const more = height - this.heightOf(index);
    if (Math.abs(more) < 0.01) return false;
    this.heights[index] = height;
    for (let node = index + 1; node < this.sums.length; node += node & -node) this.sums[node] = this.sumAt(node) + more;
    return true;
  }

  /** The sum of the heights in front of a row. @param {number} index */
  topOf(index) {
    let sum = 0;
    for (let node = index; node > 0; node -= node & -node) sum += this.sumAt(node);
    return sum;
  }

  /** The row at a place: the last one whose top is not below it. @param {number} y */
  indexAt(y) {
    let node = 0;
    let rest = Math.max(0, y);
    for (let bit = highestBit(this.keys.length); bit > 0; bit >>= 1) {
      const next = node + bit;
      if (next < this.sums.length && this.sumAt(next) <= rest) {
        node = next;
        rest -= this.sumAt(next);
      }
    }
    return Math.max(0, Math.min(node, this.keys.length - 1));
  }

  /**
   * The rows [start, end) that are seen between two places, with some more on both sides.
   * @param {number} top @param {number} height of the view @param {number} margin in pixels
   */
  rangeOf(top, height, margin) {
    if (!this.count) return { start: 0, end: 0 };
    return { start: this.indexAt(top - margin), end: this.indexAt(top + height + margin) + 1 };
  }
}

/** @param {number} n */
function highestBit(n) {
  let bit = 1;
  while (bit * 2 <= n) bit *= 2;
  return n ? bit : 0;
}

/**
 * What keeps its place while rows come, go and grow: the end, or a row by the distance of its top from that of the
 * view.
 * @typedef {{end: true} | {end: false, key: Key, offset: number}} Anchor
 */

/** @type {Anchor} */
export const END = { end: true };

/**
 * The anchor for what is seen now: the first row in view that stays what it is when others come in front of it.
 * @param {Heights} heights @param {number} top @param {number} view height of the view
 * @param {(index: number) => boolean} isStable
 * @param {boolean} [mayEnd] false while the last row is not the last there is @returns {Anchor}
 */
export function anchorAt(heights, top, view, isStable, mayEnd = true) {
  if (!heights.count || (mayEnd && top + view >= heights.total - 2)) return END;
  const first = heights.indexAt(top);
  let index = first;
  while (index < heights.count - 1 && !isStable(index)) index++;
  if (!isStable(index)) index = first;
  const key = heights.keys[index];
  return key === undefined ? END : { end: false, key, offset: heights.topOf(index) - top };
}

/**
 * Where to scroll to so that the anchor is where it was; null when its row is gone.
 * @param {Heights} heights @param {Anchor} anchor @param {number} view height of the view
 */
export function topFor(heights, anchor, view) {
  const last = Math.max(0, heights.total - view);
  if (anchor.end) return last;
  const index = heights.indexOf(anchor.key);
  if (index < 0) return null;
  return Math.max(0, Math.min(heights.topOf(index) - anchor.offset, last));
}
