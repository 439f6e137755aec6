/** The agent as a user runs it: one bundle, one process. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { build } from "esbuild";
import { eventually } from "../support/eventually.ts";
import { type PigpiodStandIn, startPigpiodStandIn } from "../support/pigpiod-stand-in.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { SocketHub } from "./socket-hub.ts";

const newFolder = temporaryFolders();
let program = "";
let inputs: string[] = [];
let hub: SocketHub;
let daemon: PigpiodStandIn;
const children: ChildProcess[] = [];

beforeAll(async () => {
  const folder = newFolder();
  const bundle = join(folder, "dist/bundles/agent.mjs");
  mkdirSync(join(folder, "dist"), { recursive: true });
  const { metafile } = await build({
    entryPoints: ["pi-agent/main.ts"],
    outfile: bundle,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["pigpio"],
    banner: { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" },
    metafile: true,
  });
  inputs = Object.keys(metafile.inputs);
  program = `import{main}from${JSON.stringify(bundle)};process.exit(await main(process.argv.slice(1)))`;
  [hub, daemon] = await Promise.all([new SocketHub().start(), startPigpiodStandIn()]);
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(() => Promise.all([hub.stop(), daemon.kill()]));

function run(...args: readonly string[]) {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, "--", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  const texts = { out: "", err: "" };
  child.stdout?.on("data", (chunk) => (texts.out += chunk));
  child.stderr?.on("data", (chunk) => (texts.err += chunk));
  const exited = new Promise<number | null>((resolve) => child.on("close", (code) => resolve(code)));
  return { child, texts, exited };
}

describe("pharos agent", () => {
  it("carries nothing of the hub, and of libraries only what it uses", () => {
    expect(inputs.filter((path) => path.startsWith("hub/"))).toEqual([]);
    const packages = new Set(inputs.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]));
    for (const name of ["express", "socket.io", "pino", "preact", "pigpio"]) expect(packages).not.toContain(name);
    expect(packages).toContain("socket.io-client");
  });

  it("drives GPIO21 through pigpiod, keeps the brightness, and leaves it on SIGTERM with exit code 0", async () => {
    const dataDir = join(newFolder(), "data");
    const pigpiod = ["--pigpiod-host", "127.0.0.1", "--pigpiod-port", `${daemon.port}`];
    const { child, texts, exited } = run(
      "--hub",
      hub.url,
      "--id",
      "pi-main",
      "--json-logs",
      "--data-dir",
      dataDir,
      ...pigpiod,
    );
    await hub.heard("hello");
    const events = () =>
      texts.out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).event);
    await eventually(() => events().includes("connected"));
    expect(await hub.ask("set", { brightness: 100 })).toEqual({ brightness: 100 });
    child.kill("SIGTERM");
    expect(await exited).toBe(0);
    expect(texts.err).toBe("");
    expect(events()).toEqual(["pin", "connected", "stopping"]);
    expect(daemon.powerOf(21)).toBe(1);
    expect(JSON.parse(readFileSync(join(dataDir, "agent-pi-main.json"), "utf8"))).toEqual({ brightness: 100 });
  });

  it("lives on while the hub refuses it", async () => {
    hub.refusal = { code: "DUPLICATE", message: "Another one answers." };
    const { child, texts, exited } = run("--hub", hub.url, "--driver", "simulated", "--data-dir", newFolder());
    const before = hub.handshakes.length;
    await eventually(() => hub.handshakes.length >= before + 3);
    hub.refusal = null;
    await eventually(() => texts.out.includes("Connected to"));
    expect(texts.out).toMatch(
      /^The light is simulated: no real pin moves\.\nbrightness: GPIO21 through a simulated LED/,
    );
    child.kill("SIGTERM");
    expect(await exited).toBe(0);
  });

  it("says what to start or install when nothing can move a pin", async () => {
    const { texts, exited } = run("--hub", hub.url, "--pigpiod-port", "1", "--driver", "pigpiod");
    expect(await exited).toBe(1);
    expect(texts.err).toMatch(/The driver pigpiod does not work here\.\n {2}pigpiod: .*Start it with: sudo pigpiod/);
  });

  it("says every fault of its options by name", async () => {
    const { texts, exited } = run("--pin", "99", "--hub", "ftp://x");
    expect(await exited).toBe(2);
    expect(texts.err).toContain("--pin: ");
    expect(texts.err).toContain("--hub: ");
  });

  it("refuses powers that leave no room", async () => {
    const { texts, exited } = run("--driver", "simulated", "--min-power", "60", "--max-power", "50");
    expect(await exited).toBe(2);
    expect(texts.err).toBe("brightness: --min-power must be less than --max-power\nTry: pharos agent --help\n");
  });
});
