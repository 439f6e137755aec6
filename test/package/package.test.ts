/** The packages as files: complete, alike from run to run, and without anything of the hub. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { placesOf } from "#base/service/product.ts";
import { buildBundles } from "../support/pharos-process.ts";
import { put } from "../support/service-bench.ts";
import { ROOT } from "../support/sources.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();
const SCRIPTS = join(ROOT, "scripts/package/debian");

/** Makes the packages in a process, since the script finds the project by its own place. */
function makePackages(folder: string): { tarball: string; deb: string } {
  const code = `import { makePackages } from ${JSON.stringify(join(ROOT, "scripts/package.mjs"))};
    console.log(JSON.stringify(makePackages(${JSON.stringify(folder)}, {})));`;
  return JSON.parse(run(process.execPath, "--input-type=module", "-e", code)) as { tarball: string; deb: string };
}

function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

const hash = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

describe("the packages", () => {
  let made = { tarball: "", deb: "" };
  beforeAll(() => {
    buildBundles();
    made = makePackages(newFolder());
  }, 120_000);

  it("are the same bytes when they are made again, at another time and in another place", () => {
    utimesSync(join(ROOT, "dist/bundles/agent.js"), new Date(), new Date());
    const again = makePackages(newFolder());
    expect([hash(again.tarball), hash(again.deb)]).toEqual([hash(made.tarball), hash(made.deb)]);
  });

  it("hold the same program, and the tarball says how to use it", () => {
    const tar = run("tar", "tzf", made.tarball)
      .split("\n")
      .map((path) => path.replace(/^[^/]+\//, ""));
    const prefix = "./usr/lib/pharos-agent/";
    const deb = run("sh", "-c", `dpkg-deb --fsys-tarfile ${made.deb} | tar t`).split("\n");
    const program = deb.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
    expect(program).toContain("dist/bundles/agent.js");
    expect(tar.filter((path) => path !== "" && path !== "README.md").sort()).toEqual(
      program.filter((path) => path !== "").sort(),
    );
    expect(deb.filter((path) => /hub|node_modules|\.map$/.test(path))).toEqual([]);
  });

  it("belong to root, and everybody may read them", () => {
    const lines = [run("tar", "tvzf", made.tarball), run("dpkg-deb", "--contents", made.deb)]
      .join("")
      .trim()
      .split("\n");
    expect(
      lines.filter((line) => !/^[d-]rw[x-]r-[x-]r-[x-] (0\/0|root\/root) /.test(line) && !line.startsWith("l")),
    ).toEqual([]);
  });

  it("run where they are unpacked, with the version of the project", () => {
    const folder = newFolder();
    run("tar", "xzf", made.tarball, "-C", folder);
    const [program = ""] = readdirSync(folder);
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
    expect(run(join(folder, program, "pharos"), "--version").trim()).toBe(version);
    expect(run(join(folder, program, "pharos"), "agent", "--help")).toContain("pharos agent install");
    const hub = spawnSync(join(folder, program, "pharos"), ["hub"], { encoding: "utf8" });
    expect([hub.status, hub.stderr]).toEqual([1, expect.stringContaining("is not part of what is installed here")]);
  });

  it("carry the licence of every library inside", () => {
    const text = run("tar", "xzOf", made.tarball, "--wildcards", "*/THIRD-PARTY-LICENSES");
    for (const name of ["socket.io-client", "zod", "ws"]) expect(text).toMatch(new RegExp(`^${name} \\d`, "m"));
    expect(text).not.toContain("undefined");
  });
});

describe("the scripts of the Debian package", () => {
  it("are understood by sh", () => {
    for (const name of ["preinst", "postinst", "prerm", "postrm"]) run("sh", "-n", join(SCRIPTS, name));
  });

  it("purge every place that an installation uses", () => {
    const postrm = readFileSync(join(SCRIPTS, "postrm"), "utf8");
    const { wants, dropIns, config, secret, rules, sysusers, state, program } = placesOf({ word: "agent" });
    const places = [wants, dropIns, config, secret, rules, sysusers, program, ...state];
    expect(places.filter((path) => !postrm.includes(path))).toEqual([]);
  });
});

describe("the launcher", () => {
  const launcher = join(ROOT, "pharos");

  it("finds its folder through links, also relative ones, and in a folder with a blank", () => {
    const folder = join(newFolder(), "a folder");
    put(join(folder, "bin/pharos.js"), "console.log(process.argv.slice(2).join('|'))");
    run("cp", launcher, join(folder, "pharos"));
    run("ln", "-s", "pharos", join(folder, "one"));
    run("ln", "-s", join(folder, "one"), join(folder, "two"));
    expect(run(join(folder, "two"), "a b", "c")).toBe("a b|c\n");
  });

  it("says what to install where there is no Node.js", () => {
    const script = readFileSync(launcher, "utf8")
      .replaceAll("/usr/bin/node", "/nowhere")
      .replaceAll("/usr/local/bin/node", "/nowhere");
    const folder = newFolder();
    put(join(folder, "pharos"), script, 0o755);
    for (const name of ["dirname", "readlink"]) run("ln", "-s", `/usr/bin/${name}`, join(folder, name));
    const { status, stderr } = spawnSync("/bin/sh", [join(folder, "pharos")], {
      encoding: "utf8",
      env: { PATH: folder },
    });
    expect([status, stderr]).toEqual([127, expect.stringContaining("sudo apt install nodejs")]);
  });
});
