/**
 * Server-Sent Events from the pieces of text in which they come.
 */

/**
 * @typedef {object} Sent
 * @property {string} type
 * @property {any} data null of a bare `id:`, which only moves the cursor
 * @property {string | null} id
 */

/** @returns {(text: string) => Sent[]} which takes the next piece and gives the events that are whole with it */
export function makeParser() {
  let rest = "";
  let type = "";
  /** @type {string[]} */
  let data = [];
  /** @type {string | null} */
  let id = null;

  /** @param {string} line @param {Sent[]} found */
  function take(line, found) {
    if (line === "") {
      if (data.length) found.push({ type: type || "message", data: JSON.parse(data.join("\n")), id });
      else if (id !== null) found.push({ type: "", data: null, id });
      type = "";
      data = [];
      id = null;
      return;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    if (field === "event") type = value;
    else if (field === "data") data.push(value);
    else if (field === "id" && !value.includes("\0")) id = value;
  }

  return (text) => {
    /** @type {Sent[]} */
    const found = [];
    const all = rest + text;
    // A lone carriage return at the end may be half of a line's end.
    const lines = all.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) take(line, found);
    return found;
  };
}
