import { describe, expect, it } from "@jest/globals";
import type { Locator, Page } from "playwright-core";
import type { Property } from "#protocol/values.ts";
import { eventually } from "../support/eventually.ts";
import { BRIGHTNESS, card, pageSuite } from "../support/page-suite.ts";

describe("controls from what a device declares", () => {
  const suite = pageSuite();

  async function setUp(properties: { readonly [name: string]: Property }): Promise<{ page: Page; lamp: Locator }> {
    suite.hub.device("lamp", { name: "Desk lamp", properties, actions: { blink: { title: "Blink twice" } } });
    const page = await suite.open();
    const lamp = card(page, "lamp");
    await lamp.waitFor();
    return { page, lamp };
  }

  const lastSet = (): string =>
    JSON.stringify(suite.hub.heard.flatMap((one) => (one.event === "set" ? [one.data] : [])).at(-1) ?? null);

  it("makes a switch of a boolean", async () => {
    const { lamp } = await setUp({ power: { type: "boolean" } });
    await lamp.getByRole("switch", { name: "Power" }).click();
    await eventually(() => lastSet() === '{"device":"lamp","property":"power","value":true}');
    await eventually(async () => (await lamp.locator(".word").textContent()) === "On");
  });

  it("says that a value was reported while nobody asked for it, and applied once somebody did", async () => {
    const { lamp } = await setUp({ power: { type: "boolean" } });
    suite.hub.report("lamp", { power: false });
    await lamp.getByText("reported just now").waitFor();
    await lamp.getByRole("switch", { name: "Power" }).click();
    await lamp.getByText("applied just now").waitFor();
  });

  it("makes a field of a number without a range, entered by Enter and left by Escape", async () => {
    const { page, lamp } = await setUp({ interval: { type: "number", unit: "second" } });
    const field = lamp.getByRole("textbox", { name: "Interval" });
    await field.fill("2.5");
    suite.hub.report("lamp", { interval: 9 });
    await lamp.getByText("reported just now").waitFor();
    expect(await field.inputValue()).toBe("2.5");
    await page.keyboard.press("Escape");
    expect(await field.inputValue()).toBe("9");
    await field.fill("2.5");
    await page.keyboard.press("Enter");
    await eventually(() => lastSet().includes('"value":2.5'));
  });

  it("makes a picker of an enumeration and a text field of a string, and shows what the hub refuses", async () => {
    const { page, lamp } = await setUp({
      mode: { type: "string", enum: ["calm", "storm"] },
      label: { type: "string" },
    });
    await lamp.getByRole("combobox", { name: "Mode" }).selectOption("storm");
    await eventually(() => lastSet().includes('"value":"storm"'));
    await lamp.getByRole("textbox", { name: "Label" }).fill("refuse me");
    await page.keyboard.press("Enter");
    await lamp.getByText("Not set: The value is not one the property can take.").waitFor();
  });

  it("shows what is read-only or undeclared with its unit and as no control", async () => {
    const { lamp } = await setUp({ temperature: { type: "number", unit: "celsius", readOnly: true } });
    suite.hub.report("lamp", { temperature: 21.456, status: "warm" });
    await lamp.getByText("21.46").waitFor();
    await lamp.getByText("warm").waitFor();
    expect(await lamp.getByText("°C").count()).toBe(1);
    expect(await lamp.locator("input, select").count()).toBe(0);
  });

  it("sets one field of an object and keeps the others", async () => {
    const { lamp } = await setUp({
      colour: { type: "object", properties: { red: BRIGHTNESS, glow: { type: "boolean" } } },
    });
    suite.hub.report("lamp", { colour: { red: 40, glow: false } });
    await lamp.getByText("40").waitFor();
    await lamp.getByRole("switch", { name: "Glow" }).click();
    await eventually(() => lastSet().includes('"value":{"red":40,"glow":true}'));
  });

  it("makes a button of each action, identify always among them, and says what became of it", async () => {
    const { lamp } = await setUp({});
    await lamp.getByRole("button", { name: "Blink twice" }).click();
    await lamp.getByText("Done").waitFor();
    await lamp.getByRole("button", { name: "Identify" }).click();
    await eventually(
      () => suite.hub.heard.map((one) => one.event === "act" && one.data.action).join() === "blink,identify",
    );
    suite.hub.link("lamp", { presence: "offline" });
    await eventually(() => lamp.getByRole("button", { name: "Identify" }).isDisabled());
  });

  it("says presence in a word, the age of the last sign, and draws each beat", async () => {
    const { lamp } = await setUp({});
    const now = Date.now();
    suite.hub.link("lamp", { presence: "late", lastSeen: now - 7000, beatMs: 1000, beats: [now - 8000, now - 7000] });
    await lamp.getByText("Late").waitFor();
    await lamp.getByText(/last seen [78] s ago/).waitFor();
    const strip = lamp.getByRole("img", { name: "Heartbeats: beats every 1.0 s, 1 gap shown" });
    expect((await strip.locator(".ticks").getAttribute("d"))?.match(/M/g)).toHaveLength(2);
  });
});
