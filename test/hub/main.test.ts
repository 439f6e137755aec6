/** `pharos hub` as a process: built as for users, started as by users, stopped by signals. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { io } from "socket.io-client";
import { WebSocket } from "ws";
import { eventually } from "../support/eventually.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();
const ROOT = process.cwd();
/** What the build of the hub needs of the sources. */
const SOURCES = ["hub", "base", "protocol", "node_modules", "package.json"];

/** Builds the hub in a folder of its own, so that nothing depends on what `dist` holds. @returns the command's path */
function buildHub(): string {
  const root = newFolder();
  for (const name of SOURCES) symlinkSync(join(ROOT, name), join(root, name));
  mkdirSync(join(root, "bin"));
  copyFileSync(join(ROOT, "bin/pharos.js"), join(root, "bin/pharos.js"));
  const script = pathToFileURL(join(ROOT, "scripts/build.mjs")).href;
  const build = `const { targets } = await import("${script}");
    for (const target of targets(${JSON.stringify(root)})) if (["hub", "history"].includes(target.name)) await target.build();`;
  execFileSync(process.execPath, ["--input-type=module", "--eval", build], { cwd: ROOT });
  return join(root, "bin/pharos.js");
}

/** A running `pharos hub` and all that it said. */
class HubProcess {
  readonly #child: ChildProcess;
  out = "";
  err = "";
  code: number | null = null;

  constructor(bin: string, args: readonly string[], env: { [name: string]: string } = {}) {
    // Of the environment only what Node needs: a variable of the caller's could be an option of the hub.
    this.#child = spawn(process.execPath, [bin, "hub", ...args], { env: { PATH: process.env.PATH, ...env } });
    this.#child.stdout?.on("data", (data) => {
      this.out += String(data);
    });
    this.#child.stderr?.on("data", (data) => {
      this.err += String(data);
    });
    this.#child.on("exit", (code, signal) => {
      this.code = code ?? (signal === null ? -1 : -2);
    });
  }

  /** The JSON line with which it says that it is ready. */
  async listening(): Promise<{ port: number; [key: string]: unknown }> {
    await eventually(() => this.out.includes('"event":"listening"') || this.code !== null, 10_000);
    const line = this.out.split("\n").find((text) => text.includes('"event":"listening"'));
    if (line === undefined) throw new Error(`the hub did not start: ${this.err}`);
    return JSON.parse(line) as { port: number };
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** @returns the exit code */
  async ended(ms = 5_000): Promise<number | null> {
    await eventually(() => this.code !== null, ms);
    return this.code;
  }
}

/** `open`, or the error with which a connection is refused. */
async function knock(port: number): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return "open";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "";
  } finally {
    socket.destroy();
  }
}

