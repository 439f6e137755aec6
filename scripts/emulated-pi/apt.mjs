/** Fetches packages of Debian 12, or a newer one, for any processor, beside the computer's own apt and without touching it. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CACHE } from "./cache.mjs";
import { run } from "./command.mjs";

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const LISTS_FRESH_MS = 24 * 3_600_000;
const REMEDY = "Connect this computer to its Debian mirror, and run the command again";

/** @typedef {{ release: "bookworm" | "trixie", architecture: "arm64" | "amd64" }} Suite */
/** @typedef {{ name: string, version: string, file: string }} Package `file` is its name in apt's archive */

export class Apt {
  /** @type {Suite} */
  #suite;
  /** @type {string} */
  #folder;

  /** @param {Suite} suite */
  constructor(suite) {
    this.#suite = suite;
    this.#folder = join(CACHE, `apt-${suite.release}-${suite.architecture}`);
  }

  /** Reads the lists of packages, at most once a day; without a network those of an earlier day will do. */
  update() {
    const lists = join(this.#folder, "lists");
    const age = Date.now() - (statSync(lists, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age < LISTS_FRESH_MS) return;
    const temporary = `${lists}.${process.pid}.new`;
    try {
      mkdirSync(join(temporary, "partial"), { recursive: true });
      writeFileSync(join(this.#folder, "status"), "");
      writeFileSync(join(this.#folder, "sources.list"), this.#sources());
      this.#apt("apt-get", ["update", "-q", "-o", "APT::Update::Error-Mode=any"], temporary);
      const old = `${lists}.${process.pid}.old`;
      if (existsSync(lists)) renameSync(lists, old);
      renameSync(temporary, lists);
      rmSync(old, { recursive: true, force: true });
    } catch (error) {
      if (!existsSync(lists)) throw error;
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  }

  /**
   * What would have to be installed on an empty computer to have `names`: they and all they depend on.
   * @param {readonly string[]} names
   * @returns {readonly Package[]}
   */
  resolve(names) {
    const printed = this.#apt("apt-get", ["install", "--print-uris", "-qq", "-y", "--no-install-recommends", ...names]);
    const found = printed.matchAll(/^'[^']+' (([^_\s]+)_([^_\s]+)_\S+\.deb) /gm);
    return [...found].map(([, file = "", name = "", version = ""]) => ({ file, name, version }));
  }

  /**
   * The one package among all that depend on `name` that fits, as the kernel behind `linux-image-arm64`.
   * @param {string} name
   * @returns {string}
   */
  dependencyOf(name) {
    const dependency = /Depends: (\S+)/.exec(this.#apt("apt-cache", ["depends", name]))?.[1];
    if (dependency === undefined) throw new Error(`${name} depends on nothing`);
    return dependency;
  }

  /**
   * @param {readonly string[]} names
   * @returns {readonly string[]} each with the version that would be installed
   */
  versions(names) {
    const policy = this.#apt("apt-cache", ["policy", ...names]);
    return [...policy.matchAll(/^(\S+):$[\s\S]*?Candidate: (\S+)/gm)].map(([, name, version]) => `${name}=${version}`);
  }

  /**
   * Downloads packages and unpacks them into one folder; their scripts do not run.
   * @param {readonly string[]} names only these, not what they depend on
   * @param {string} into
   */
  unpack(names, into) {
    const debs = `${into}.debs`;
    mkdirSync(debs, { recursive: true });
    try {
      this.#apt("apt-get", ["download", "-q", ...names], undefined, debs);
      for (const file of readdirSync(debs)) run("dpkg-deb", ["--extract", join(debs, file), into]);
    } finally {
      rmSync(debs, { recursive: true, force: true });
    }
  }

  #sources() {
    const { release } = this.#suite;
    const [main, security] = mirrors();
    const line = (/** @type {string} */ mirror, /** @type {string} */ suite) =>
      `deb [signed-by=${KEYRING}] ${mirror} ${suite} main\n`;
    return line(main, release) + line(main, `${release}-updates`) + line(security, `${release}-security`);
  }

  /**
   * @param {"apt-get" | "apt-cache"} program
   * @param {readonly string[]} args
   * @param {string} [lists]
   * @param {string} [cwd]
   */
  #apt(program, args, lists = join(this.#folder, "lists"), cwd = this.#folder) {
    const settings = {
      "Dir::State::lists": lists,
      "Dir::State::status": join(this.#folder, "status"),
      "Dir::Cache": join(this.#folder, "cache"),
      "Dir::Etc::SourceList": join(this.#folder, "sources.list"),
      "Dir::Etc::SourceParts": "-",
      "Dir::Etc::Preferences": "-",
      "Dir::Etc::PreferencesParts": "-",
      "APT::Architecture": this.#suite.architecture,
      "APT::Architectures": this.#suite.architecture,
      "APT::Sandbox::User": "root",
      "Acquire::Retries": "3",
      "Debug::NoLocking": "true",
    };
    mkdirSync(join(this.#folder, "cache", "archives", "partial"), { recursive: true });
    const options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
    return run(program, [...options, ...args], { cwd, remedy: REMEDY });
  }
}

/**
 * Where this computer itself gets Debian from, else Debian's own address.
 * @returns {readonly [string, string]} the mirror and the one of security updates
 */
function mirrors() {
  const format = ["--format", "$(REPO_URI) $(ORIGIN) $(CODENAME)", "Created-By: Packages"];
  const targets = run("apt-get", ["indextargets", ...format]).split("\n");
  const found = targets.flatMap((line) => (/ Debian /.test(line) ? [line.split(" ")] : []));
  const main = found.find(([, , name]) => name !== undefined && !name.includes("-"))?.[0];
  const security = found.find(([, , name]) => name?.endsWith("-security"))?.[0];
  return [main ?? "http://deb.debian.org/debian/", security ?? "http://deb.debian.org/debian-security/"];
}
