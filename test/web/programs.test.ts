/** The programs that the page gives out, taken from it in a browser and run as they are: each becomes a device that obeys. */
import { existsSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { Page } from "playwright-core";
import { faultsOf } from "../../esp32/espruino/build/gates.mjs";
import { PYTHON } from "../clients/kits.ts";
import { type DeviceView, request, viewOf } from "../clients/matrix.ts";
import { launchBrowser, type TestBrowser } from "../support/browser.ts";
import { builtPage } from "../support/built-page.ts";
import { ClientProcess } from "../support/client-process.ts";
import { type Build, compileClient } from "../support/compiled-client.ts";
import { startStandIn } from "../support/espruino.ts";
import { eventually } from "../support/eventually.ts";
import { startHub, type TestHub } from "../support/hub.ts";
import { ROOT } from "../support/sources.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const STAND_INS = join(ROOT, "test/clients/micropython/stand-ins");
/** Longer than the longest first pause of a program. */
const RETURN_MS = 15_000;

/** The boards of the C programs, on a computer. ESP-IDF does not warn of parameters without use either. */
const IDF = "test/clients/esp-idf/stand-ins";
const ESP_IDF: Build = {
  compiler: "gcc",
  standard: "gnu17",
  sources: [IDF, "test/clients/stand-ins"],
  includes: [IDF],
  libraries: ["cjson", "pthread", "m"],
  more: ["-Wno-unused-parameter"],
};
const SKETCH = "test/clients/arduino/stand-ins";
const ARDUINO: Build = {
  compiler: "g++",
  standard: "gnu++17",
  sources: [`${SKETCH}/board.cpp`, `${SKETCH}/WebSocketsClient.cpp`, "test/clients/stand-ins"],
  includes: [SKETCH],
  libraries: ["cjson"],
};

interface Running {
  /** Its console so far. */
  console(): string;
  end(): Promise<void>;
}

interface Kit {
  readonly title: string;
  readonly file: string;
  /** What it measures. */
  readonly sensor: string;
  /** What its console or its lamp says at brightness 100. */
  readonly bright: RegExp;
  start(text: string, file: string): Promise<Running> | Running;
}

function running(client: ClientProcess): Running {
  return { console: () => client.console, end: () => client.end() };
}

function kits(newFolder: () => string): Kit[] {
  const started = (command: string, ...args: string[]) => {
    return (text: string, file: string): Running => {
      const folder = newFolder();
      writeFileSync(join(folder, file), text);
      return running(new ClientProcess(command, [...args, file], folder, { TMPDIR: folder }));
    };
  };
  const onBoard = (command: string, ...args: string[]) => {
    return async (text: string, file: string): Promise<Running> => {
      const folder = newFolder();
      await cp(STAND_INS, folder, { recursive: true });
      writeFileSync(join(folder, file), text);
      return running(new ClientProcess(command, [...args, file], folder));
    };
  };
  const compiled = (build: Build, text: string): Running => {
    const folder = newFolder();
    const source = join(folder, build.compiler === "gcc" ? "lamp.c" : "lamp.cpp");
    writeFileSync(source, text);
    const sources = [relative(ROOT, source), ...build.sources];
    return running(new ClientProcess(compileClient(basename(folder), { ...build, sources }), [], folder));
  };
  const micropython = { title: "ESP32, MicroPython", file: "main.py", sensor: "uptime", bright: /^LED 65535$/m };
  const printed = { sensor: "temperature", bright: /^brightness 100$/m };
  const all: Kit[] = [
    { title: "Python", file: "lamp-1.py", ...printed, start: started(PYTHON) },
    { title: "TCP socket", file: "lamp-1.py", ...printed, start: started(PYTHON) },
    {
      title: "WebSocket",
      file: "lamp-1.js",
      ...printed,
      start: started(process.execPath, ...(typeof WebSocket === "undefined" ? ["--experimental-websocket"] : [])),
    },
    { ...micropython, start: onBoard(PYTHON, "-u") },
    {
      title: "ESP32, Espruino",
      file: "lamp-1.js",
      sensor: "memory",
      bright: /^LED 1$/m,
      start(text) {
        expect(faultsOf(text)).toEqual([]);
        const board = startStandIn(text);
        return { console: () => `${board.lines.join("\n")}\nLED ${board.led()}\n`, end: () => board.close() };
      },
    },
  ];
  const bright = /^LED 8191$/m;
  all.push(
    {
      title: "ESP32, Arduino",
      file: "lamp-1.ino",
      sensor: "memory",
      bright,
      start: (text) => compiled(ARDUINO, `#include <Arduino.h>\n${text}\nint main() { setup(); for (;;) loop(); }\n`),
    },
    { title: "ESP32, ESP-IDF", file: "main.c", sensor: "uptime", bright, start: (text) => compiled(ESP_IDF, text) },
  );
  const real = process.env.MICROPYTHON_BIN ?? "/usr/bin/micropython";
  return existsSync(real) ? [...all, { ...micropython, start: onBoard(real) }] : all;
}

describe("program from the page", () => {
  const newFolder = temporaryFolders();
  let browser: TestBrowser;
  let hub: TestHub;
  let page: Page;
  let program: Running | null = null;

  beforeAll(async () => {
    await builtPage();
    browser = await launchBrowser();
  });
  beforeEach(async () => {
    hub = await startHub(["--open"]);
    page = await browser.open(hub.url);
    await page.getByRole("button", { name: "Add a device" }).click();
  });
  afterEach(async () => {
    await program?.end();
    program = null;
    await page.context().close();
    await hub.close();
    expect(browser.faults.splice(0)).toEqual([]);
  });
  afterAll(() => browser.close());

  async function take(kind: string, file: string): Promise<string> {
    await page.getByRole("radio", { name: new RegExp(`^${kind} `) }).click();
    for (const [label, text] of [
      ["Name of the Wi-Fi", "Lab"],
      ["Password of the Wi-Fi", 'pass"word'],
    ] as const) {
      const field = page.getByLabel(label);
      if ((await field.count()) > 0) await field.fill(text);
    }
    return (await page.getByRole("region", { name: `Program ${file}` }).textContent()) ?? "";
  }

  async function arrived(): Promise<void> {
    await page.locator(".arrival").getByText("lamp-1 is here").waitFor({ timeout: RETURN_MS });
    await page.getByRole("link", { name: "Show lamp-1" }).click();
  }

  const view = async (): Promise<DeviceView> => {
    const found = await viewOf(hub, "lamp-1");
    if (found === null) throw new Error("lamp-1 is not known");
    return found;
  };
  const timeOf = async (sensor: string): Promise<number> => (await view()).state[sensor]?.reported?.deviceTime ?? -1;

  const all = kits(newFolder);
  const kit = (title: string): Kit => {
    const found = all.find((one) => one.title === title);
    if (found === undefined) throw new Error(`There is no ${title}.`);
    return found;
  };

  for (const { title, file, sensor, bright, start } of all) {
    it(`${title}: comes, obeys the slider, reports with a time, blinks, and returns after the hub did`, async () => {
      program = await start(await take(title, file), file);
      const console = (): string => program?.console() ?? "";
      await arrived();
      await request(hub, "PUT", "devices/lamp-1/rooms/bench", undefined);
      for (const text of ['{"id":1}', "{junk", "[1]", "null", "hello"]) {
        expect(await request(hub, "POST", "rooms/bench/messages", { text })).toMatchObject({ body: { delivered: 1 } });
      }
      const slider = page.getByRole("slider", { name: "Brightness" });
      await slider.focus();
      await page.keyboard.press("End");
      await eventually(() => bright.test(console()));
      await eventually(async () => (await view()).reported.brightness === 100);
      await page.locator('.slider[data-look="applied"]').waitFor();
      await eventually(async () => (await timeOf(sensor)) > -1);
      await page.getByRole("button", { name: "Identify" }).click();
      await page.getByText("Done", { exact: true }).waitFor();
      expect((await view()).beats.length).toBeGreaterThan(0);
      const { port, tcpPort } = hub;
      await hub.close();
      hub = await startHub(["--open", "--port", `${port}`, "--tcp-port", `${tcpPort ?? 0}`]);
      await eventually(async () => (await viewOf(hub, "lamp-1"))?.reported.brightness === 100, RETURN_MS);
    });
  }

  it("WebSocket: goes on trying while the hub is away", async () => {
    const text = (await take("WebSocket", "lamp-1.js")).replace("1000 + 4000", "100 + 100");
    await page.goto("about:blank");
    const { port } = hub;
    await hub.close();
    program = await kit("WebSocket").start(text, "lamp-1.js");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    hub = await startHub(["--open", "--port", `${port}`]);
    await eventually(async () => (await viewOf(hub, "lamp-1"))?.presence === "online", RETURN_MS);
  });

  it("Python: says in one line that the hub went, and nothing of its own insides", async () => {
    const text = (await take("Python", "lamp-1.py")).replace("asyncio.sleep(5)", "asyncio.sleep(0.3)");
    program = await kit("Python").start(text, "lamp-1.py");
    await arrived();
    await page.goto("about:blank");
    const { port } = hub;
    await hub.close();
    await eventually(() => /Connect call failed/.test(program?.console() ?? ""), RETURN_MS);
    hub = await startHub(["--open", "--port", `${port}`]);
    await eventually(async () => (await viewOf(hub, "lamp-1")) !== null, RETURN_MS);
    expect(program.console()).not.toMatch(/Traceback|never retrieved/);
  });

  it("HTTP: reports, is told what is wished of it, and sends what it measured while the hub was away", async () => {
    const text = (await take("HTTP", "lamp-1.sh")).replace(/sleep 5/, "sleep 0.2");
    const folder = newFolder();
    writeFileSync(join(folder, "lamp-1.sh"), text);
    const client = new ClientProcess("sh", ["lamp-1.sh"], folder, { TMPDIR: folder });
    program = running(client);
    await arrived();
    await page.locator("[aria-label='Controls and values']").getByText("Temperature").waitFor();
    await client.saw(/"desired":\{\}/);
    const { port } = hub;
    await hub.close();
    await client.saw(/curl: \(7\)/);
    await eventually(() => existsSync(join(folder, "lamp-1.reports")));
    hub = await startHub(["--open", "--port", `${port}`]);
    await eventually(async () => (await viewOf(hub, "lamp-1")) !== null, RETURN_MS);
    await eventually(() => !existsSync(join(folder, "lamp-1.reports")));
  });
});
