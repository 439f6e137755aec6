import { describe, expect, it } from "@jest/globals";
import type { Action, Property } from "#protocol/values.ts";
import { eventually } from "../support/eventually.ts";
import { axeFindings, BRIGHTNESS, pageSuite } from "../support/page-suite.ts";

describe("page for everyone", () => {
  const suite = pageSuite();

  function fill(): void {
    const { hub } = suite;
    const now = Date.now();
    const properties: { [name: string]: Property } = {
      brightness: BRIGHTNESS,
      power: { type: "boolean" },
      mode: { type: "string", enum: ["calm", "storm"] },
      label: { type: "string" },
      interval: { type: "number", unit: "second" },
      temperature: { type: "number", unit: "celsius", readOnly: true },
      accel: { type: "object", readOnly: true, properties: { x: { type: "number" }, y: { type: "number" } } },
    };
    const actions: { [name: string]: Action } = { fade: { title: "Fade", input: { type: "number", unit: "second" } } };
    hub.device(
      "lamp",
      { name: "Lamp", rooms: ["Lab", "desk"], properties, actions },
      { beatMs: 1000, beats: [now - 9000, now], vitals: { rssi: -60 } },
    );
    hub.report("lamp", { brightness: 20, temperature: 21, accel: { x: 1, y: 2 } });
    hub.state("lamp", "brightness", { heldBy: "another" });
    const error = { code: "FAILED", message: "It is broken." };
    hub.state("lamp", "power", { desired: { value: true, by: "page", at: now, status: "failed", error } });
    hub.device("late", { name: "Late", properties: { brightness: BRIGHTNESS } }, { presence: "late" });
    hub.state("late", "brightness", { desired: { value: 50, by: "page", at: now, status: "sent" } });
    hub.device(
      "gone",
      { name: "Gone", rooms: ["Lab"], properties: { brightness: BRIGHTNESS } },
      { presence: "offline" },
    );
    hub.state("gone", "brightness", { desired: { value: 50, by: "page", at: now, status: "waiting" } });
    for (const id of ["lamp", "gone"]) {
      hub.detail(id, {
        log: [{ at: now, presence: "late", reason: "silent" }],
        audit: [{ at: now, by: "page", what: "set brightness", value: "20", result: "failed: It is broken." }],
        queued: [{ id: "1", name: "fade", input: 3, by: "page", at: now, expiresAt: now + 60_000 }],
      });
    }
    for (const kind of ["message", "sent", "heartbeat", "report", "log", "presence"] as const)
      hub.say({ kind, from: "lamp", text: "x" });
  }

  for (const colorScheme of ["light", "dark"] as const) {
    it(`has no finding of axe in ${colorScheme}: devices, one device, messages, nothing yet, the dialog, and a lost hub`, async () => {
      const empty = await suite.open("/", { colorScheme });
      await empty.getByText("No device yet").waitFor();
      expect(await axeFindings(empty)).toEqual([]);
      fill();
      await empty.locator(".card").first().waitFor();
      expect(await axeFindings(empty)).toEqual([]);
      await empty.getByRole("button", { name: "Add a device" }).click();
      await empty.getByText("Waiting for lamp-1").waitFor();
      expect(await axeFindings(empty)).toEqual([]);
      await empty.keyboard.press("Escape");
      await empty.getByRole("link", { name: "Messages" }).click();
      await eventually(async () => (await empty.locator(".said").count()) === 6);
      expect(await axeFindings(empty)).toEqual([]);
      await empty.goBack();
      for (const id of ["lamp", "gone"]) {
        await empty.locator(`[data-device="${id}"] h3 a`).click();
        await empty.locator(".presence-log").waitFor();
        expect(await axeFindings(empty)).toEqual([]);
        await empty.goBack();
      }
      await suite.hub.stop();
      await empty.getByText(/Reconnecting/).waitFor();
      expect(await axeFindings(empty)).toEqual([]);
    });
  }

  it("reaches every control by keyboard", async () => {
    fill();
    const page = await suite.open("/");
    await page.locator(".card").first().waitFor();
    const controls =
      "[...document.querySelectorAll('a, button:enabled, input, select')].filter((e) => e.type !== 'radio').length";
    const count = Number(await page.evaluate(controls));
    const seen = new Set<unknown>();
    for (let i = 0; i < count + 3; i++) {
      await page.keyboard.press("Tab");
      seen.add(
        await page.evaluate(
          "[...document.querySelectorAll('a, button:enabled, input, select')].filter((e) => e.type !== 'radio').indexOf(document.activeElement)",
        ),
      );
    }
    seen.delete(-1);
    expect(seen.size).toBe(count);
  });

  it("fits a phone of 360 px without scrolling sideways, in every room", async () => {
    fill();
    const page = await suite.open("/", { viewport: { width: 360, height: 740 } });
    await page.locator(".card").first().waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    await page.getByRole("link", { name: "Messages" }).click();
    await page.getByRole("log").waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    await page.getByRole("link", { name: "Devices" }).click();
    await page.getByRole("link", { name: "Gone" }).click();
    await page.locator(".audit").waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
  });
});
