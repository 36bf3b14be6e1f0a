/** A list that renders only what is seen: keeps to its end, or keeps its place when rows come in front or grow. */
import { Component } from "preact";
import { html } from "../html.js";
import { END, Heights, anchorAt, topFor } from "../virtual.js";

/** Pixels beyond what is seen that are rendered too, once what is seen is painted. */
const MARGIN = 600;

/**
 * @template T
 * @typedef {object} Props
 * @property {T[]} items in their order
 * @property {(item: T) => import("../virtual.js").Key} keyOf
 * @property {(item: T) => any} render without outer margins
 * @property {(item: T) => number} [guess] the height of a row that was never seen
 * @property {(item: T) => boolean} [isStable] whether the row stays where it is when others come in front of it
 * @property {import("../virtual.js").Controls} [controls] filled in for the owner
 * @property {() => void} [onNearStart]
 * @property {() => void} [onNearEnd]
 * @property {(view: import("../virtual.js").View) => void} [onView] told what is seen, when that changes
 * @property {boolean} [moreAfter] whether the last row is not the last there is, so that the end is not kept to
 * @property {boolean} [fromStart] begin at the first row instead of the last
 * @property {Record<string, any>} [attributes] of the element that scrolls
 */

/** @extends {Component<Props<any>, {start: number, end: number}>} */
export class VirtualList extends Component {
  /** @param {Props<any>} props */
  constructor(props) {
    super(props);
    this.heights = new Heights();
    /** @type {import("../virtual.js").Anchor} */
    this.anchor = END;
    /** @type {HTMLElement | null} */
    this.scroller = null;
    /** @type {HTMLElement | null} */
    this.block = null;
    this.lastTop = -1;
    this.view = 0;
    this.margin = 0;
    /** @type {number | undefined} */
    this.frame = undefined;
    this.hadFocus = false;
    this.told = "";
    this.take(props);
    if (props.fromStart) this.anchor = this.firstAnchor();
    this.state = this.rangeFor(globalThis.innerHeight ?? 800);
    this.onScroll = this.onScroll.bind(this);
    this.onFocusIn = () => (this.hadFocus = true);
    this.onFocusOut = (/** @type {FocusEvent} */ event) => {
      if (event.relatedTarget) this.hadFocus = false;
    };
  }

  /** @override */
  componentDidMount() {
    this.observer = new ResizeObserver(() => this.settle());
    if (this.scroller) this.observer.observe(this.scroller);
    if (this.block) this.observer.observe(this.block);
    const { controls } = this.props;
    if (controls) Object.assign(controls, this.controls());
    this.settle();
    requestAnimationFrame(() => setTimeout(() => this.widen()));
  }

  /** Behind the first frame, which is the sooner there the less is in it. */
  widen() {
    if (!this.scroller) return;
    this.margin = MARGIN;
    this.setState(this.rangeFor(this.view || (globalThis.innerHeight ?? 800)));
  }

  /** @override @param {Props<any>} next */
  componentWillReceiveProps(next) {
    if (next.items === this.props.items) return;
    if (this.anchor.end && next.moreAfter && this.heights.count) this.anchor = this.anchorHere(next);
    this.take(next);
    const range = this.rangeFor(this.scroller?.clientHeight ?? 800);
    if (range.start !== this.state.start || range.end !== this.state.end) this.setState(range);
  }

