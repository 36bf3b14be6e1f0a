/**
 * The event stream, read by hand over fetch, which can send a token and a cursor: it comes back by itself, right behind
 * what was handled last.
 */

import { refusal } from "./http.js";
import { makeParser } from "./sse.js";

/** @typedef {import("./sse.js").Sent} Sent */
/** @typedef {"live" | "connecting" | "offline"} Connection */

/** Milliseconds: something comes every 15 s, so a longer silence is a broken line. */
const SILENCE = 20_000;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 10_000;

/** Failures in a row behind which we say that the line is away. */
const PATIENCE = 2;

/**
 * @typedef {object} Ends
 * @property {string} url
 * @property {() => Promise<string>} bearer a token
 * @property {(old: string) => Promise<string>} renew another token than that
 * @property {(events: Sent[], cursor: string | null) => void} deliver events as they come, and the place behind them
 * @property {(connection: Connection) => void} state
 * @property {() => void} over the session has ended
 * @property {() => void} [heard] something came, if only a sign of life
 */

export class Stream {
  /** @param {Ends} ends */
  constructor(ends) {
    this.ends = ends;
    /** @type {string | null} */
    this.cursor = null;
    this.stopped = true;
    /** Counts the starts: a loop that was stopped ends, also when another one has begun since. */
    this.turn = 0;
    this.failures = 0;
    /** @type {AbortController | null} */
    this.reading = null;
    /** @type {(() => void) | null} */
    this.wake = null;
  }

  /** From a place on, or from now. @param {string | null} cursor */
  start(cursor) {
    this.cursor = cursor;
    this.stopped = false;
    globalThis.addEventListener?.("online", this.nudge);
    globalThis.addEventListener?.("offline", this.cut);
    void this.#run(++this.turn);
  }

  stop() {
    this.stopped = true;
    this.turn += 1;
    globalThis.removeEventListener?.("online", this.nudge);
    globalThis.removeEventListener?.("offline", this.cut);
    this.cut();
    this.nudge();
  }

  /** Not to wait any longer. */
  nudge = () => {
    this.failures = 0;
    this.wake?.();
  };

  /** The line is known to be broken. */
  cut = () => {
    this.failures = Math.max(this.failures, PATIENCE - 1);
    this.reading?.abort();
  };

  /** @param {number} turn */
  async #run(turn) {
    while (turn === this.turn) {
      this.#tell();
      const wait = await this.#once();
      if (turn !== this.turn) return;
      this.#tell();
      await this.#pause(wait ?? Math.min(FIRST_PAUSE * 2 ** Math.min(this.failures, 10), LONGEST_PAUSE));
    }
  }

  #tell() {
    const away = this.failures >= PATIENCE || globalThis.navigator?.onLine === false;
    this.ends.state(away ? "offline" : "connecting");
  }

  /** With jitter: thousands lose the same line at the same moment. @param {number} wait */
  #pause(wait) {
    return new Promise((resolve) => {
      const timer = setTimeout(done, wait * (0.5 + Math.random() / 2));
      const self = this;
      function done() {
        clearTimeout(timer);
        self.wake = null;
        resolve(undefined);
      }
      this.wake = done;
    });
  }

  /** Reads one stream to its end. @returns {Promise<number | null>} how long to wait, where that was said */
  async #once() {
    this.reading = new AbortController();
    const watch = new Watch(() => this.reading?.abort());
    try {
      const answer = await this.#open(this.reading.signal);
      if (!answer.ok) return await this.#refused(answer);
      return await this.#read(answer, watch);
    } catch {
      this.failures += 1;
      return null;
    } finally {
      watch.end();
      this.reading.abort();
    }
  }

  /** @param {AbortSignal} signal */
  async #open(signal) {
    this.token = await this.ends.bearer();
    /** @type {Record<string, string>} */
    const headers = { Authorization: `Bearer ${this.token}`, Accept: "text/event-stream" };
    if (this.cursor !== null) headers["Last-Event-ID"] = this.cursor;
    return fetch(this.ends.url, { headers, signal, cache: "no-store", credentials: "omit" });
  }

  /** @param {Response} answer */
  async #refused(answer) {
    const error = await refusal(answer);
    this.failures += 1;
    if (error.status === 401) {
      await this.ends.renew(this.token ?? "");
      return 0;
    }
    return error.retryAfter === null ? null : error.retryAfter * 1000;
  }

  /** @param {Response} answer @param {Watch} watch @returns {Promise<number | null>} */
  async #read(answer, watch) {
    const reader = /** @type {ReadableStream<Uint8Array>} */ (answer.body).getReader();
    const decoder = new TextDecoder();
    const parse = makeParser();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      watch.reset();
      this.ends.heard?.();
      const said = this.#take(parse(decoder.decode(value, { stream: true })));
      if (said === "restart") return 0;
      if (said !== null) {
        this.stop();
        this.ends.over();
        return null;
      }
    }
    this.failures += 1;
    return null;
  }

  /** @param {Sent[]} events @returns {string | null} why the stream ends, if it said so */
  #take(events) {
    let why = null;
    const news = [];
    for (const event of events) {
      if (event.type === "ready") {
        this.failures = 0;
        this.ends.state("live");
      } else if (event.type === "bye") {
        why = event.data.reason;
      } else if (event.data !== null) {
        news.push(event);
      }
    }
    // Behind the events in the hands of who gets them: what was not handled comes again.
    const cursor = events.reduce((last, event) => event.id ?? last, this.cursor);
    if (news.length || cursor !== this.cursor) this.ends.deliver(news, cursor);
    this.cursor = cursor;
    return why;
  }
}

/** Calls out when nothing has been heard for too long. */
class Watch {
  /** @param {() => void} silent */
  constructor(silent) {
    this.silent = silent;
    this.reset();
  }

  reset() {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.silent, SILENCE);
  }

  end() {
    clearTimeout(this.timer);
  }
}
