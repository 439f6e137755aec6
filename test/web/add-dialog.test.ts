import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import type { Locator, Page } from "playwright-core";
import { eventually } from "../support/eventually.ts";
import { axeFindings, pageSuite } from "../support/page-suite.ts";

describe("dialog that adds a device", () => {
  const suite = pageSuite();

  async function dialog(page: Page): Promise<Locator> {
    const found = page.getByRole("dialog", { name: "Add a device" });
    if ((await found.count()) === 0) await page.getByRole("button", { name: "Add a device" }).click();
    await found.getByRole("radio").first().waitFor();
    return found;
  }

  async function choose(page: Page, kind: string): Promise<void> {
    await page.getByRole("radio", { name: new RegExp(`^${kind} `) }).click();
  }

  const program = (page: Page, file: string): Locator => page.getByRole("region", { name: `Program ${file}` });
  const text = async (page: Page, file: string): Promise<string> => (await program(page, file).textContent()) ?? "";

  it("has for each kind what it takes to run it, with this hub's address and a free id", async () => {
    suite.hub.device("lamp-1", {});
    const page = await suite.open();
    const shown = await dialog(page);
    const kinds = await shown.getByRole("radio").evaluateAll((all) => all.map((one) => one.getAttribute("value")));
    expect(kinds).toHaveLength(11);
    for (const kind of kinds.filter((one) => one !== "dial")) {
      await shown.locator(`input[value="${kind}"]`).click();
      const recipe = shown.getByRole("region", { name: "Run it" });
      await eventually(
        async () =>
          /Copy/.test((await recipe.textContent()) ?? "") && !(await recipe.getByText("Loading…").isVisible()),
      );
      const all = (await recipe.textContent()) ?? "";
      expect(all).toContain("192.168.1.5");
      expect(all).toMatch(/lamp-2/);
    }
    await choose(page, "Raspberry Pi");
    await shown.getByText("sudo ./pharos agent install --hub http://192.168.1.5:5000 --id lamp-2").waitFor();
  });

  it("can be worked by keyboard alone", async () => {
    const page = await suite.open();
    await page.getByText("No device yet").waitFor();
    await page.getByRole("button", { name: "Add a device" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByText("Waiting for lamp-1").waitFor();
    await page.keyboard.press("Tab");
    for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowDown");
    expect(await page.evaluate("document.activeElement.value")).toBe("python");
    await program(page, "lamp-1.py").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("porch");
    await program(page, "porch.py").waitFor();
    const reached: unknown[] = [];
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press("Tab");
      reached.push(await page.evaluate("document.activeElement.ariaLabel"));
    }
    expect(reached).toEqual(["Copy: porch.py", "Download: porch.py", "Program porch.py"]);
    await page.keyboard.press("Escape");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Add a device");
  });

  it("gives no program an id that exists or is none", async () => {
    suite.hub.device("known", {}, { presence: "offline" });
    const page = await suite.open();
    const shown = await dialog(page);
    await choose(page, "Python");
    const id = shown.getByLabel("Its id");
    await id.fill("known");
    await shown.locator(".needs").getByText("There is a device with this id already").waitFor();
    expect(await id.getAttribute("aria-invalid")).toBe("true");
    await id.fill("my lamp");
    await shown.locator(".needs").getByText("An id has 1 to 64 letters").waitFor();
    expect(await text(page, "ID.py")).not.toContain("my lamp");
    await id.fill("my-lamp");
    await shown.getByText("Waiting for my-lamp").waitFor();
    expect(await text(page, "my-lamp.py")).toContain("/bridge/my-lamp");
  });

  it("keeps name and password of a Wi-Fi in the page, also for the next time it is opened", async () => {
    const page = await suite.open();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(`${request.url()} ${request.postData() ?? ""}`));
    const frames: string[] = [];
    page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => frames.push(String(payload))));
    await page.reload();
    await dialog(page);
    await choose(page, "ESP32, Arduino");
    await page.getByLabel("Name of the Wi-Fi").fill("Müller");
    await page.getByLabel("Password of the Wi-Fi").fill('top"secret');
    await eventually(async () => (await text(page, "lamp-1.ino")).includes('WiFi.begin("Müller", "top\\"secret")'));
    await choose(page, "ESP32, Espruino");
    await eventually(async () => (await text(page, "lamp-1.js")).includes('"M\\xc3\\xbcller"'));
    await page.getByText("--ssid 'Müller' --password 'top\"secret'").waitFor();
    await page.keyboard.press("Escape");
    await dialog(page);
    expect(await page.getByLabel("Name of the Wi-Fi").inputValue()).toBe("Müller");
    const kept = await page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])");
    expect(`${asked.join()}${frames.join()}${kept}${JSON.stringify(suite.hub.heard)}`).not.toMatch(/Müller|secret/);
    expect(frames.length).toBeGreaterThan(0);
  });

  it("lets one choose where several addresses lead to the hub", async () => {
    suite.hub.info = { addresses: ["http://10.0.0.2:5000", "http://hub.local:5000"], tcpPort: 5009 };
    const page = await suite.open();
    const shown = await dialog(page);
    await choose(page, "TCP socket");
    await eventually(async () => (await text(page, "lamp-1.py")).includes('("10.0.0.2", 5009)'));
    await shown.getByLabel("This hub, as it reaches it").selectOption("http://hub.local:5000");
    await eventually(async () => (await text(page, "lamp-1.py")).includes('("hub.local", 5009)'));
    await shown.getByText("nc hub.local 5009").waitFor();
  });

  it("warns of a hub that a board cannot reach, and of one without TCP", async () => {
    suite.hub.info = { addresses: ["http://localhost:5000"] };
    const page = await suite.open();
    const shown = await dialog(page);
    await choose(page, "ESP32, MicroPython");
    await shown.getByText("This hub answers its own computer only.").waitFor();
    await choose(page, "Python");
    await eventually(async () => (await shown.locator(".caution").count()) === 0);
  });

  it("copies and downloads the program under its name", async () => {
    const page = await suite.open();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const shown = await dialog(page);
    await choose(page, "ESP32, ESP-IDF");
    const all = await text(page, "main.c");
    expect(all).toContain('"ws://192.168.1.5:5000/bridge/lamp-1"');
    await shown.getByRole("button", { name: "Copy: main.c" }).click();
    await shown.getByText("Copied").first().waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(all);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      shown.getByRole("link", { name: "Download: main.c" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("main.c");
    expect(readFileSync(await download.path(), "utf8")).toBe(all);
    expect(new URL(page.url()).pathname).toBe("/");
    expect(await shown.count()).toBe(1);
  });

  it("says that the device is here, shows it, and waits for another", async () => {
    const page = await suite.open();
    const shown = await dialog(page);
    await choose(page, "Python");
    await shown.getByText("Waiting for lamp-1").waitFor();
    suite.hub.device("lamp-1", { name: "Window" });
    await shown.locator(".arrival").getByText("Window is here").waitFor();
    await eventually(async () => (await shown.getByRole("status").last().textContent()) === "Window is here");
    await shown.getByRole("button", { name: "Add another" }).click();
    await shown.getByText("Waiting for lamp-2").waitFor();
    expect(await shown.getByRole("radio", { name: /^Python / }).isChecked()).toBe(true);
    suite.hub.device("lamp-2", {});
    await shown.getByRole("link", { name: "Show lamp-2" }).click();
    await page.getByRole("heading", { level: 1, name: "lamp-2" }).waitFor();
    expect(await shown.count()).toBe(0);
  });

  it("names who came instead, and after a minute says what it often is", async () => {
    const page = await suite.open();
    await page.clock.install();
    const shown = await dialog(page);
    await choose(page, "ESP32, MicroPython");
    suite.hub.device("lamp-l", {});
    await shown.getByText("Meanwhile came: lamp-l.").waitFor();
    expect(await shown.locator(".hints").count()).toBe(0);
    await page.clock.runFor(60_000);
    await shown.locator(".hints").getByText("2.4 GHz").waitFor();
    await shown.locator(".hints").getByText("it must let in port 5000").waitFor();
    await eventually(
      async () => (await shown.getByRole("status").last().textContent()) === "Nothing yet. What it often is:",
    );
    expect(await axeFindings(page)).toEqual([]);
    suite.hub.device("lamp-1", {});
    await shown.locator(".arrival").getByText("lamp-1 is here").waitFor();
    expect(await shown.locator(".hints").count()).toBe(0);
  });

  it("offers to add the device whose address was opened", async () => {
    const page = await suite.open("/device/porch");
    await page.getByRole("button", { name: "Add it" }).click();
    await page.getByText("Waiting for porch").waitFor();
  });

  it("says so when a part of the page cannot be loaded, and loads the page again", async () => {
    const page = await suite.open();
    await page.getByText("No device yet").waitFor();
    await page.route("**/assets/steps-*.js", (route) => route.abort());
    await page.getByRole("button", { name: "Add a device" }).click();
    await page.getByText("This part of the page was not loaded").waitFor();
    await page.unroute("**/assets/steps-*.js");
    await page.getByRole("button", { name: "Load the page again" }).click();
    await page.getByRole("button", { name: "Add a device" }).click();
    await page.getByText("Waiting for lamp-1").waitFor();
    suite.faults.splice(0);
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`has no finding of axe in ${colorScheme}, and fits a phone`, async () => {
      const page = await suite.open("/", { colorScheme, viewport: { width: 360, height: 740 } });
      const shown = await dialog(page);
      suite.hub.dials.put("server", { state: "waiting", retryAt: Date.now() + 5000, fault: "It takes no connection." });
      suite.hub.dials.put("fixed", { isFixed: true, state: "connected" });
      for (const kind of ["ESP32, MicroPython", "TCP socket", "TCP server"]) {
        await choose(page, kind);
        await shown
          .getByRole("button", { name: /^Copy|^Call/ })
          .first()
          .waitFor();
        expect(await axeFindings(page)).toEqual([]);
        const widths =
          "[...document.querySelectorAll('html, .add-dialog, .steps')].every((e) => e.scrollWidth <= e.clientWidth + 2)";
        expect(await page.evaluate(widths)).toBe(true);
      }
      await shown.getByLabel("Its id").fill("no id");
      expect(await axeFindings(page)).toEqual([]);
      suite.hub.device("lamp-9", {});
      await shown.getByLabel("Its id").fill("lamp-9");
      await shown.getByLabel("Its id").fill("lamp-8");
      suite.hub.device("lamp-8", {});
      await shown.locator(".arrival").getByText("lamp-8 is here").waitFor();
      expect(await axeFindings(page)).toEqual([]);
    });
  }
});