  /** @override */
  componentDidUpdate() {
    this.shift();
    // Measuring makes the browser lay everything out: before the next frame is painted, once for all that has changed.
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.settle();
    });
    if (this.hadFocus && document.activeElement === document.body) this.scroller?.focus({ preventScroll: true });
  }

  /** @override */
  componentWillUnmount() {
    this.observer?.disconnect();
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
  }

  /** @param {Props<any>} props */
  take({ items, keyOf, guess }) {
    this.heights.setKeys(items.map(keyOf), (index) => guess?.(items[index]) ?? 40);
  }

  firstAnchor() {
    const [key] = this.heights.keys;
    return key === undefined ? END : /** @type {const} */ ({ end: false, key, offset: 0 });
  }

  /** @param {number} view */
  rangeFor(view) {
    const top = topFor(this.heights, this.anchor, view) ?? Math.max(0, this.lastTop);
    return this.heights.rangeOf(top, view, this.margin);
  }

  /**
   * Measures what is rendered, puts everything in its place, and renders what has come into view by that. All is read
   * first and written then: what is read after a change makes the browser lay everything out again.
   */
  settle() {
    const { scroller, block } = this;
    if (!scroller || !block || !scroller.clientHeight) return;
    this.view = scroller.clientHeight;
    if (this.lastTop >= 0) this.notice(scroller.scrollTop);
    const { start } = this.state;
    for (const [i, row] of [...block.children].entries()) {
      if (start + i < this.heights.count) this.heights.measure(start + i, row.getBoundingClientRect().height);
    }
    this.place(scroller, block);
    const range = this.rangeFor(this.view);
    if (range.start < start || range.end > this.state.end) this.setState(range);
    this.tell();
  }

  /** Puts what is rendered where it belongs by what is known of the heights, so that nothing of it moves meanwhile. */
  shift() {
    const { scroller, block } = this;
    if (!scroller || !block) return;
    this.position(block);
    const top = this.anchor.end ? null : topFor(this.heights, this.anchor, this.view);
    if (top === null || Math.abs(this.lastTop - top) < 1) return;
    this.scrollTo(scroller, top);
  }

  /** @param {HTMLElement} scroller @param {number} top */
  scrollTo(scroller, top) {
    scroller.scrollTop = top;
    this.lastTop = top;
  }

  /** @param {HTMLElement} block */
  position(block) {
    const whole = /** @type {HTMLElement} */ (block.parentElement);
    whole.style.height = `${this.heights.total}px`;
    block.style.transform = `translateY(${this.heights.topOf(this.state.start)}px)`;
  }

  /** @param {HTMLElement} scroller @param {HTMLElement} block */
  place(scroller, block) {
    this.position(block);
    const top = topFor(this.heights, this.anchor, this.view);
    if (top !== null && Math.abs(this.lastTop - top) >= 1) this.scrollTo(scroller, top);
    const isLow = this.lastTop + this.view >= this.heights.total - 2;
    if (top === null || (isLow && !this.anchor.end)) this.anchor = this.anchorHere();
  }

  onScroll() {
    if (!this.scroller || !this.notice(this.scroller.scrollTop)) return;
    const seen = this.heights.rangeOf(this.lastTop, this.view, this.margin / 2);
    if (seen.start < this.state.start || seen.end > this.state.end) this.setState(this.rangeFor(this.view));
    this.tell();
  }

  /** Whether somebody else than we has scrolled; where to is then what keeps its place. @param {number} top */
  notice(top) {
    if (Math.abs(top - this.lastTop) < 1) return false;
    this.lastTop = top;
    this.anchor = this.anchorHere();
    return true;
  }

  /** @param {Props<any>} [props] those that decide whether the end is kept to */
  anchorHere({ moreAfter } = this.props) {
    const { items, isStable } = this.props;
    return anchorAt(this.heights, this.lastTop, this.view, (index) => isStable?.(items[index]) ?? true, !moreAfter);
  }

  tell() {
    const { onView, onNearStart, onNearEnd } = this.props;
    const { lastTop, view: height } = this;
    const { start, end } = this.heights.rangeOf(lastTop + 1, height - 2, 0);
    const view = { first: start, last: end - 1, atEnd: this.anchor.end };
    const said = `${this.heights.keys[start]} ${this.heights.keys[end - 1]} ${view.atEnd}`;
    if (said !== this.told) {
      this.told = said;
      onView?.(view);
    }
    if (lastTop < height * 1.5) onNearStart?.();
    if (this.heights.total - lastTop - height < height) onNearEnd?.();
  }

  /** @returns {import("../virtual.js").Controls} */
  controls() {
    return {
      toEnd: () => this.go(END),
      toKey: (key, where = "middle") => {
        const index = this.heights.indexOf(key);
        if (index < 0) return false;
        const room = Math.max(0, (this.scroller?.clientHeight ?? 0) - this.heights.heightOf(index));
        return this.go({ end: false, key, offset: where === "top" ? Math.min(room, 60) : room / 2 });
      },
      rowOf: (key) => {
        const index = this.heights.indexOf(key) - this.state.start;
        return /** @type {HTMLElement | null} */ (index < 0 ? null : (this.block?.children[index] ?? null));
      },
      element: () => this.scroller,
    };
  }

  /** @param {import("../virtual.js").Anchor} anchor */
  go(anchor) {
    this.anchor = anchor;
    this.setState(this.rangeFor(this.scroller?.clientHeight ?? 0), () => this.settle());
    return true;
  }

  /** @param {Props<any>} props @param {{start: number, end: number}} range */
  render({ items, keyOf, render, attributes }, { start, end }) {
    return html`<div
      ...${attributes}
      class=${`virtual ${attributes?.class ?? ""}`}
      ref=${(/** @type {HTMLElement | null} */ el) => (this.scroller = el)}
      onScroll=${this.onScroll}
      onFocusIn=${this.onFocusIn}
      onFocusOut=${this.onFocusOut}
    >
      <div class="virtual-whole">
        <div class="virtual-block" ref=${(/** @type {HTMLElement | null} */ el) => (this.block = el)}>
          ${items
            .slice(start, end)
            .map((/** @type {any} */ item) => html`<div class="virtual-row" key=${keyOf(item)}>${render(item)}</div>`)}
        </div>
      </div>
    </div>`;
  }
}
