/** Installing into a folder that stands for a system: what is there after it, and after it all is taken away. */
import { existsSync, lstatSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { bench, product, put, tree, writeProgram, writeSystem } from "../../support/service-bench.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const newFolder = temporaryFolders();

describe("a service in another root", () => {
  let err = "";
  beforeEach(() => {
    err = "";
    jest.spyOn(process.stderr, "write").mockImplementation((text) => {
      err += String(text);
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  function setUp(version = "1.0.0") {
    const root = writeSystem(newFolder());
    const source = writeProgram(newFolder(), version);
    const one = bench(source);
    const read = (path: string): string => readFileSync(join(root, path), "utf8");
    const install = (...args: string[]): Promise<number> => one.run("install", "--root", root, ...args);
    return { root, source, one, read, install };
  }

  it("has program, unit, options, secret, access, launcher, and starts with the system", async () => {
    const { root, one, read, install } = setUp();
    expect(await install("--hub", "http://a", "--token", "s3cret")).toBe(0);
    expect(read("usr/lib/pharos-agent/bin/pharos.js")).toBe("// 1.0.0\n");
    expect(JSON.parse(read("usr/lib/pharos-agent/package.json"))).toMatchObject({
      name: "pharos-agent",
      version: "1.0.0",
    });
    expect(JSON.parse(read("etc/pharos/agent.json"))).toEqual({ hub: "http://a" });
    expect(read("etc/pharos/agent.token")).toBe("s3cret\n");
    expect(statSync(join(root, "etc/pharos/agent.token")).mode & 0o777).toBe(0o600);
    expect(statSync(join(root, "usr/lib/pharos-agent/pharos")).mode & 0o777).toBe(0o755);
    expect(read("etc/udev/rules.d/60-pharos-agent.rules")).toBe("OURS\n");
    const links = tree(root).filter((line) => line.includes(" -> "));
    expect(links).toEqual([
      "etc/systemd/system/multi-user.target.wants/pharos-agent.service -> /etc/systemd/system/pharos-agent.service",
      "usr/local/bin/pharos -> /usr/lib/pharos-agent/pharos",
    ]);
    // The group is made in that system, and nothing is started.
    expect(one.ran).toEqual([`systemd-sysusers --root=${root} pharos-agent.conf`]);
  });

  it("is the same after a second installation, which says so", async () => {
    const { root, one, install } = setUp();
    put(join(root, "etc/group"), "gpio:x:9:\n");
    await install("--hub", "http://a");
    const before = tree(root);
    one.out = "";
    expect(await install("--hub", "http://a")).toBe(0);
    expect(one.out).toBe("Nothing to do: pharos-agent is installed so.\n");
    expect(tree(root)).toEqual(before);
  });

  it("keeps what was given before, until it is given anew or forgotten", async () => {
    const { read, install } = setUp();
    await install("--hub", "http://a", "--level", "5", "--token", "s3cret");
    await install("--hub", "http://b");
    expect(JSON.parse(read("etc/pharos/agent.json"))).toEqual({ hub: "http://b", level: 5 });
    expect(read("etc/pharos/agent.token")).toBe("s3cret\n");
    await install("--reset");
    expect(JSON.parse(read("etc/pharos/agent.json"))).toEqual({});
    expect(read("etc/pharos/agent.token")).toBe("");
  });

  it("prints each step of a dry run, but no secret, and takes none", async () => {
    const { root, one, install } = setUp();
    const before = tree(root);
    expect(await install("--token", "s3cret", "--hub", "http://a", "--dry-run")).toBe(0);
    expect(tree(root)).toEqual(before);
    expect(one.out).not.toContain("s3cret");
    expect(one.out).toContain("write        /etc/pharos/agent.token (0600): not shown\n");
    expect(one.out).toContain('"hub": "http://a"');
    await install("--token", "s3cret", "--hub", "http://a");
    const promised = [...one.out.matchAll(/^(?:make folder|write|link|copy .* to) +(\/\S+)/gm)].map(
      ([, path]) => path ?? "",
    );
    expect(promised.length).toBeGreaterThan(10);
    expect(promised.filter((path) => lstatSync(join(root, path), { throwIfNoEntry: false }) === undefined)).toEqual([]);
  });

  it.each([
    ["a file", (folder: string) => ["--token-file", join(folder, "t")], {}, "from file"],
    ["standard input", () => ["--token-file", "-"], {}, "from input"],
    ["the environment", () => [], { PHAROS_TOKEN: "from env" }, "from env"],
  ])("takes the secret from %s", async (_, args, env, secret) => {
    const { root, source } = setUp();
    put(join(source, "t"), "from file\n");
    await bench(source, undefined, { env }).run("install", "--root", root, ...args(source));
    expect(readFileSync(join(root, "etc/pharos/agent.token"), "utf8")).toBe(`${secret}\n`);
    expect(readFileSync(join(root, "etc/pharos/agent.json"), "utf8")).toBe("{}\n");
  });

  it("takes options from a file, weaker than flags, and never writes its secret down with them", async () => {
    const { source, read, install } = setUp();
    put(join(source, "mine.json"), '{"hub":"http://f","level":7,"token":"s3cret"}');
    await install("--config", join(source, "mine.json"), "--hub", "http://flag");
    expect(JSON.parse(read("etc/pharos/agent.json"))).toEqual({ hub: "http://flag", level: 7 });
    expect(read("etc/pharos/agent.token")).toBe("s3cret\n");
  });

  it("refuses every fault at once and changes nothing", async () => {
    const { root, install } = setUp();
    const before = tree(root);
    expect(await install("--hub", "x", "--what")).toBe(2);
    expect(err).toBe(
      '--what: there is no such option\n--hub: must be an address (given: "x")\nTry: pharos agent install --help\n',
    );
    expect(await install("--data-dir", "/x")).toBe(2);
    expect(err).toContain("--data-dir: the service keeps what lasts in /var/lib/pharos-agent");
    expect(tree(root)).toEqual(before);
  });

  it("leaves group and rules alone where the system has them", async () => {
    const { root, one, install } = setUp();
    put(join(root, "etc/group"), "gpio:x:9:\n");
    put(join(root, "usr/lib/udev/rules.d/99-com.rules"), "THEIRS\n");
    await install();
    expect([one.ran, existsSync(join(root, "etc/udev/rules.d/60-pharos-agent.rules"))]).toEqual([[], false]);
    await one.run("uninstall", "--root", root);
    expect(one.ran).toEqual([]);
  });

  it("leaves nothing when it is removed, and a second removal says so", async () => {
    const { root, one, install } = setUp();
    const before = tree(root);
    await install("--token", "s3cret");
    put(join(root, "var/lib/private/pharos-agent/levels.json"), "{}");
    put(join(root, "etc/systemd/system/pharos-agent.service.d/mine.conf"), "");
    one.ran.length = 0;
    expect(await one.run("uninstall", "--root", root)).toBe(0);
    expect(tree(root)).toEqual(before);
    expect(one.ran).toEqual([`groupdel --prefix ${root} gpio`]);
    one.out = "";
    expect(await one.run("uninstall", "--root", root)).toBe(0);
    expect(one.out).toBe("Nothing to do: pharos-agent is not installed.\n");
  });

  it("keeps options and state when asked to", async () => {
    const { root, one, install } = setUp();
    await install("--token", "s3cret");
    put(join(root, "var/lib/private/pharos-agent/levels.json"), "{}");
    await one.run("uninstall", "--root", root, "--keep-data");
    expect(existsSync(join(root, "usr/lib/pharos-agent"))).toBe(false);
    expect(existsSync(join(root, "etc/pharos/agent.token"))).toBe(true);
    expect(existsSync(join(root, "var/lib/private/pharos-agent/levels.json"))).toBe(true);
  });

  it("is upgraded with its options, without files of the old version, but with what others put there", async () => {
    const { root, read, install } = setUp();
    await install("--level", "3");
    put(join(root, "usr/lib/pharos-agent/old/gone.js"), "");
    put(join(root, "usr/lib/pharos-agent/node_modules/pigpio/x.js"), "");
    const next = bench(writeProgram(newFolder(), "2.0.0"));
    expect(await next.run("upgrade", "--root", root)).toBe(0);
    expect(next.out).toContain("pharos-agent is upgraded from 1.0.0 to 2.0.0");
    expect(read("usr/lib/pharos-agent/bin/pharos.js")).toBe("// 2.0.0\n");
    expect(JSON.parse(read("etc/pharos/agent.json"))).toEqual({ level: 3 });
    expect(existsSync(join(root, "usr/lib/pharos-agent/old"))).toBe(false);
    expect(existsSync(join(root, "usr/lib/pharos-agent/node_modules/pigpio/x.js"))).toBe(true);
  });

  it("is not upgraded to a version that does not understand its options, nor when it is not there", async () => {
    const { root, install } = setUp();
    const next = bench(writeProgram(newFolder(), "2.0.0"));
    expect(await next.run("upgrade", "--root", root)).toBe(1);
    expect(err).toContain("pharos-agent is not installed");
    await install();
    put(join(root, "etc/pharos/agent.json"), '{"old": 1}');
    const before = tree(root);
    expect(await next.run("upgrade", "--root", root)).toBe(2);
    expect(err).toContain("old in /etc/pharos/agent.json: there is no such option");
    expect(tree(root)).toEqual(before);
  });

  it("runs by another Node.js through a drop-in, which goes when it is not needed", async () => {
    const { root, read, install } = setUp();
    await install("--node", "/opt/node/bin/node");
    const dropIn = "etc/systemd/system/pharos-agent.service.d/10-node.conf";
    expect(read(dropIn)).toContain(
      "ExecStart=\nExecStart=/opt/node/bin/node /usr/lib/pharos-agent/bin/pharos.js agent\n",
    );
    await install();
    expect(existsSync(join(root, "etc/systemd/system/pharos-agent.service.d"))).toBe(false);
  });

  it("leaves the shell's command to the other service when that is still there", async () => {
    const { root, source, install, one } = setUp();
    await install();
    await bench(source, undefined, {}, product({ word: "hub" })).run("install", "--root", root);
    await one.run("uninstall", "--root", root);
    expect(tree(root)).toContain("usr/local/bin/pharos -> /usr/lib/pharos-hub/pharos");
  });

  it("mends what was taken away or changed", async () => {
    const { root, install } = setUp();
    put(join(root, "etc/group"), "gpio:x:9:\n");
    await install();
    const before = tree(root);
    rmSync(join(root, "usr/lib/pharos-agent/bin"), { recursive: true });
    put(join(root, "etc/systemd/system/pharos-agent.service"), "changed", 0o600);
    await install();
    expect(tree(root)).toEqual(before);
  });
});
