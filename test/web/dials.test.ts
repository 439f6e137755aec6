import { createServer, type Server, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { Locator, Page } from "playwright-core";
import { launchBrowser, type TestBrowser } from "../support/browser.ts";
import { builtPage } from "../support/built-page.ts";
import { eventually } from "../support/eventually.ts";
import { startHub, type TestHub } from "../support/hub.ts";
import { axeFindings, pageSuite } from "../support/page-suite.ts";

const rows = async (page: Page): Promise<string> =>
  (await page.locator(".xterm-rows > div").allInnerTexts())
    .map((row) => row.trimEnd())
    .join("\n")
    .trimEnd();

async function fillIn(page: Page, id: string, port: number, mode: string): Promise<void> {
  await page.getByRole("radio", { name: /^TCP server / }).click();
  const form = page.getByRole("form", { name: "TCP server" });
  await form.getByLabel("Its id").fill(id);
  await form.getByLabel("Its address").fill("127.0.0.1");
  await form.getByLabel("Its port").fill(`${port}`);
  await form.getByLabel("What it sends").selectOption({ label: mode });
  await form.getByRole("button", { name: "Call it" }).click();
}

describe("devices that the hub calls, on the page", () => {
  const suite = pageSuite();

  async function open(): Promise<{ page: Page; dialog: Locator }> {
    const page = await suite.open();
    await page.getByRole("button", { name: "Add a device" }).click();
    await page.getByRole("radio", { name: /^TCP server / }).click();
    return { page, dialog: page.getByRole("dialog") };
  }

  it("are added by address, and asked of the hub as they were given", async () => {
    const { page, dialog } = await open();
    expect(await dialog.getByRole("button", { name: "Call it" }).isDisabled()).toBe(true);
    await fillIn(page, "server-1", 10_001, "Text for a terminal");
    await dialog.getByText("tcp://127.0.0.1:10001?id=server-1&mode=stream").waitFor();
    const asked = suite.hub.heard.find(({ event }) => event === "dial");
    expect(asked?.data).toEqual({ id: "server-1", host: "127.0.0.1", port: 10_001, mode: "stream" });
    await dialog.getByText("Waiting for server-1").waitFor();
  });

  it("say how it goes, when it is tried again, and why it failed", async () => {
    const { dialog } = await open();
    const fault = "192.168.1.7 takes no connection at port 10000: is its program running?";
    suite.hub.dials.put("server-1", { state: "waiting", fault, retryAt: Date.now() + 20_000 });
    const row = dialog.locator(".dial");
    await row.getByText(fault).waitFor();
    await row.getByText(/next try in (1\d|20) s/).waitFor();
    suite.hub.dials.put("server-1", { state: "connected", fault: null, retryAt: null });
    await row.getByText("Connected").waitFor();
    expect(await row.getByText(fault).count()).toBe(0);
  });

  it("tell the hub's sentence when it refuses", async () => {
    const { page, dialog } = await open();
    const form = page.getByRole("form", { name: "TCP server" });
    await form.getByLabel("Its address").fill("nobody");
    await page.keyboard.press("Enter");
    await dialog.getByText(/^Not called: /).waitFor();
  });

  it("are taken out after a moment in which it can be undone", async () => {
    suite.hub.dials.put("server-1");
    const { page, dialog } = await open();
    await page.clock.install();
    await dialog.getByRole("button", { name: "Remove server-1" }).click();
    await dialog.getByRole("button", { name: "Undo" }).click();
    await page.clock.runFor(9000);
    expect(suite.hub.heard.filter(({ event }) => event === "undial")).toEqual([]);
    await dialog.getByRole("button", { name: "Remove server-1" }).click();
    await page.clock.runFor(8100);
    await eventually(() => suite.hub.heard.some(({ event }) => event === "undial"));
    await eventually(async () => {
      await page.clock.runFor(50);
      return (await dialog.locator(".dial").count()) === 0;
    });
  });

  it("stay when they stand in the hub's own options", async () => {
    suite.hub.dials.put("fixed", { isFixed: true });
    const { dialog } = await open();
    await dialog.getByText("Given to the hub with --dial").waitFor();
    expect(await dialog.getByRole("button", { name: "Remove fixed" }).count()).toBe(0);
  });
});

describe("terminal of a device", () => {
  const suite = pageSuite();

  async function open(text = "", options = {}): Promise<Page> {
    suite.hub.device("tv", {});
    suite.hub.dials.shown.set("tv", text);
    suite.hub.dials.put("tv", { mode: "stream", state: "connected" });
    const page = await suite.open("/device/tv", options);
    await page.locator(".xterm-rows").waitFor();
    return page;
  }

  it("shows what was shown last, and what follows, where the cursor is sent", async () => {
    const page = await open("first\r\n");
    await eventually(async () => (await rows(page)) === "first");
    await suite.hub.dials.print("tv", "\u001b[3;5Hthird\u001b[1;1HFIRST");
    await eventually(async () => (await rows(page)) === "FIRST\n\n    third");
    await suite.hub.dials.print("tv", "\u001b[2J\u001b[Hone\ntwo");
    await eventually(async () => (await rows(page)) === "one\ntwo");
  });

  it("has the colours of ANSI, of the table and of 24 bits, under the page's policy", async () => {
    const page = await open(
      "\u001b[31mred\u001b[0m \u001b[38;5;46mgreen\u001b[0m \u001b[38;2;10;200;250mblue\u001b[0m plain",
    );
    await eventually(async () => (await rows(page)) === "red green blue plain");
    const colours = (await page.evaluate(`Object.fromEntries([...document.querySelectorAll(".xterm-rows span")]
      .map((span) => [span.textContent.trim(), getComputedStyle(span).color]))`)) as { [word: string]: string };
    expect(colours.green).toBe("rgb(0, 255, 0)");
    expect(colours.blue).toBe("rgb(10, 200, 250)");
    expect(new Set(Object.values(colours)).size).toBeGreaterThanOrEqual(4);
  });

  it("types key by key, and line by line; Tab leaves it", async () => {
    const page = await open();
    await page.getByRole("textbox", { name: "Terminal input" }).focus();
    await page.keyboard.type("ls");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.ariaLabel")).toBe("Type a line");
    await page.keyboard.type("help");
    await page.keyboard.press("Enter");
    const typed = (): string => suite.hub.heard.map((one) => (one.event === "type" ? one.data.text : "")).join("");
    await eventually(() => typed() === "ls\rhelp\r\n");
  });

  it("answers what the device asks it now, and nothing that it asked before", async () => {
    const where = "\u001b[6n";
    const page = await open(`old${where}`);
    await eventually(async () => (await rows(page)) === "old");
    await suite.hub.dials.print("tv", ` new${where}`);
    const typed = (): string => suite.hub.heard.map((one) => (one.event === "type" ? one.data.text : "")).join("");
    await eventually(() => typed() !== "");
    expect(typed()).toBe("\u001b[1;8R");
  });

  it("acknowledges a text when it is drawn, and tells of a gap", async () => {
    const page = await open();
    await suite.hub.dials.print("tv", "a".repeat(50_000), true);
    await page.getByText("Some text was left out").waitFor();
  });

  it("is there again after the link was lost, with what was shown meanwhile", async () => {
    const page = await open("before");
    await eventually(async () => (await rows(page)) === "before");
    await suite.hub.stop();
    suite.hub.dials.shown.set("tv", "before after");
    await suite.hub.start();
    await eventually(async () => (await rows(page)) === "before after", 8000);
    await suite.hub.dials.print("tv", "!");
    await eventually(async () => (await rows(page)) === "before after!");
  });

  it("is closed with its room", async () => {
    const page = await open();
    await page.getByRole("link", { name: "All devices" }).first().click();
    await eventually(() => suite.hub.heard.some((one) => one.event === "terminal" && one.data.device === null));
    expect(await page.evaluate("document.adoptedStyleSheets.length")).toBe(0);
  });

  it("is there only for a stream", async () => {
    suite.hub.device("lamp", {});
    suite.hub.dials.put("lamp", { mode: "lines", state: "connected" });
    const page = await suite.open("/device/lamp");
    await page.getByRole("heading", { level: 1, name: "lamp" }).waitFor();
    expect(await page.getByRole("heading", { name: "Terminal" }).count()).toBe(0);
  });

  it("has no finding of axe, and does not widen a phone", async () => {
    const page = await open("hello", { viewport: { width: 360, height: 740 } });
    await eventually(async () => (await rows(page)) === "hello");
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
  });
});

describe("a TCP server at the real hub", () => {
  let browser: TestBrowser;
  let hub: TestHub;
  let page: Page;
  let server: Server;
  let port = 0;
  let peer: Socket | null = null;
  let heard = "";

  beforeAll(async () => {
    await builtPage();
    browser = await launchBrowser();
  });
  beforeEach(async () => {
    heard = "";
    hub = await startHub(["--open"]);
    server = createServer((socket) => {
      peer = socket;
      socket.on("error", () => {});
      socket.setEncoding("utf8").on("data", (text) => {
        heard += String(text);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as { port: number }).port;
    page = await browser.open(hub.url);
    await page.getByRole("button", { name: "Add a device" }).click();
  });
  afterEach(async () => {
    await page.context().close();
    await hub.close();
    peer?.destroy();
    await new Promise((resolve) => server.close(resolve));
    expect(browser.faults.splice(0)).toEqual([]);
  });
  afterAll(() => browser.close());

  it("is added by its address, is here, and obeys the slider", async () => {
    await fillIn(page, "server-1", port, "Lines, a message each");
    await page.locator(".arrival").getByText("server-1 is here").waitFor();
    const percent = { type: "number", minimum: 0, maximum: 100, unit: "percent" };
    peer?.write(
      `${JSON.stringify({ event: "hello", data: { properties: { brightness: percent }, state: { brightness: 5 } } })}\r\n`,
    );
    await page.getByRole("link", { name: "Show server-1" }).click();
    await page.getByRole("slider", { name: "Brightness" }).focus();
    await page.keyboard.press("End");
    await eventually(() => heard.includes('"event":"set","data":{"brightness":100}'));
    const id = /"brightness":100\},"id":(\d+)/.exec(heard)?.[1];
    peer?.write(`{"ack":${id},"data":{"brightness":100}}\n`);
    await page.locator('.slider[data-look="applied"]').waitFor();
  });

  it("plays its frames in the terminal, and takes what is typed", async () => {
    await fillIn(page, "tv", port, "Text for a terminal");
    await page.getByRole("link", { name: "Show tv" }).click();
    await page.locator(".xterm-rows").waitFor();
    for (let frame = 1; frame <= 30; frame++) {
      peer?.write(`\u001b[H\u001b[J\u001b[${frame % 20};10H\u001b[33m* frame ${frame} *\u001b[0m`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await eventually(async () => (await rows(page)).trim() === "* frame 30 *");
    await page.getByLabel("Type a line").fill("pause");
    await page.keyboard.press("Enter");
    await eventually(() => heard === "pause\r\n");
    peer?.destroy();
    await page.getByText("Not connected: below is what it showed last.").waitFor();
  });
});
