import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import de from "#web/js/locales/de.js";
import first from "#web/js/locales/en.js";
import later from "#web/js/locales/en/later.js";
import { allTexts, bestLanguage, hasText, isFilled, language, speak, t } from "#web/js/i18n.js";

const JS = new URL("../../../app/web/js/", import.meta.url);
const en = { ...first, ...later };

/** @param {any} text @returns {string[]} */
const forms = (text) => (typeof text === "string" ? [text] : Object.values(text));

/** @param {any} text */
const holes = (text) => [...new Set(forms(text).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();

/** The sources that show something, but the texts themselves. */
const sources = readdirSync(JS, { recursive: true })
  .map(String)
  .filter((path) => path.endsWith(".js") && !path.startsWith("locales"))
  .map((path) => readFileSync(new URL(path, JS), "utf8"));

test("both languages have the same texts", () => {
  assert.deepEqual(Object.keys(de).sort(), Object.keys(en).sort());
});

test("a text has the same gaps in both, and forms of number where the other has them", () => {
  for (const [key, text] of Object.entries(en)) {
    assert.deepEqual(holes(de[key]), holes(text), key);
    assert.equal(typeof de[key], typeof text, key);
  }
});

test("no two parts of a language have the same key, and none is empty", () => {
  for (const lang of ["en", "de"]) {
    const keys = readdirSync(new URL(`locales/${lang}/`, JS)).flatMap((file) =>
      [...readFileSync(new URL(`locales/${lang}/${file}`, JS), "utf8").matchAll(/^ {2}"([^"]+)":/gm)].map(
        (match) => match[1],
      ),
    );
    assert.equal(new Set(keys).size, keys.length, lang);
  }
  for (const text of [...Object.values(en), ...Object.values(de)])
    for (const form of forms(text)) assert.ok(form.trim());
});

test("every text that is asked for by name is there", () => {
  for (const source of sources) {
    for (const [, key = ""] of source.matchAll(/\bt\("([\w.]+)"/g)) assert.ok(key in en, key);
    for (const [, one = "", other = ""] of source.matchAll(/\bt\([^"`)]*\? "([\w.]+)" : "([\w.]+)"/g))
      assert.ok(one in en && other in en, `${one} ${other}`);
  }
});

/** All modules that are loaded with that one, itself among them. */
function loadedWith(path, found = new Map()) {
  if (found.has(path)) return found;
  const source = readFileSync(new URL(path, JS), "utf8");
  found.set(path, source);
  for (const [, name] of source.matchAll(/^(?:import|export) [^"]*?"(\.[^"]+\.js)";$/gm))
    loadedWith(new URL(name, new URL(path, JS)).href.slice(JS.href.length), found);
  return found;
}

test("what is loaded at first says nothing that is loaded later", () => {
  const modules = loadedWith("main.js");
  assert.ok(modules.has("components/Composer.js") && !modules.has("screens/Settings.js"), "the search is broken");
  for (const [path, source] of modules) {
    if (path.startsWith("locales")) continue;
    const asked = [/\bt\(\s*"(\w+)"/g, /\bt\([^"`)]*\? "(\w+)" : "(\w+)"/g, /"(\w+\.[\w.]+)"/g].flatMap((form) =>
      [...source.matchAll(form)].flatMap(([, ...keys]) => keys),
    );
    for (const key of asked) assert.ok(!(key in later), `${key} of ${path}`);
    for (const [, family = ""] of source.matchAll(/`([\w.]+\.)\$\{/g))
      assert.ok(!Object.keys(later).some((key) => key.startsWith(family)), `${family}… of ${path}`);
  }
});

test("no text is in both parts, and what is later is there once it was loaded", async () => {
  assert.deepEqual(Object.keys(first).filter((key) => key in later), []);
  assert.ok(!hasText("second_factor.codes"));
  await allTexts();
  assert.equal(t("second_factor.codes"), "Your recovery codes");
});

test("whether all gaps are filled", () => {
  assert.ok(isFilled("typing.two", { name: "a", other: "b" }));
  assert.ok(!isFilled("typing.two", { name: "a" }));
  assert.ok(isFilled("members.count", { count: 1 }) && !isFilled("members.count", {}));
});

test("every text is asked for somewhere", () => {
  const all = sources.join("\n");
  const families = [...all.matchAll(/`([\w.]+)\.\$\{/g)].map((match) => `${match[1]}.`);
  for (const key of Object.keys(en))
    assert.ok(all.includes(`"${key}"`) || families.some((family) => key.startsWith(family)), key);
});

test("the form goes by the number, and what is given is put in as it stands", async () => {
  assert.equal(t("members.count", { count: 1 }), "1 member");
  assert.equal(t("members.count", { count: 0 }), "0 members");
  assert.equal(t("message.does.not.exist"), "message.does.not.exist");
  assert.equal(t("typing.one", { name: "$& {name} <b>" }), "$& {name} <b> is writing …");
  await speak("de");
  assert.equal(t("members.count", { count: 2 }), "2 Mitglieder");
  await speak("xx");
  assert.equal(language.value, "de");
  await speak("en");
});

test("the first language that we speak is taken", () => {
  assert.equal(bestLanguage(["fr-FR", "de-CH", "en"]), "de");
  assert.equal(bestLanguage(["fr"]), "en");
  assert.ok(hasText("error.network") && !hasText("error.none"));
});
