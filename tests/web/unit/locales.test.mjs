import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import de from "#web/js/locales/de.js";
import en from "#web/js/locales/en.js";
import { bestLanguage, hasText, language, speak, t } from "#web/js/i18n.js";

const JS = new URL("../../../app/web/js/", import.meta.url);

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
