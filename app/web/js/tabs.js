/**
 * One stream for all tabs: the tab that holds the lock reads it and tells the others. Where there are no locks (a page
 * that is not in a secure context) each tab reads its own.
 */

import { hear, say } from "./channel.js";
import { Stream } from "./stream.js";

/** @typedef {import("./stream.js").Ends} Ends */
/** @typedef {import("./stream.js").Sent} Sent */
/** @typedef {import("./stream.js").Connection} Connection */

/** Milliseconds in which a leading tab says something, whatever its stream does. */
const SIGN_OF_LIFE = 5_000;

/** Milliseconds of silence behind which a tab on screen takes the lead from one that hangs. */
const SILENCE = 25_000;

export class Following {
  /**
   * @param {number} userId
   * @param {Ends} ends
   * @param {{locks?: LockManager}} [browser]
   */
  constructor(userId, ends, browser = globalThis.navigator ?? {}) {
    this.user = userId;
    this.ends = ends;
    this.locks = browser.locks;
    this.lock = `fechatter-stream-${userId}`;
    this.leads = false;
    /** @type {string | null} */
    this.cursor = null;
    /** @type {Connection} */
    this.connection = "connecting";
    this.heardAt = Date.now();
    this.toldAt = 0;
    /** @type {(() => void)[]} */
    this.undo = [];
    this.stream = new Stream({ ...ends, deliver: this.#read, state: this.#tell, heard: this.#live });
  }

  /** Hears what another tab reads from now on: to be called before the list is fetched, so that nothing is between. */
  listen() {
    this.undo.push(hear("events", (word) => this.#heard(word) && this.#take(word.events, word.cursor)));
    this.undo.push(hear("connection", (word) => this.#heard(word) && this.#show(word.connection)));
    this.undo.push(hear("who-leads", (word) => this.leads && word.user === this.user && this.#announce()));
  }

  /** From the place of the list on, or from what was heard since, which is behind it. @param {string} cursor */
  from(cursor) {
    this.cursor ??= cursor;
    if (!this.locks) return this.#lead();
    say({ kind: "who-leads", user: this.user });
    this.#queue({});
    const timer = setInterval(() => this.#check(), SIGN_OF_LIFE);
    this.undo.push(() => clearInterval(timer));
  }

  /** Of the tab that reads: goes on after its stream was ended, if the session was not. */
  resume() {
    if (this.leads && this.stream.stopped) this.stream.start(this.cursor);
  }

  stop() {
    for (const undo of this.undo) undo();
    this.undo = [];
    this.#yield();
    this.waiting?.abort();
  }

  /** @param {LockOptions} options */
  #queue(options) {
    this.waiting = options.steal ? undefined : new AbortController();
    const asked = options.steal ? options : { signal: this.waiting?.signal };
    const held = () => {
      this.#lead();
      return new Promise((resolve) => (this.release = () => resolve(undefined)));
    };
    // Rejected when stopped before its turn, or when another tab takes the lead.
    this.locks?.request(this.lock, asked, held).catch(() => {
      if (!this.leads) return;
      this.#yield();
      this.#queue({});
    });
  }

  #lead() {
    this.leads = true;
    this.stream.start(this.cursor);
  }

  #yield() {
    this.leads = false;
    this.stream.stop();
    this.release?.();
    this.release = undefined;
  }

  /** Whether that is a word of the tab that leads this one. @param {{user: number}} word */
  #heard({ user }) {
    if (user !== this.user || this.leads) return false;
    this.heardAt = Date.now();
    return true;
  }

  /** @type {Ends["deliver"]} */
  #read = (events, cursor) => {
    if (this.locks) say({ kind: "events", user: this.user, events, cursor });
    this.#take(events, cursor);
  };

  /** @param {Sent[]} events @param {string | null} cursor */
  #take(events, cursor) {
    this.ends.deliver(events, cursor);
    this.cursor = cursor;
  }

  /** @type {Ends["state"]} */
  #tell = (connection) => {
    this.#show(connection);
    this.#announce();
  };

  /** @param {Connection} connection */
  #show(connection) {
    this.connection = connection;
    this.ends.state(connection);
  }

  /** Something has come: the others hear of it now and then, also where timers sleep. */
  #live = () => {
    if (Date.now() - this.toldAt >= SIGN_OF_LIFE) this.#announce();
  };

  #announce() {
    this.toldAt = Date.now();
    if (this.locks) say({ kind: "connection", user: this.user, connection: this.connection });
  }

  #check() {
    if (this.leads) {
      this.#announce();
    } else if (Date.now() - this.heardAt > SILENCE && globalThis.document?.visibilityState !== "hidden") {
      this.heardAt = Date.now();
      this.waiting?.abort();
      this.#queue({ steal: true });
    }
  }
}
