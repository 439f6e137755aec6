/** The first start, a device that is let in, a guest who looks: the page in Chromium at the real hub, which is open to nobody. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { Page } from "playwright-core";
import { launchBrowser, type TestBrowser } from "../support/browser.ts";
import { builtPage } from "../support/built-page.ts";
import type { DeviceClient } from "../support/device-client.ts";
import { eventually } from "../support/eventually.ts";
import { startHub, type TestHub } from "../support/hub.ts";
import { BRIGHTNESS } from "../support/page-suite.ts";
import { PLAIN } from "../support/rest-bench.ts";

const PASSWORD = "correct horse battery";

describe("page at the real hub that asks who somebody is", () => {
  let browser: TestBrowser;
  let hub: TestHub;
  let device: DeviceClient | null;
  let pages: Page[] = [];

  beforeAll(async () => {
    await builtPage();
    browser = await launchBrowser();
  });
  beforeEach(async () => {
    device = null;
    hub = await startHub(["--open", "none"]);
  });
  afterEach(async () => {
    for (const page of pages) await page.context().close();
    pages = [];
    device?.close();
    await hub.close();
    const faults = browser.faults.splice(0);
    expect(faults.filter((fault) => !/status of 401/.test(fault))).toEqual([]);
  });
  afterAll(() => browser.close());

  async function open(path: string): Promise<Page> {
    const page = await browser.open(hub.url + path);
    pages.push(page);
    return page;
  }

  /** The first start, as the hub prints it. */
  async function asFirst(): Promise<Page> {
    const page = await open(`/#key=${hub.hub.setupKey}`);
    await page.getByRole("heading", { level: 1, name: "Choose a name and password" }).waitFor();
    await page.getByLabel("Name", { exact: true }).fill("ada");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByLabel("Signed in as ada, Admin").waitFor();
    await page.getByText("Connected", { exact: true }).waitFor();
    return page;
  }

  /** By the menu, and once more by its address, which the hub has to know. */
  async function toSettings(page: Page, who: string): Promise<void> {
    await page.getByLabel(who).click();
    await page.getByRole("link", { name: "Settings" }).click();
    await page.waitForURL("**/settings");
    expect((await page.reload())?.status()).toBe(200);
  }

  it("makes the bearer of the printed link the first admin, once, who signs out and in again", async () => {
    const key = hub.hub.setupKey;
    const page = await asFirst();
    const late = await open(`/#key=${key}`);
    await late.getByText("If you have a name and a password, sign in with them.").waitFor();
    await page.getByLabel("Signed in as ada, Admin").click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    await page.getByLabel("Name", { exact: true }).fill("ada");
    await page.getByLabel("Password").fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByText("Name or password is wrong.").waitFor();
    await page.getByLabel("Password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByText("No device yet").waitFor();
    await page.reload();
    await page.getByLabel("Signed in as ada, Admin").waitFor();
  });

  it("lets a device in by one click, and renews its token", async () => {
    const page = await asFirst();
    await page.getByRole("button", { name: "Add a device" }).click();
    const dialog = page.getByRole("dialog", { name: "Add a device" });
    await dialog.getByText(/New devices may ask to join for [45]:\d\d/).waitFor();
    device = await PLAIN.connect(hub, "lamp-1");
    device.send("hello", { name: "Porch", model: "ESP32", properties: { brightness: BRIGHTNESS } });
    await dialog.locator('[data-pending="lamp-1"]').getByText("ESP32").waitFor();
    await dialog.getByRole("button", { name: "Approve lamp-1" }).click();
    await dialog.locator(".arrival").getByText("Porch is here").waitFor();
    await dialog.getByRole("button", { name: "Close now" }).click();
    await dialog.getByRole("link", { name: "Show Porch" }).click();
    const panel = page.getByRole("region", { name: "Token", exact: true });
    await panel.getByRole("button", { name: "Rotate the token of lamp-1" }).click();
    const secret = (await panel.locator(".fresh code").textContent()) ?? "";
    await page.locator(".state").getByText("Offline").waitFor();
    device.close();
    device = await PLAIN.connect(hub, "lamp-1", secret);
    await page.locator(".state").getByText("Online").waitFor();
  });

  it("makes people and links, of which each may what its role says", async () => {
    const page = await asFirst();
    await toSettings(page, "Signed in as ada, Admin");
    await page.reload();
    const people = page.getByRole("form", { name: "Add a person" });
    await people.getByLabel("Name").fill("bob");
    await people.getByLabel("Password").fill(PASSWORD);
    await people.getByRole("button", { name: "Add", exact: true }).click();
    await page.locator('[data-person="bob"]').waitFor();
    await page.getByLabel("What it is for").fill("Class 7b");
    await page.getByRole("button", { name: "Make a link" }).click();
    const link = (await page.locator(".fresh code").textContent()) ?? "";
    const guest = await open(`/${new URL(link).hash}`);
    await guest.getByLabel("Signed in as Class 7b (guest link), Viewer").waitFor();
    expect(await guest.getByRole("button", { name: "Add a device" }).isDisabled()).toBe(true);
    const bob = await open("/");
    await bob.getByLabel("Name", { exact: true }).fill("bob");
    await bob.getByLabel("Password").fill(PASSWORD);
    await bob.keyboard.press("Enter");
    await bob.getByLabel("Signed in as bob, Operator").waitFor();
    await page.getByLabel("Role of bob").selectOption("Admin");
    await toSettings(bob, "Signed in as bob, Admin");
    await bob.getByRole("heading", { level: 2, name: "Guest links" }).waitFor();
    await page.getByRole("button", { name: "Refresh" }).click();
    await eventually(async () => /bob/.test((await page.locator(".audit-log").textContent()) ?? ""));
  });
});
