import { describe, expect, it } from "@jest/globals";
import type { Locator, Page } from "playwright-core";
import { MAX_UNANSWERED } from "../../web/model/sender.ts";
import { eventually } from "../support/eventually.ts";
import { BRIGHTNESS, card, pageSuite, pointAt, thumb } from "../support/page-suite.ts";

describe("control of a whole room", () => {
  const suite = pageSuite();
  const asked = (): unknown[] => suite.hub.heard.flatMap((one) => (one.event === "setRoom" ? [one.data.value] : []));

  async function setUp(): Promise<{ page: Page; room: Locator; slider: Locator }> {
    const properties = { brightness: BRIGHTNESS, power: { type: "boolean" as const } };
    suite.hub.device("a", { name: "Ant", rooms: ["bench"], properties });
    suite.hub.device("b", { name: "Bee", rooms: ["bench"], properties });
    suite.hub.device("c", { name: "Cat", rooms: ["attic", "bench"], properties });
    for (const id of ["a", "b", "c"]) suite.hub.report(id, { brightness: 20, power: id !== "c" });
    const page = await suite.open();
    const room = page.getByRole("region", { name: "All of bench" });
    await room.waitFor();
    return { page, room, slider: room.getByRole("slider", { name: "Brightness" }) };
  }

  it("sends the newest value of a drag without flooding the link, and moves every member", async () => {
    const { page, room, slider } = await setUp();
    suite.hub.ackAfterMs = 1200;
    const points = await Promise.all([0.2, 0, 1, 0.37].map((fraction) => pointAt(slider, fraction)));
    for (const [i, { x, y }] of points.entries()) {
      await page.mouse.move(x, y, { steps: 6 });
      if (i === 0) await page.mouse.down();
    }
    await page.mouse.up();
    await eventually(() => asked().at(-1) === 37);
    expect(suite.hub.mostUnanswered).toBeLessThanOrEqual(MAX_UNANSWERED);
    expect(asked().length).toBeLessThan(15);
    expect(suite.hub.heard.some((one) => one.event === "set")).toBe(false);
    expect(await thumb(slider)).toBe(37);
    for (const id of ["a", "b", "c"]) {
      await eventually(async () => (await thumb(card(page, id).getByRole("slider"))) === 37);
    }
    await eventually(async () => (await room.getByText("applied by all 3").count()) === 2);
  });

  it("shows honestly that members differ, and sets them alike", async () => {
    const { page, room, slider } = await setUp();
    suite.hub.report("b", { brightness: 80 });
    await room.locator("output", { hasText: "20–80 %" }).waitFor();
    expect(await slider.getAttribute("aria-valuetext")).toBe("mixed, 20 % to 80 %");
    expect(await room.locator(".mark").count()).toBe(2);
    const power = room.getByRole("switch", { name: "Power" });
    expect(await power.getAttribute("aria-checked")).toBe("mixed");
    await power.click();
    await eventually(async () => (await power.getAttribute("aria-checked")) === "true");
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    await eventually(() => asked().at(-1) === 51);
    await eventually(async () => (await room.locator(".mark").count()) === 1);
  });

  it("says of how many members a wish has come true", async () => {
    const { page, room, slider } = await setUp();
    suite.hub.link("b", { presence: "offline" });
    suite.hub.behaviour.set("c", { afterMs: 0, error: "It is broken." });
    await slider.focus();
    await page.keyboard.press("End");
    await room.getByText("Not set on 1 of 3: It is broken.").waitFor();
    await room.getByText("1 will be set on return · applied by 1 of 3").waitFor();
  });

  it("leads to a message with the room chosen, also by its address", async () => {
    const { page } = await setUp();
    await page
      .getByRole("region", { name: "bench", exact: true })
      .getByRole("link", { name: "Tell the room…" })
      .click();
    const to = page.getByRole("form", { name: "Send a message" }).getByLabel("To");
    expect(await to.inputValue()).toBe("room:bench");
    await page.reload();
    await eventually(async () => (await to.inputValue()) === "room:bench");
  });

  it("names members whose card stands in another room", async () => {
    const { page } = await setUp();
    await page.getByRole("region", { name: "bench", exact: true }).getByRole("link", { name: "Cat" }).click();
    await page.getByRole("heading", { level: 1, name: "Cat" }).waitFor();
  });
});
