/** The licences of the libraries inside a bundle, which must go wherever it goes. Called by scripts/package.mjs. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * @param {string} root of the project
 * @param {string} bundle path of the bundle from the root; its source map names what is in it
 * @returns {string} a text with each library's name, version and licence
 */
export function thirdPartyLicenses(root, bundle) {
  /** @type {{ sources: string[] }} */
  const { sources } = JSON.parse(readFileSync(join(root, `${bundle}.map`), "utf8"));
  const folders = sources.flatMap((source) => /.*\/?(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ?? []);
  return [...new Set(folders)]
    .sort()
    .map((folder) => describe(join(root, folder)))
    .join(`\n${"-".repeat(80)}\n\n`);
}

/** @param {string} folder of a package */
function describe(folder) {
  const {
    name,
    version,
    license = "its licence is below",
  } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = existsSync(folder) ? readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry)) : undefined;
  const text = file === undefined ? "" : `\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  return `${name} ${version} (${license})\n${text}`;
}