describe("pharos hub", () => {
  let bin: string;
  let running: HubProcess[] = [];

  beforeAll(() => {
    bin = buildHub();
  });
  afterEach(async () => {
    for (const hub of running) hub.signal("SIGKILL");
    await eventually(() => running.every(({ code }) => code !== null));
    running = [];
  });

  function hub(args: readonly string[], env: { [name: string]: string } = {}): HubProcess {
    const started = new HubProcess(bin, args, env);
    running.push(started);
    return started;
  }

  function start(...args: string[]): HubProcess {
    return hub(["--host", "127.0.0.1", "--port", "0", "--data-dir", join(newFolder(), "data"), ...args]);
  }

  it("says in one JSON line where it listens, and listens there", async () => {
    const dataDir = join(newFolder(), "a", "b");
    const { port, ...line } = await hub(["--port", "0", "--json-logs", "--data-dir", dataDir]).listening();
    expect(line).toMatchObject({ event: "listening", host: "::", open: "none" });
    expect(line.msg).toContain(`http://localhost:${port}`);
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    expect((await fetch(`http://[::1]:${port}/healthz`)).status).toBe(200);
    expect(existsSync(dataDir)).toBe(true);
  });

  it("says in one sentence for people where it listens", async () => {
    const started = start();
    await eventually(() => started.out.includes("ready"), 10_000);
    const [setUp, ready] = started.out.split("\n");
    expect(ready).toMatch(/^\S.* http:\/\/127\.0\.0\.1:\d+ .*everyone signs in/);
    expect(setUp).toMatch(/Open this once and choose a password: http:\/\/127\.0\.0\.1:\d+\/#key=[\w-]{43}/);
    expect(started.err).toBe("");
  });

  it("asks for no sign-in where it is told to be open, and for a new one by another link while nobody has signed in", async () => {
    const dataDir = join(newFolder(), "data");
    const keys: unknown[] = [];
    for (let i = 0; i < 2; i++) {
      const started = hub(["--host", "127.0.0.1", "--port", "0", "--json-logs", "--data-dir", dataDir]);
      const { port } = await started.listening();
      expect((await fetch(`http://127.0.0.1:${port}/api/devices`)).status).toBe(401);
      keys.push(
        (JSON.parse(started.out.split("\n").find((line) => line.includes('"setup"')) ?? "") as { key: string }).key,
      );
      started.signal("SIGTERM");
      await started.ended();
    }
    expect(new Set(keys).size).toBe(2);
    const open = hub(["--open", "lan", "--host", "127.0.0.1", "--port", "0", "--json-logs", "--data-dir", dataDir]);
    const { port } = await open.listening();
    expect((await fetch(`http://127.0.0.1:${port}/api/devices`)).status).toBe(200);
    expect(open.out).not.toContain('"setup"');
  });

  it.each(["SIGTERM", "SIGINT"] as const)(
    "on %s tells its devices, frees its port before that, and ends with 0 within 5 s",
    async (signal) => {
      const started = start("--json-logs", "--open");
      const { port } = await started.listening();
      const knocks: Array<Promise<string>> = [];
      const plain = new WebSocket(`ws://127.0.0.1:${port}/bridge/plain`);
      const socket = io(`http://127.0.0.1:${port}/devices`, { auth: { id: "socket" }, reconnection: false });
      // Shares its connection with the device, as Socket.IO's client does by default.
      const page = io(`http://127.0.0.1:${port}/dashboard`, { reconnection: false });
      const byes: unknown[] = [];
      let closed: readonly unknown[] = [];
      plain.on("message", (text) => {
        byes.push((JSON.parse(String(text)) as { data: unknown }).data);
        knocks.push(knock(port));
      });
      plain.on("close", (code, reason) => {
        closed = [code, String(reason)];
      });
      for (const client of [socket, page]) client.on("bye", (reason: unknown) => byes.push(reason));
      await eventually(() => plain.readyState === WebSocket.OPEN && socket.connected && page.connected);

      const at = performance.now();
      started.signal(signal);
      expect(await started.ended()).toBe(0);
      expect(performance.now() - at).toBeLessThan(5_000);
      await eventually(() => plain.readyState === WebSocket.CLOSED && !socket.connected && !page.connected);
      expect(byes.map((bye) => (bye as { code: string }).code)).toEqual(["SHUTDOWN", "SHUTDOWN", "SHUTDOWN"]);
      expect(closed).toEqual([1012, "SHUTDOWN"]);
      expect(await Promise.all(knocks)).toEqual(["ECONNREFUSED"]);
      expect(await knock(port)).toBe("ECONNREFUSED");
      expect(started.err).toBe("");
    },
  );

  it("ends within 5 s also when a client does not let go", async () => {
    const started = start("--json-logs", "--open");
    const { port } = await started.listening();
    // Half a request, and a WebSocket that answers no close.
    const half = connect(port, "127.0.0.1");
    half.write("POST /api/rooms/a/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
    const mute = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    mute.write(
      "GET /bridge/mute HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
    for (const socket of [half, mute]) socket.on("error", () => {});
    await once(mute, "data");
    started.signal("SIGTERM");
    expect(await started.ended()).toBe(0);
    for (const socket of [half, mute]) socket.destroy();
  });

  it("says one line naming --port and ends with 1 when the port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    const started = hub(["--host", "127.0.0.1", "--port", String(port), "--data-dir", newFolder()]);
    expect(await started.ended()).toBe(1);
    expect(started.err).toMatch(new RegExp(`^Port ${port} is in use .*--port \\d+\\.\\n$`));
    expect(started.out).toBe("");
    other.close();
  });

  it("says one line naming --host and ends with 1 when it has no such address", async () => {
    const started = hub(["--host", "192.0.2.1", "--port", "0", "--data-dir", newFolder()]);
    expect(await started.ended()).toBe(1);
    expect(started.err).toMatch(/^[^\n]*192\.0\.2\.1[^\n]*--host[^\n]*\n$/);
  });

  it.each([
    ["a file stands in its place", (folder: string) => folder],
    ["a file stands in its way", (folder: string) => join(folder, "data")],
  ])("says one line naming --data-dir and ends with 1 when %s", async (_, place) => {
    const file = join(newFolder(), "file");
    writeFileSync(file, "");
    const started = hub(["--port", "0", "--data-dir", place(file)]);
    expect(await started.ended()).toBe(1);
    expect(started.err).toMatch(/^[^\n]+--data-dir[^\n]*\n$/);
    expect(started.err).toContain(file);
    expect(started.out).toBe("");
  });

  it("names every fault of its options at once and ends with 2", async () => {
    const started = hub(["--port", "x", "--duplicate", "both", "--what"], { HEARTBEAT_INTERVAL: "soon" });
    expect(await started.ended()).toBe(2);
    const lines = started.err.trimEnd().split("\n");
    expect(lines.map((line) => line.split(":")[0])).toEqual([
      "--what",
      "--port",
      "HEARTBEAT_INTERVAL",
      "--duplicate",
      "Try",
    ]);
    expect(started.out).toBe("");
  });

  it("explains its options and ends with 0", async () => {
    const started = hub(["--help"]);
    expect(await started.ended()).toBe(0);
    for (const flag of [
      "--host",
      "--port",
      "--heartbeat-interval",
      "--open",
      "--no-limits",
      "--data-dir",
      "--json-logs",
    ]) {
      expect(started.out).toContain(flag);
    }
  });
});
