/** The packages in a clean Debian 12 with its own systemd and Node.js 18; where there are the means to boot one. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { buildBundles } from "../support/pharos-process.ts";
import { ROOT } from "../support/sources.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();
const tools = ["/usr/bin/systemd-nspawn", "/usr/bin/mmdebstrap"];
/** Root in a container that may make no namespaces boots nothing. */
const isFree = spawnSync("unshare", ["--mount", "--pid", "--cgroup", "--fork", "true"]).status === 0;
const canBoot = process.getuid?.() === 0 && tools.every((tool) => existsSync(tool)) && isFree;

describe("in a clean Debian 12", () => {
  beforeAll(buildBundles, 120_000);

  (canBoot ? it : it.skip)(
    "the packages install, run, survive a hang and a removal, and leave nothing",
    () => {
      const code = `import { makePackages } from ${JSON.stringify(join(ROOT, "scripts/package.mjs"))};
      import { checkPackages } from ${JSON.stringify(join(ROOT, "scripts/package/check.mjs"))};
      await checkPackages(makePackages(${JSON.stringify(newFolder())}, {}), console.log);`;
      const words = ["--input-type=module", "-e", code];
      const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(stdout.match(/^✓/gm)).toHaveLength(2);
    },
    300_000,
  );
});
