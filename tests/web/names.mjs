// For node: bare names lead to the files that the import map of the page leads to, and all of app/web is modules.

import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";

const web = new URL("../../app/web/", import.meta.url);
const { packages } = JSON.parse(readFileSync(new URL("vendor/VENDOR.json", web), "utf8"));
const files = packages.flatMap(({ files }) => files).filter(({ module }) => module);
const names = new Map(files.map(({ module, path }) => [module, new URL(`vendor/${path}`, web).href]));
names.set("dompurify", new URL("js/dompurify.js", web).href);

registerHooks({
  resolve(specifier, context, next) {
    const name = specifier.replace(/^#web\//, web.href);
    const found = next(names.get(name) ?? name, context);
    return found.url.startsWith(web.href) ? { ...found, format: "module" } : found;
  },
});
