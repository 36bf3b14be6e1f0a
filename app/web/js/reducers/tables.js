/**
 * Changing immutable objects: what is as it was stays the same object, so that nobody who looks at it is woken.
 */

/** @typedef {import("../types").State} State */

/** @template T @param {Record<number, T>} record @param {number} id @returns {Record<number, T>} */
export function without(record, id) {
  if (!(id in record)) return record;
  const { [id]: _, ...rest } = record;
  return rest;
}

/** @template {object} T @param {T} old @param {Partial<T>} news @returns {T} `old` itself if nothing differs */
export function merged(old, news) {
  for (const key of /** @type {(keyof T)[]} */ (Object.keys(news))) {
    if (!same(old[key], news[key])) return { ...old, ...news };
  }
  return old;
}

/** @param {unknown} one @param {unknown} other */
function same(one, other) {
  if (one === other) return true;
  if (!Array.isArray(one) || !Array.isArray(other)) return false;
  return one.length === other.length && one.every((item, at) => item === other[at]);
}

/**
 * @template {keyof State} K
 * @param {State} state
 * @param {K} part
 * @param {number} id
 * @param {any} value undefined takes it away
 * @returns {State}
 */
export function put(state, part, id, value) {
  const record = /** @type {Record<number, any>} */ (state[part]);
  if (record[id] === value) return state;
  return { ...state, [part]: value === undefined ? without(record, id) : { ...record, [id]: value } };
}
