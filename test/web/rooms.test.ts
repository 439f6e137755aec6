import { describe, expect, it } from "@jest/globals";
import type { Page } from "playwright-core";
import { eventually } from "../support/eventually.ts";
import { card, pageSuite } from "../support/page-suite.ts";

describe("rooms of the page", () => {
  const suite = pageSuite();

  it("open by link and by address, go back, and never reload", async () => {
    suite.hub.device("lamp", {});
    const page = await suite.open("/messages");
    await page.getByRole("log").waitFor();
    expect(await page.title()).toBe("Messages · Pharos");
    await page.evaluate("globalThis.sameDocument = true");
    await page.getByRole("link", { name: "Devices" }).click();
    await card(page, "lamp").waitFor();
    expect(new URL(page.url()).pathname).toBe("/");
    await page.goBack();
    await page.getByRole("log").waitFor();
    expect(await page.getByRole("link", { name: "Messages" }).getAttribute("aria-current")).toBe("page");
    expect(await page.evaluate("globalThis.sameDocument")).toBe(true);
  });

  it("say so at an address that has none", async () => {
    const page = await suite.open("/nowhere");
    await page.getByText("There is no such page").waitFor();
    await page.getByRole("link", { name: "Show all devices" }).click();
    await page.getByText("No device yet").waitFor();
  });

  it("offer what can be added while there is nothing, and keep the dialog when the first device comes", async () => {
    const page = await suite.open("/");
    await page.getByRole("button", { name: "Python A script on any computer", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Add a device" });
    await dialog.getByText("ws://192.168.1.5:5000/bridge/lamp-1").waitFor();
    suite.hub.device("other", {});
    await card(page, "other").waitFor({ state: "attached" });
    await dialog.getByText("Meanwhile came: other").waitFor();
    await page.keyboard.press("Escape");
    await eventually(async () => (await dialog.count()) === 0);
    await card(page, "other").waitFor();
  });

  it("warn while the hub is open", async () => {
    const page = await suite.open("/");
    await page.getByText("Open hub: anyone on this network can see and control these devices.").waitFor();
  });

  it("say what the hub cannot do at the moment", async () => {
    suite.hub.info = { degraded: ["storage"] };
    const page = await suite.open("/");
    await page.getByText("The disk takes nothing").waitFor();
  });

  it("wear the chosen colours before the page's own script runs", async () => {
    const page = await suite.open("/", { colorScheme: "light" });
    await page.getByRole("radio", { name: "Dark" }).check({ force: true });
    await page.route("**/assets/*.js", (route) => route.fulfill({ body: "", contentType: "text/javascript" }));
    await page.reload();
    expect(await page.locator("#app > *").count()).toBe(0);
    expect(await page.evaluate("document.documentElement.dataset.theme")).toBe("dark");
  });

  it("wear the colours that were chosen, also on the next visit", async () => {
    const page = await suite.open("/", { colorScheme: "light" });
    const ground = (): Promise<unknown> => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const light = await ground();
    await page.getByRole("radio", { name: "Dark" }).check({ force: true });
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.getByRole("radio", { name: "Dark" }).waitFor();
    expect(await ground()).toBe(dark);
  });

  it("order cards by room and name, and do not move them when values change", async () => {
    suite.hub.device("c", { name: "Zebra", rooms: ["Lab"] });
    suite.hub.device("b", { name: "Ant", rooms: ["Lab"] });
    suite.hub.device("a", { name: "Lonely" });
    const page = await suite.open("/");
    const names = () => page.locator(".card h3").allTextContents();
    await eventually(async () => (await names()).join() === "Ant,Zebra,Lonely");
    await page.locator(".card").evaluateAll((cards) => Object.assign(globalThis, { cards }));
    for (let i = 0; i < 20; i++) suite.hub.report("c", { x: i });
    await card(page, "c").getByText("19").waitFor();
    const stayed = await page.evaluate(
      "globalThis.cards.every((card, i) => document.querySelectorAll('.card')[i] === card)",
    );
    expect(stayed).toBe(true);
  });
});

describe("messages room", () => {
  const suite = pageSuite();
  const rows = (page: Page): Promise<string[]> => page.locator(".said code").allTextContents();

  it("lists the newest at the bottom and follows, until it is paused", async () => {
    for (let i = 0; i < 60; i++) suite.hub.say({ from: "a", text: `line ${i}` });
    const page = await suite.open("/messages");
    const bottom =
      "document.querySelector('.log').scrollHeight - document.querySelector('.log').scrollTop - document.querySelector('.log').clientHeight < 2";
    await eventually(async () => (await rows(page)).at(-1) === "line 59" && (await page.evaluate(bottom)) === true);
    await page.getByRole("button", { name: "Following" }).click();
    suite.hub.say({ from: "a", text: "line 60" });
    await page.getByRole("button", { name: "Paused · 1 new" }).click();
    await eventually(async () => (await rows(page)).at(-1) === "line 60" && (await page.evaluate(bottom)) === true);
  });

  it("pauses when someone scrolls up to read", async () => {
    for (let i = 0; i < 60; i++) suite.hub.say({ from: "a", text: `line ${i}` });
    const page = await suite.open("/messages");
    await eventually(async () => (await rows(page)).length === 60);
    await page.locator(".log").hover();
    await page.mouse.wheel(0, -400);
    await page.getByRole("button", { name: /Paused/ }).waitFor();
  });

  it("filters by device, room, kind and text", async () => {
    suite.hub.device("esp", { rooms: ["lab"] });
    suite.hub.device("pi", {});
    suite.hub.say({ from: "esp", to: ["lab"], text: "from esp" });
    suite.hub.say({ from: "pi", text: "from pi" });
    suite.hub.say({ from: "pi", kind: "heartbeat", text: "SOS" });
    const page = await suite.open("/messages");
    const shown = async (expected: string): Promise<void> =>
      eventually(async () => (await rows(page)).join() === expected);
    await shown("from esp,from pi,SOS");
    await page.getByRole("combobox", { name: "Device" }).selectOption("pi");
    await shown("from pi,SOS");
    await page.getByRole("checkbox", { name: "Heartbeat" }).uncheck({ force: true });
    await shown("from pi");
    await page.getByLabel("Text contains").fill("nothing like it");
    await page.getByRole("button", { name: "Clear the filters" }).click();
    await shown("from esp,from pi,SOS");
    await page.getByRole("combobox", { name: "Room" }).selectOption("lab");
    await shown("from esp");
  });

  it("says a line to a room or to a device", async () => {
    suite.hub.device("esp", { name: "ESP32", rooms: ["lab"] });
    const page = await suite.open("/messages");
    const form = page.getByRole("form", { name: "Send a message" });
    await form.getByLabel("To").selectOption({ label: "lab" });
    await form.getByLabel("Message").fill("hello");
    await page.keyboard.press("Enter");
    await form.getByText("Delivered to 1").waitFor();
    await form.getByLabel("To").selectOption({ label: "ESP32" });
    await form.getByLabel("Message").fill("you");
    await form.getByRole("button", { name: "Send" }).click();
    await eventually(async () => (await rows(page)).join() === "hello,you");
    expect(suite.hub.heard.map((one) => one.data)).toEqual([
      { room: "lab", text: "hello" },
      { device: "esp", text: "you" },
    ]);
  });
});
