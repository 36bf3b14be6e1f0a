/**
 * What the tabs of one browser tell each other: tokens, endings, and the events of the one stream.
 */

/** @typedef {{kind: string} & Record<string, any>} Word */

/** @type {Map<string, Set<(word: any) => void>>} */
const listeners = new Map();

/** @type {BroadcastChannel | null | undefined} */
let line;

function open() {
  if (line === undefined) {
    line = typeof BroadcastChannel === "function" ? new BroadcastChannel("fechatter") : null;
    line?.addEventListener("message", ({ data }) => {
      for (const listener of listeners.get(data.kind) ?? []) listener(data);
    });
  }
  return line;
}

/** To all other tabs, not to this one. @param {Word} word */
export function say(word) {
  open()?.postMessage(word);
}

/**
 * @param {string} kind
 * @param {(word: any) => void} listener
 * @returns {() => void} which ends it
 */
export function hear(kind, listener) {
  open();
  const all = listeners.get(kind) ?? new Set();
  listeners.set(kind, all.add(listener));
  return () => void all.delete(listener);
}

/** For tests: lets the process end. */
export function close() {
  line?.close();
  line = undefined;
  listeners.clear();
}
