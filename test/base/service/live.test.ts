/** What is asked of systemd on a live system, and who may ask; the files go to a folder that the root of the tests is not. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { createJob } from "#base/service/job.ts";
import { placesOf } from "#base/service/product.ts";
import { status } from "#base/service/status.ts";
import type { Step } from "#base/service/step.ts";
import { planActivation, planDeactivation, readState, type ServiceState } from "#base/service/systemd.ts";
import { bench, product, put, writeProgram, writeSystem } from "../../support/service-bench.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const newFolder = temporaryFolders();
const PLACES = placesOf(product());
const RUNS: ServiceState = {
  active: "active",
  enabled: "enabled",
  since: "",
  says: "",
  restarts: 0,
  result: "success",
  needsReload: false,
};
const write = (path: string): Step => ({ kind: "write", path, text: "", mode: 0o644 });

function commands(steps: readonly Step[]): readonly string[] {
  return steps.map((step) => (step.kind === "run" ? step.command.join(" ") : step.path));
}

describe("the activation", () => {
  it("does nothing when nothing changes and the service runs", () => {
    expect(planActivation(product(), [], RUNS)).toEqual([]);
  });

  it("reloads for a unit, and restarts for any change", () => {
    expect(commands(planActivation(product(), [write(PLACES.config)], RUNS))).toEqual([
      "systemctl restart pharos-agent",
    ]);
    expect(commands(planActivation(product(), [write(`${PLACES.dropIns}/10-node.conf`)], RUNS))).toEqual([
      "systemctl daemon-reload",
      "systemctl restart pharos-agent",
    ]);
  });

  it("finishes what an interrupted one began", () => {
    expect(commands(planActivation(product(), [], { ...RUNS, active: "failed" }))).toEqual([
      "systemctl restart pharos-agent",
    ]);
    expect(commands(planActivation(product(), [], { ...RUNS, needsReload: true }))).toHaveLength(2);
  });

  it("applies new rules of udev before the start", () => {
    const lines = commands(planActivation(product(), [write(PLACES.rules)], RUNS));
    expect(lines[0]).toBe("udevadm control --reload");
    expect(lines.at(-1)).toBe("systemctl restart pharos-agent");
  });
});

describe("the deactivation", () => {
  it("stops what runs before its files go, and reloads after", () => {
    const [before, after] = planDeactivation(product(), [{ kind: "remove", path: PLACES.unit }], RUNS);
    expect([commands(before), commands(after)]).toEqual([["systemctl stop pharos-agent"], ["systemctl daemon-reload"]]);
  });

  it("has nothing to stop where nothing runs", () => {
    expect(planDeactivation(product(), [], { ...RUNS, active: "inactive" })).toEqual([[], []]);
  });
});

describe("the state", () => {
  it("is read from systemctl", () => {
    const output =
      "ActiveState=failed\nUnitFileState=enabled\nActiveEnterTimestamp=Sat\nStatusText=a=b\nNRestarts=3\nResult=watchdog\nNeedDaemonReload=yes\n";
    expect(readState(product(), () => ({ code: 0, output }))).toEqual({
      active: "failed",
      enabled: "enabled",
      since: "Sat",
      says: "a=b",
      restarts: 3,
      result: "watchdog",
      needsReload: true,
    });
  });
});

describe("on this system", () => {
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
  const source = (): string => writeProgram(newFolder(), "1.0.0");

  it.each(["install", "upgrade", "uninstall"])("only root may %s, and the fault names the command", async (word) => {
    const folder = source();
    expect(await bench(folder, undefined, { isRoot: false }).run(word)).toBe(1);
    expect(err).toContain(`sudo ${folder}/pharos agent ${word}`);
  });

  it("there is no service without systemd, and the fault says what there is", async () => {
    expect(await bench(source(), undefined, { hasSystemd: false }).run("install")).toBe(1);
    expect(err).toContain("not run by systemd");
  });

  it.each(["/home/pi/.nvm/versions/node/v20/bin/node", "/root/node"])("no service can run %s", async (nodePath) => {
    expect(await bench(source(), undefined, { nodePath }).run("install", "--dry-run")).toBe(1);
    expect(err).toContain(`${nodePath}, is in a folder that no service can see. Get another.`);
  });

  it("a Node.js that is too old is refused", async () => {
    const answer = (command: string) => (command.endsWith("--version") ? { code: 0, output: "v18.9.0\n" } : null);
    expect(await bench(source(), answer).run("install", "--dry-run")).toBe(1);
    expect(err).toContain("needs Node.js 18.13.0 or newer, and /usr/bin/node is 18.9.0");
  });

  it("a dry run needs no root and ends with the start", async () => {
    const one = bench(source(), undefined, { isRoot: false });
    expect(await one.run("install", "--dry-run")).toBe(0);
    expect(one.out).toMatch(/systemctl daemon-reload\nrun {10}systemctl restart pharos-agent\n$/);
  });

  it("a folder that is not there is no root", async () => {
    expect(await bench(source()).run("install", "--root", "/nowhere/at/all")).toBe(1);
    expect(err).toContain("--root: there is no folder /nowhere/at/all.");
  });
});

describe("a package of the system", () => {
  function packaged() {
    const root = writeSystem(newFolder());
    put(join(root, PLACES.packageNote), "");
    const installed = writeProgram(join(root, PLACES.program), "1.0.0");
    put(join(root, PLACES.packagedUnit), "");
    return { root, installed };
  }

  it("is given its options, and keeps program and unit", async () => {
    const { root, installed } = packaged();
    const one = bench(installed);
    expect(await one.run("install", "--root", root, "--hub", "http://a", "--dry-run")).toBe(0);
    expect(one.out).toContain(`link         ${PLACES.wants} to ${PLACES.packagedUnit}`);
    expect(one.out).not.toContain("copy");
  });

  it("is neither overwritten nor removed by another way", async () => {
    jest.spyOn(process.stderr, "write").mockImplementation(() => true);
    const { root, installed } = packaged();
    expect(await bench(writeProgram(newFolder(), "2.0.0")).run("install", "--root", root)).toBe(1);
    expect(await bench(installed).run("uninstall", "--root", root)).toBe(1);
    expect(await bench(installed).run("upgrade", "--root", root)).toBe(1);
    jest.restoreAllMocks();
  });
});

describe("the status", () => {
  it("ends with 4 when it is not installed and with 3 when it does not run", async () => {
    const root = writeSystem(newFolder());
    mkdirSync(join(root, "opt"));
    const one = bench(writeProgram(newFolder(), "1.0.0"));
    expect(await one.run("status", "--root", root)).toBe(4);
    await one.run("install", "--root", root, "--hub", "http://a", "--token", "s3cret");
    one.out = "";
    expect(await one.run("status", "--root", root)).toBe(3);
    expect(one.out).toContain("pharos-agent 1.0.0\n");
    expect(one.out).toMatch(/at boot +starts\n +hub +http:\/\/a\n +token +in \/etc\/pharos\/agent\.token/);
    expect(one.out).not.toContain("s3cret");
  });

  it("says how to have it started with the system, but not while it has no options", async () => {
    const root = writeSystem(newFolder());
    const one = bench(writeProgram(newFolder(), "1.0.0"));
    await one.run("install", "--root", root);
    rmSync(join(root, "etc/systemd/system/multi-user.target.wants"), { recursive: true });
    await one.run("status", "--root", root);
    expect(one.out).toContain("does not start (sudo systemctl enable pharos-agent)\n");
    one.out = "";
    rmSync(join(root, "etc/pharos"), { recursive: true });
    await one.run("status", "--root", root);
    expect(one.out).toMatch(/does not start\n +options +none yet: sudo pharos agent install/);
  });

  it.each([
    ["active", 5],
    ["failed", 15],
  ])("shows enough of the log of a service that is %s", async (active, lines) => {
    const root = writeSystem(newFolder());
    const one = bench(writeProgram(newFolder(), "1.0.0"), (command) =>
      command.startsWith("systemctl show") ? { code: 0, output: `ActiveState=${active}\nNRestarts=1\n` } : null,
    );
    await one.run("install", "--root", root);
    status({ ...createJob(product(), one.machine, root, true, "status"), isLive: true });
    expect(one.ran.at(-1)).toContain(` --lines ${lines} `);
    expect(one.out.includes("started again once")).toBe(active === "active");
  });
});
