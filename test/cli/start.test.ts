import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { ROOT } from "../support/sources.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();
const running: ChildProcess[] = [];

beforeAll(() => {
  // A build of what is built takes a tenth of a second.
  expect(spawnSync(process.execPath, [join(ROOT, "scripts/build.mjs")], { encoding: "utf8" })).toMatchObject({
    status: 0,
  });
});

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

/** `pharos start` as users run it, with what it has said so far. */
function start(...args: string[]) {
  const child = spawn(process.execPath, [join(ROOT, "bin/pharos.js"), "start", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  const said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.err += text;
  });
  return { child, said, ended: once(child, "close") as Promise<[number | null, string | null]> };
}

async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`still not so: ${look}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

interface Ready {
  readonly local: string;
  readonly setupKey: string;
}

/** Starts on a free port; resolves when all is up. */
async function startUp() {
  const { child, said, ended } = start("--port", "0", "--data-dir", newFolder(), "--json-logs");
  const line = await until(() => said.out.split("\n").find((text) => text.startsWith('{"event":"ready"')));
  const { local, setupKey } = JSON.parse(line) as Ready;
  /** Signs in by the link that was printed, as a browser does. */
  async function signIn(): Promise<{ cookie: string }> {
    const response = await fetch(`${local}/api/session`, { method: "POST", body: JSON.stringify({ key: setupKey }) });
    return { cookie: response.headers.get("set-cookie")?.split(";")[0] ?? "" };
  }
  return { child, said, ended, url: local, signIn };
}

/** Processes of the given parent, from Linux's own table: a small system has no `ps`. */
function childrenOf(parent: number | undefined): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  try {
    // `PID (NAME) STATE PPID …`, and a name may hold anything.
    return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[1]);
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  // One that has ended may wait as a zombie for its new parent to look.
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

describe("pharos start", () => {
  it("serves the page to who signs in by the link it printed, with the agent and the simulated ESP32 connected", async () => {
    const { child, ended, url, signIn } = await startUp();
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toContain("text/html");
    expect((await fetch(`${url}/api/devices`)).status).toBe(401);
    const headers = await signIn();
    const online = await until(async () => {
      const devices = (await (await fetch(`${url}/api/devices`, { headers })).json()) as {
        presence: string;
        properties: object;
      }[];
      // A device is online from its first word; what it is made of may follow in the next.
      const there = devices.filter(({ presence, properties }) => presence === "online" && "brightness" in properties);
      return there.length === 2 ? there : undefined;
    });
    expect(online).toHaveLength(2);
    child.kill("SIGTERM");
    await ended;
  });

  it("ends with 0 and leaves no process behind after SIGTERM", async () => {
    const { child, ended } = await startUp();
    const pids = childrenOf(child.pid);
    expect(pids).toHaveLength(3);
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it("takes a signal that comes twice at once, as under npm, for one", async () => {
    const { child, ended } = await startUp();
    child.kill("SIGINT");
    child.kill("SIGINT");
    expect(await ended).toEqual([0, null]);
  });

  it("leaves no process behind when it is killed itself", async () => {
    const { child, ended } = await startUp();
    const pids = childrenOf(child.pid);
    child.kill("SIGKILL");
    await ended;
    await until(() => (pids.some(isAlive) ? undefined : true));
  });

  it("stops when npm's shell dies of the signal meant for it", async () => {
    const words = [join(ROOT, "scripts/start.mjs"), "--port", "0", "--data-dir", newFolder(), "--json-logs"];
    const shell = spawn("sh", ["-c", `"${process.execPath}" ${words.map((word) => `"${word}"`).join(" ")}; true`], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, npm_lifecycle_event: "start" },
    });
    running.push(shell);
    let out = "";
    shell.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    await until(() => (out.includes('"ready"') ? true : undefined));
    const [pid] = childrenOf(shell.pid);
    shell.kill("SIGTERM");
    expect(pid).toBeDefined();
    await until(() => (isAlive(pid ?? 0) ? undefined : true));
  });

  it("says in one sentence that the port is taken, and which option helps", async () => {
    const other = createServer().listen(0, "::");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    const { said, ended } = start("--port", `${port}`, "--data-dir", newFolder());
    expect(await ended).toEqual([1, null]);
    expect(said).toEqual({
      out: "",
      err: expect.stringMatching(/^Port \d+ is in use by another program\. .*--port \d+\.\n$/),
    });
    other.close();
  });

  it("says in one sentence that the data folder cannot be written, and which option helps", async () => {
    const file = join(newFolder(), "file");
    writeFileSync(file, "");
    const { said, ended } = start("--port", "0", "--data-dir", join(file, "data"));
    expect(await ended).toEqual([1, null]);
    expect(said).toEqual({
      out: "",
      err: expect.stringMatching(/^Cannot write to the data folder .*--data-dir DIR\.\n$/),
    });
  });

  it("names every option that is not understood", async () => {
    const { said, ended } = start("--port", "abc", "--fool");
    expect(await ended).toEqual([2, null]);
    expect(said.err).toMatch(/--fool: there is no such option\n--port: must be a port/);
  });
});
