/**
 * `npm run package`: the agent as a tarball and as a Debian package, in dist/packages/. Both hold what
 * `pharos agent install` installs, laid out by the same plan. The same sources give the same bytes.
 * With `--check` the results are tried in a clean Debian (scripts/package/check.mjs).
 */
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ROOT, targets } from "./build.mjs";
import { buildChanged, changedTargets } from "./build-stamp.mjs";
import { run } from "./emulated-pi/command.mjs";
import { Fault, isMain, requireWritable, runScript } from "./fault.mjs";
import { thirdPartyLicenses } from "./package/third-party.mjs";

const NAME = "pharos-agent";
const BUNDLE = "dist/bundles/agent.js";
const TEMPLATES = join(ROOT, "scripts/package");
const PROGRAM = `usr/lib/${NAME}`;
const DOC = `usr/share/doc/${NAME}`;
/** Of every file in the packages, unless `SOURCE_DATE_EPOCH` says otherwise: seconds since the epoch. */
const EPOCH = Date.UTC(2026, 0, 1) / 1000;

/**
 * @typedef {object} Packages
 * @property {string} tarball
 * @property {string} deb
 */

/**
 * Makes both packages from what is built.
 * @param {string} folder for the results
 * @param {NodeJS.ProcessEnv} env
 * @returns {Packages} their paths
 * @throws {Fault}
 */
export function makePackages(folder, env) {
  const epoch = Number(env.SOURCE_DATE_EPOCH ?? EPOCH);
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  requireWritable(folder);
  const stage = join(folder, `stage-${process.pid}`);
  try {
    layOut(stage);
    const tarball = makeTarball(stage, folder, `${NAME}-${version}`, epoch);
    const deb = makeDeb(stage, folder, version, epoch);
    return { tarball, deb };
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/**
 * The installer's own plan, and beside it what a package needs.
 * @param {string} stage
 */
function layOut(stage) {
  mkdirSync(stage, { recursive: true });
  chmodSync(stage, 0o755);
  run(process.execPath, [join(ROOT, "bin/pharos.js"), "agent", "install", "--root", stage, "--for-package"]);
  const licenses = thirdPartyLicenses(ROOT, BUNDLE);
  writeFileSync(join(stage, PROGRAM, "THIRD-PARTY-LICENSES"), licenses);
}

/**
 * @param {string} stage
 * @param {string} folder
 * @param {string} name
 * @param {number} epoch
 */
function makeTarball(stage, folder, name, epoch) {
  const readme = join(stage, PROGRAM, "README.md");
  copyFileSync(join(TEMPLATES, "README.md"), readme);
  chmodSync(readme, 0o644);
  const archive = join(folder, `${name}.tar`);
  run("tar", [
    ...["--create", "--file", archive, "--format=ustar", "--sort=name", `--mtime=@${epoch}`],
    ...["--owner=root:0", "--group=root:0", "--numeric-owner", "--mode=u=rwX,go=rX"],
    ...[`--transform=s,^${NAME},${name},`, "--directory", join(stage, "usr/lib"), NAME],
  ]);
  rmSync(readme);
  rmSync(`${archive}.gz`, { force: true });
  run("gzip", ["--no-name", "-9", archive]);
  return `${archive}.gz`;
}

/**
 * @param {string} stage
 * @param {string} folder
 * @param {string} version of package.json
 * @param {number} epoch
 */
function makeDeb(stage, folder, version, epoch) {
  if (!existsSync("/usr/bin/dpkg-deb")) {
    throw new Fault("The Debian package is made by dpkg-deb, which is not here: run this on Debian or its like.");
  }
  // A hyphen would begin the revision of a Debian version.
  const debian = version.replace("-", "~");
  mkdirSync(join(stage, DOC), { recursive: true });
  const copyright = `${readFileSync(join(ROOT, "LICENSE"), "utf8")}\nLibraries in ${PROGRAM}/${BUNDLE}: /${PROGRAM}/THIRD-PARTY-LICENSES\n`;
  writeFileSync(join(stage, DOC, "copyright"), copyright);
  writeControl(stage, debian);
  for (const path of ["", ...readdirSync(stage, { recursive: true, encoding: "utf8" })]) {
    lutimesSync(join(stage, path), epoch, epoch);
  }
  const deb = join(folder, `${NAME}_${debian}_all.deb`);
  const env = { SOURCE_DATE_EPOCH: String(epoch) };
  // xz, since the dpkg of Debian 11 knows no zstd.
  run("dpkg-deb", ["--root-owner-group", "-Zxz", "--build", stage, deb], { env });
  return deb;
}

/**
 * @param {string} stage
 * @param {string} version
 */
function writeControl(stage, version) {
  const files = readdirSync(stage, { recursive: true, encoding: "utf8" }).map((path) => join(stage, path));
  const size = files.reduce(
    (sum, path) => sum + Math.ceil((statSync(path).isFile() ? statSync(path).size : 0) / 1024),
    0,
  );
  mkdirSync(join(stage, "DEBIAN"));
  for (const name of readdirSync(join(TEMPLATES, "debian"))) {
    const text = readFileSync(join(TEMPLATES, "debian", name), "utf8");
    const path = join(stage, "DEBIAN", name);
    writeFileSync(path, text.replace("@VERSION@", version).replace("@SIZE@", String(size)));
    chmodSync(path, name === "control" ? 0o644 : 0o755);
  }
  for (const path of ["DEBIAN", "usr", "usr/bin", "usr/share", "usr/share/doc", DOC])
    chmodSync(join(stage, path), 0o755);
  for (const path of [`${DOC}/copyright`, `${PROGRAM}/THIRD-PARTY-LICENSES`]) chmodSync(join(stage, path), 0o644);
}

/** @param {string} path */
function describe(path) {
  const bytes = readFileSync(path);
  const hash = createHash("sha256").update(bytes).digest("hex");
  return `${path}\n  ${Math.ceil(bytes.length / 1024)} KB, SHA-256 ${hash}`;
}

/** @returns {Promise<void>} when the agent's bundle is as its sources are */
async function buildAgent() {
  const agent = targets(ROOT).filter(({ name }) => name === "agent");
  if (changedTargets(ROOT, agent).length > 0) await buildChanged(ROOT, agent, (line) => console.log(line));
}

if (isMain(import.meta.url)) {
  await runScript(async () => {
    await buildAgent();
    const packages = makePackages(join(ROOT, "dist/packages"), process.env);
    for (const path of Object.values(packages)) console.log(describe(path));
    if (process.argv.includes("--check")) {
      const { checkPackages } = await import("./package/check.mjs");
      await checkPackages(packages, (line) => console.log(line));
    }
  });
}
