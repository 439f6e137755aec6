/** Letting devices in: the window, those that ask, and tokens put in by hand. */
import { describe, expect, it } from "@jest/globals";
import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import type { Role } from "#protocol/access.ts";
import { eventually } from "../support/eventually.ts";
import { axeFindings, pageSuite } from "../support/page-suite.ts";

describe("devices that ask to join", () => {
  const suite = pageSuite();

  async function open(role: Role, options: BrowserContextOptions = {}): Promise<Page> {
    const { access } = suite.hub;
    access.lock();
    access.user("ada", "correct horse", role);
    const page = await suite.open("/", options);
    const value = access.open({ user: "ada", link: null });
    await page.context().addCookies([{ name: "pharos_session", value, url: suite.hub.url }]);
    await page.reload();
    await page.getByText("No device yet").waitFor();
    return page;
  }

  async function dialog(page: Page): Promise<Locator> {
    await page.getByRole("button", { name: "Add a device" }).click();
    const shown = page.getByRole("dialog", { name: "Add a device" });
    await shown.getByText(/New devices may ask to join for [45]:\d\d/).waitFor();
    return shown;
  }

  const spoken = (page: Page): Promise<string | null> => page.getByRole("status").last().textContent();
  const kind = (shown: Locator, name: string): Promise<void> =>
    shown.getByRole("radio", { name: new RegExp(`^${name} `) }).click();

  it("may do so for five minutes from when the dialog opens, which is told and can be ended", async () => {
    const page = await open("admin");
    const shown = await dialog(page);
    expect(suite.hub.access.asked).toEqual(["POST /pairing"]);
    await shown.getByText("Nobody asks yet.").waitFor();
    await shown.getByRole("button", { name: "Close now" }).click();
    await shown.getByText("New devices may not ask to join now.").waitFor();
    expect(suite.hub.access.pairing.until).toBe(null);
    await shown.getByRole("button", { name: "Let them ask for five minutes" }).click();
    await shown.getByRole("timer").waitFor();
    await page.keyboard.press("Escape");
    const room = page.getByRole("main").getByRole("region", { name: "Devices that ask to join" });
    await room.getByRole("button", { name: "Close now" }).click();
    await eventually(async () => (await room.count()) === 0);
  });

  it("stand at the top of the room with what is known of them, and are let in or sent away by one click", async () => {
    const page = await open("admin");
    suite.hub.access.knock({ device: "esp-7", name: "Porch", model: "ESP32", door: "tcp", address: "192.168.1.40" });
    suite.hub.access.knock({ device: "stranger" });
    const room = page.getByRole("main").getByRole("region", { name: "Devices that ask to join" });
    const row = room.locator('[data-pending="esp-7"]');
    await row.waitFor();
    for (const text of ["esp-7 · Porch", "192.168.1.40", "ESP32", "via tcp", "since "])
      expect(await row.textContent()).toContain(text);
    await eventually(async () => /Asking to join: .*stranger/.test((await spoken(page)) ?? ""));
    const first = await page.getByRole("main").locator("section").first().getAttribute("aria-label");
    expect(first).toBe("Devices that ask to join");
    await room.getByRole("button", { name: "Approve esp-7" }).focus();
    await page.keyboard.press("Enter");
    await eventually(async () => (await row.count()) === 0);
    await room.getByRole("button", { name: "Refuse stranger" }).click();
    await eventually(async () => (await room.count()) === 0);
    expect(suite.hub.access.decided).toEqual(["approve esp-7", "refuse stranger"]);
    await eventually(async () => (await spoken(page)) === "stranger was sent away.");
  });

  it("stand in the dialog too, until they are here", async () => {
    const page = await open("admin");
    const shown = await dialog(page);
    suite.hub.access.knock({ device: "lamp-1", model: "ESP32" });
    await shown.getByRole("button", { name: "Approve lamp-1" }).click();
    await eventually(() => suite.hub.access.decided.includes("approve lamp-1"));
    suite.hub.device("lamp-1", {});
    await shown.locator(".arrival").getByText("lamp-1 is here").waitFor();
  });

  it("are told with a sentence when it was too late", async () => {
    const page = await open("admin");
    suite.hub.access.knock({ device: "esp-7" });
    await page.getByRole("button", { name: "Approve esp-7" }).waitFor();
    suite.hub.access.pairing = { until: null, pending: [] };
    await page.getByRole("button", { name: "Approve esp-7" }).click();
    await page.getByText("Not done: No device `esp-7` waits.").waitFor();
    suite.faults.splice(0);
  });

  it("are let in from the hub's own computer, where the hub is open to that alone", async () => {
    suite.hub.info = { open: "loopback" };
    suite.hub.access.setPairing({ until: Date.now() + 60_000 });
    suite.hub.access.knock({ device: "esp-7" });
    const page = await suite.open();
    await page.getByRole("button", { name: "Approve esp-7" }).waitFor();
  });

  it("are shown to nobody but admins, and nowhere at a hub that is open to all", async () => {
    suite.hub.access.setPairing({ until: Date.now() + 60_000 });
    suite.hub.access.knock({ device: "esp-7" });
    const anybody = await suite.open();
    await anybody.getByRole("button", { name: "Add a device" }).click();
    await anybody.getByText("Waiting for lamp-1").waitFor();
    expect(await anybody.locator(".pairing, .token-maker").count()).toBe(0);
    expect(suite.hub.access.asked).toEqual([]);
    const operator = await open("operator");
    expect(await operator.locator(".pairing").count()).toBe(0);
    suite.faults.splice(0);
  });

  it("need not ask with a token, which stands in the program from then on, and only there", async () => {
    const page = await open("admin");
    const shown = await dialog(page);
    await kind(shown, "Python");
    const program = shown.getByRole("region", { name: "Program lamp-1.py" });
    await program.waitFor();
    expect(await program.textContent()).not.toContain("token=");
    await shown.getByRole("button", { name: "Make a token for lamp-1" }).click();
    await shown.getByText("The token of lamp-1 stands below.").waitFor();
    const [made] = [...suite.hub.access.tokens.values()];
    if (made === undefined) throw new Error("no token was made");
    expect([made.kind, made.subject, made.role]).toEqual(["device", "lamp-1", null]);
    expect(await program.textContent()).toContain(`/bridge/lamp-1?token=${made.token}`);
    const kinds = await shown.getByRole("radio").evaluateAll((all) => all.map((one) => one.getAttribute("value")));
    for (const name of kinds.filter((one) => one !== "dial")) {
      await shown.locator(`input[value="${name}"]`).click();
      const recipe = shown.getByRole("region", { name: "Run it" });
      await eventually(async () => ((await recipe.textContent()) ?? "").includes(made.token));
    }
    await shown.getByLabel("Its id").fill("porch");
    await shown.getByRole("button", { name: "Make a token for porch" }).waitFor();
    expect(await shown.getByRole("region", { name: "Run it" }).textContent()).not.toContain(made.token);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Add a device" }).click();
    await shown.getByRole("button", { name: "Make a token for lamp-1" }).waitFor();
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`have no finding of axe in ${colorScheme}, and fit a phone`, async () => {
      const page = await open("admin", { colorScheme, viewport: { width: 360, height: 740 } });
      suite.hub.access.knock({
        device: "a-device-with-a-rather-long-id-that-has-no-place-to-break-at",
        model: "ESP32",
      });
      await page.locator(".pending").waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
      const shown = await dialog(page);
      await shown.locator(".pending").waitFor();
      await shown.getByRole("button", { name: "Make a token for lamp-1" }).click();
      await shown.getByText("The token of lamp-1 stands below.").waitFor();
      expect(await axeFindings(page)).toEqual([]);
      const widths =
        "[...document.querySelectorAll('html, .add-dialog, .steps, .pairing')].every((e) => e.scrollWidth <= e.clientWidth + 2)";
      expect(await page.evaluate(widths)).toBe(true);
    });
  }
});
