/** What a viewer and an operator find at their page: everything to see, and what they may not do disabled with a reason. */
import { describe, expect, it } from "@jest/globals";
import type { BrowserContextOptions, Page } from "playwright-core";
import type { Role } from "#protocol/access.ts";
import type { Property } from "#protocol/values.ts";
import { axeFindings, BRIGHTNESS, pageSuite, thumb } from "../support/page-suite.ts";

const LOOK = "You may look; ask an operator";
const ADMINS = "This is for admins; ask one";

describe("page of somebody who may not do everything", () => {
  const suite = pageSuite();

  async function open(role: Role, path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const { hub } = suite;
    const properties: { [name: string]: Property } = {
      brightness: BRIGHTNESS,
      power: { type: "boolean" },
      mode: { type: "string", enum: ["calm", "storm"] },
      label: { type: "string" },
    };
    const rooms = ["bench"];
    hub.device("lamp", { name: "Desk lamp", rooms, properties, actions: { fade: { title: "Fade" } } });
    hub.device("other", { name: "Other", rooms, properties });
    for (const id of ["lamp", "other"]) hub.report(id, { brightness: 20, power: false, mode: "calm", label: "x" });
    const at = Date.now();
    hub.detail("lamp", { queued: [{ id: "1", name: "fade", input: null, by: "page", at, expiresAt: at + 60_000 }] });
    hub.access.lock();
    hub.access.user("eve", "correct horse", role);
    const page = await suite.open(path, options);
    await page
      .context()
      .addCookies([{ name: "pharos_session", value: hub.access.open({ user: "eve", link: null }), url: hub.url }]);
    await page.reload();
    await page.getByText("Connected", { exact: true }).waitFor();
    suite.faults.splice(0);
    return page;
  }

  const nothingAsked = (): void => {
    expect(suite.hub.heard.filter(({ event }) => event !== "watch")).toEqual([]);
    expect(suite.hub.access.asked).toEqual([]);
  };

  /** Buttons that can be pressed in the room. */
  const enabled = (page: Page): Promise<string[]> => page.locator("main button:enabled").allTextContents();

  it("shows a viewer the controls of devices and of a room, and moves none of them", async () => {
    const page = await open("viewer", "/");
    const card = page.locator('[data-device="lamp"]');
    await card.locator('[data-property="brightness"]').getByText(LOOK).waitFor();
    await page.locator('[data-room-property="brightness"]').getByText(LOOK).waitFor();
    for (const slider of [card.getByRole("slider"), page.locator(".room-wide").getByRole("slider")]) {
      await slider.focus();
      await page.keyboard.press("End");
      await slider.click({ position: { x: 100, y: 20 }, force: true });
      expect([await thumb(slider), await slider.getAttribute("aria-disabled")]).toEqual([20, "true"]);
    }
    await card.getByRole("switch").click({ force: true });
    expect(await card.getByRole("switch").isChecked()).toBe(false);
    expect(await card.getByRole("combobox").isDisabled()).toBe(true);
    expect(await card.getByRole("textbox").isEditable()).toBe(false);
    expect(await card.getByRole("button", { name: "Fade" }).getAttribute("title")).toBe(LOOK);
    expect(await enabled(page)).toEqual([]);
    const add = page.getByRole("button", { name: "Add a device" });
    expect([await add.isDisabled(), await add.getAttribute("title")]).toEqual([true, ADMINS]);
    nothingAsked();
  });

  it("shows a viewer the room of a device without anything to press", async () => {
    const page = await open("viewer", "/device/lamp");
    await page.getByRole("button", { name: "Cancel Fade" }).waitFor();
    await page.locator(".remove").getByText(ADMINS).waitFor();
    expect(await enabled(page)).toEqual([]);
    await page.getByLabel("Add to a room").fill("hall");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Desk lamp" }).click({ force: true });
    expect(await page.getByRole("textbox", { name: "Name of the device" }).count()).toBe(0);
    nothingAsked();
  });

  it("shows a viewer what is said, recorded and plotted, and lets neither speak nor record", async () => {
    const page = await open("viewer", "/messages");
    suite.hub.say({ text: "hello" });
    await page.locator(".said").getByText("hello").waitFor();
    await page.locator(".say").getByText(LOOK).waitFor();
    await page.getByLabel("Message", { exact: true }).last().fill("me too");
    await page.keyboard.press("Enter");
    await page.route("**/api/recordings*", (route) => route.fulfill({ json: [] }));
    await page.route("**/api/history**", (route) => route.fulfill({ json: { points: [] } }));
    await page.getByRole("link", { name: "Data" }).click();
    await page.locator(".start").getByText(LOOK).waitFor();
    expect(await page.getByRole("button", { name: "Start", exact: true }).isDisabled()).toBe(true);
    expect(suite.hub.heard.filter(({ event }) => event === "say" || event === "startRecording")).toEqual([]);
    suite.faults.splice(0);
  });

  it("lets an operator do all but what is for admins", async () => {
    const page = await open("operator", "/device/lamp");
    await page.getByRole("slider").focus();
    await page.keyboard.press("End");
    await page.locator('.slider[data-look="applied"]').waitFor();
    const remove = page.getByRole("button", { name: "Remove", exact: true });
    expect([await remove.isDisabled(), await remove.getAttribute("title")]).toEqual([true, ADMINS]);
    expect(await enabled(page)).toEqual(expect.arrayContaining(["Rename", "Fade", "Add", "Cancel"]));
    expect(await page.locator(".device-token").count()).toBe(0);
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`has no finding of axe in ${colorScheme}, and fits a phone`, async () => {
      const page = await open("viewer", "/", { colorScheme, viewport: { width: 360, height: 740 } });
      await page.locator(".card").first().waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
      await page.getByRole("link", { name: "Desk lamp" }).click();
      await page.locator(".remove").getByText(ADMINS).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    });
  }
});
