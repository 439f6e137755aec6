import { describe, expect, it } from "@jest/globals";
import type { Locator, Page } from "playwright-core";
import type { Link } from "#protocol/views.ts";
import { eventually } from "../support/eventually.ts";
import { BRIGHTNESS, card, pageSuite } from "../support/page-suite.ts";

describe("room of one device", () => {
  const suite = pageSuite();
  const heard = (event: string): unknown[] =>
    suite.hub.heard.filter((one) => one.event === event).map(({ data }) => data);

  async function setUp(link: Partial<Link> = {}): Promise<{ page: Page; room: Locator }> {
    const actions = { fade: { title: "Fade", input: { type: "number" as const, unit: "percent" } } };
    const about = { name: "Desk lamp", rooms: ["bench"], properties: { brightness: BRIGHTNESS }, actions };
    suite.hub.device("lamp", about, link);
    const page = await suite.open("/device/lamp");
    const room = page.locator(".device");
    await room.waitFor();
    return { page, room };
  }

  it("opens from the card, shows the same device, and goes back to the same place", async () => {
    for (let i = 10; i < 40; i++) suite.hub.device(`device-${i}`, { properties: { brightness: BRIGHTNESS } });
    const page = await suite.open("/", { viewport: { width: 360, height: 740 } });
    await page.evaluate("globalThis.sameDocument = true");
    const last = card(page, "device-30").getByRole("link", { name: "device-30" });
    await last.scrollIntoViewIfNeeded();
    expect(Number(await page.evaluate("scrollY"))).toBeGreaterThan(1000);
    await last.click();
    await page.getByRole("heading", { level: 1, name: "device-30" }).waitFor();
    expect([new URL(page.url()).pathname, await page.title()]).toEqual(["/device/device-30", "device-30 · Pharos"]);
    expect(await page.evaluate("scrollY")).toBe(0);
    await page.goBack();
    await eventually(async () => {
      const y = (await last.boundingBox().catch(() => null))?.y ?? -1;
      return y > 0 && y < 740;
    });
    expect(await page.evaluate("globalThis.sameDocument")).toBe(true);
  });

  it("asks for the details while it is open, again after a reconnection, and no more when it is left", async () => {
    const { page, room } = await setUp();
    await room.getByText("Nothing noted yet").waitFor();
    expect(heard("watch")).toEqual([{ device: "lamp" }]);
    await suite.hub.stop();
    await page.getByText(/Reconnecting/).waitFor();
    suite.hub.detail("lamp", { log: [{ at: Date.now(), presence: "offline", reason: "shutdown" }] });
    await suite.hub.start();
    await room.getByText("hub was restarting").waitFor();
    expect(heard("watch")).toEqual([{ device: "lamp" }, { device: "lamp" }]);
    await page.getByRole("link", { name: "All devices" }).click();
    await eventually(() => heard("watch").length === 3);
    expect(heard("watch").at(-1)).toEqual({ device: null });
  });

  it("renames in place: Enter saves, Escape leaves it, a refusal is told", async () => {
    const { page, room } = await setUp();
    const title = room.getByRole("heading", { level: 1 });
    await title.click({ force: true });
    const field = room.getByRole("textbox", { name: "Name of the device" });
    await field.fill("Nothing");
    await page.keyboard.press("Escape");
    await eventually(async () => (await title.textContent()) === "Desk lamp");
    await room.getByRole("button", { name: "Rename" }).focus();
    await page.keyboard.press("Enter");
    await field.fill("  Window  ");
    await page.keyboard.press("Enter");
    await eventually(async () => (await title.textContent()) === "Window");
    await eventually(async () => (await page.title()) === "Window · Pharos");
    expect(heard("rename")).toEqual([{ device: "lamp", name: "Window" }]);
    suite.hub.refusal = "The name is taken.";
    await title.click({ force: true });
    await field.fill("Door");
    await page.keyboard.press("Enter");
    await room.getByText("Not renamed: The name is taken.").waitFor();
    expect(await title.textContent()).toBe("Window");
  });

  it("removes only after eight seconds in which it can be undone, and not when it is left", async () => {
    const { page, room } = await setUp();
    await page.clock.install();
    const remove = room.getByRole("button", { name: "Remove", exact: true });
    await remove.click();
    await room.getByText("Desk lamp will be removed in 8 s").waitFor();
    await room.getByRole("button", { name: "Undo" }).click();
    await page.clock.runFor(9000);
    await remove.click();
    await page.getByRole("link", { name: "All devices" }).click();
    await card(page, "lamp").waitFor();
    await page.clock.runFor(9000);
    expect(heard("remove")).toEqual([]);
    await page.goBack();
    await remove.click();
    await page.clock.runFor(7000);
    expect(heard("remove")).toEqual([]);
    await page.clock.runFor(1100);
    await eventually(() => heard("remove").length === 1);
    await page.clock.runFor(100);
    await page.getByText("No device yet").waitFor();
    expect(new URL(page.url()).pathname).toBe("/");
  });

  it("queues an action for a device that is away for an hour, shows it, and takes it back", async () => {
    const { page, room } = await setUp({ presence: "offline", reason: "closed" });
    await room.getByText("Offline: it will be done when it returns").first().waitFor();
    await room.getByRole("textbox", { name: "Input (%)" }).fill("20");
    await room.getByRole("button", { name: "Fade" }).click();
    await room.getByText("Queued: will be done when it returns").waitFor();
    expect(heard("act")).toEqual([{ device: "lamp", action: "fade", input: 20, expiresMs: 3_600_000 }]);
    const queue = room.getByRole("region", { name: "Waiting for its return" });
    await queue.getByText(/asked by a page \d s ago · expires in 60 min/).waitFor();
    await queue.getByRole("button", { name: "Cancel Fade" }).click();
    await eventually(async () => (await queue.count()) === 0);
    expect(heard("cancel")).toHaveLength(1);
    await page.getByRole("link", { name: "All devices" }).click();
    expect(await card(page, "lamp").getByRole("button", { name: "Fade" }).isDisabled()).toBe(true);
  });

  it("puts a device in a room, takes it out, and says why not", async () => {
    const { page, room } = await setUp();
    const rooms = room.getByRole("region", { name: "Rooms" });
    await rooms.getByLabel("Add to a room").fill("class-a");
    await page.keyboard.press("Enter");
    await rooms.getByRole("button", { name: "Take out of class-a" }).waitFor();
    await rooms.getByRole("button", { name: "Take out of bench" }).click();
    await eventually(async () => (await rooms.locator(".room-chip").allTextContents()).join() === "class-a");
    expect(heard("join")).toEqual([
      { device: "lamp", room: "class-a", member: true },
      { device: "lamp", room: "bench", member: false },
    ]);
    suite.hub.refusal = "That is no name of a room.";
    await rooms.getByLabel("Add to a room").fill("a room");
    await page.keyboard.press("Enter");
    await rooms.getByText("Not changed: That is no name of a room.").waitFor();
    expect(await rooms.getByLabel("Add to a room").inputValue()).toBe("a room");
  });

  it("shows uptime, vitals with their meaning, the beat, and the reason of its presence", async () => {
    const now = Date.now();
    const { room } = await setUp({
      presence: "late",
      reason: "silent",
      since: now - 3000,
      beatMs: 1003,
      beats: [now - 9000, now - 8000, now - 4000],
      vitals: { rssi: -83, memory: 23_400 },
      roundTripMs: 12.4,
      uptime: { hour: 0.9934, day: 1, week: null },
    });
    const figures = (await room.getByRole("region", { name: "Reachable" }).locator("dd").allTextContents()).join();
    expect(figures).toBe("99.3 %,100 %,no data yet");
    const vitals = await room.getByRole("region", { name: "Vitals" }).locator("dd").allTextContents();
    expect(vitals).toEqual(["12.4 ms", "−83 dBmvery weak", "23.4 kB"]);
    await room.getByText(/stopped beating [3-5] s ago/).waitFor();
    await room.getByText("every 1.0 s").waitFor();
    expect(await room.locator(".heartbeat .hole").count()).toBe(2);
  });

  it("lists what was asked of it, and when it came and went", async () => {
    const { room } = await setUp();
    const at = Date.now();
    suite.hub.detail("lamp", {
      audit: [{ at, by: "rest", what: "set brightness", value: "140", result: "failed: too much" }],
      log: [
        { at: at - 1000, presence: "online", reason: "connected" },
        { at: at - 61_000, presence: "offline", reason: "replaced" },
      ],
    });
    await eventually(async () => (await room.locator(".audit tbody tr").count()) === 1);
    const cells = await room.locator(".audit tbody td").allTextContents();
    expect(cells.slice(1)).toEqual(["REST", "set brightness", "140", "failed: too much"]);
    const log = await room.locator(".presence-log li").allTextContents();
    expect(log[1]).toMatch(/Offlineanother device took its placefor 60 s/);
  });

  it("helps at an id that no device has, and shows the device as soon as it comes", async () => {
    const page = await suite.open("/device/nobody");
    await page.getByText("There is no device “nobody”").waitFor();
    await page.getByText("ws://192.168.1.5:5000/bridge/nobody").waitFor();
    suite.hub.device("nobody", { name: "Somebody" });
    await page.getByRole("heading", { level: 1, name: "Somebody" }).waitFor();
    await eventually(() => heard("watch").length === 1);
  });
});
