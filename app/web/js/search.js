/** Finding things by a few letters of their names. */

/** Without accents and case, so that "zoe" finds "Zoë". @param {string} text */
export const plain = (text) =>
  text
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase();

/**
 * How well a name fits: 4 it is what was typed, 3 it begins so, 2 a word of it does, 1 it is in there, 0.5 its letters
 * are there in that order, 0 not at all. Both already plain.
 * @param {string} name @param {string} wanted
 */
export function fit(name, wanted) {
  if (name === wanted) return 4;
  if (name.startsWith(wanted)) return 3;
  const at = name.indexOf(wanted);
  if (at > 0) return /[\p{L}\p{N}]/u.test(name[at - 1] ?? "") ? 1 : 2;
  return hasInOrder(name, wanted) ? 0.5 : 0;
}

/** @param {string} name @param {string} wanted */
function hasInOrder(name, wanted) {
  let at = 0;
  for (const letter of wanted.replace(/\s+/g, "")) {
    at = name.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/**
 * Those whose name fits, best first; in the order given where they fit alike. Without anything typed all, with those
 * that come `first` in front.
 * @template T
 * @param {T[]} all @param {string} text @param {(item: T) => string} nameOf @param {(item: T) => boolean} [first]
 * @returns {T[]}
 */
export function best(all, text, nameOf, first = () => false) {
  const wanted = plain(text.trim().replace(/^[#@]/, ""));
  const marks = all.map((item) => (wanted ? fit(plain(nameOf(item)), wanted) : 1) + (first(item) ? 0.25 : 0));
  return all
    .map((item, index) => ({ item, mark: marks[index] ?? 0, index }))
    .filter(({ mark }) => mark >= 0.5)
    .sort((a, b) => b.mark - a.mark || a.index - b.index)
    .map(({ item }) => item);
}
