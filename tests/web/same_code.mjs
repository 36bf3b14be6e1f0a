// Which modules of two folders differ in more than their comments: node same_code.mjs ACORN ONE OTHER

import { readFileSync, readdirSync } from "node:fs";

const [acorn, one, other] = process.argv.slice(2);
const { parse } = await import(acorn);

/** The code as a tree, without where it stands. */
function code(path) {
  const tree = parse(readFileSync(path, "utf8"), { ecmaVersion: "latest", sourceType: "module" });
  return JSON.stringify(tree, (key, value) => (key === "start" || key === "end" ? undefined : value));
}

const files = readdirSync(one, { recursive: true }).filter((name) => name.endsWith(".js"));
const differing = files.filter((name) => code(`${one}/${name}`) !== code(`${other}/${name}`));
console.log(JSON.stringify({ compared: files.length, differing }));
