/** The settings in Chromium at the fake hub: people, guest links, program tokens, audit; and the token of a device. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { encode } from "uqr";
import type { NewToken, Role } from "#protocol/access.ts";
import { eventually } from "../support/eventually.ts";
import { axeFindings, pageSuite } from "../support/page-suite.ts";

/** Longer than the time to think. */
const THOUGHT_MS = 8_100;

describe("what admins manage", () => {
  const suite = pageSuite();

  async function open(path = "/settings", role: Role = "admin", options: BrowserContextOptions = {}): Promise<Page> {
    const { access } = suite.hub;
    access.lock();
    access.user("ada", "correct horse", role);
    const page = await suite.open(path, options);
    const value = access.open({ user: "ada", link: null });
    await page.context().addCookies([{ name: "pharos_session", value, url: suite.hub.url }]);
    await page.reload();
    await page.getByText("Connected", { exact: true }).waitFor();
    return page;
  }

  function token(part: Partial<NewToken> & Pick<NewToken, "id" | "kind" | "subject">): void {
    const fresh = { role: null, createdAt: Date.now(), expiresAt: null, lastUsedAt: null, token: `old-${part.id}` };
    suite.hub.access.tokens.set(part.id, { ...fresh, ...part });
  }

  const region = (page: Page, name: string): Locator => page.getByRole("region", { name, exact: true });

  /** Waits until the time to think is over. */
  async function think(page: Page, until: () => boolean): Promise<void> {
    await page.clock.runFor(THOUGHT_MS);
    await eventually(async () => {
      await page.clock.runFor(50);
      return until();
    });
  }

  it("is reached from the header and by its address, by admins alone", async () => {
    const page = await open("/");
    await page.getByLabel("Signed in as ada, Admin").click();
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
    expect([new URL(page.url()).pathname, await page.title()]).toEqual(["/settings", "Settings · Pharos"]);
    suite.hub.access.user("ada", "correct horse", "operator");
    suite.hub.access.cut(({ user }) => user === "ada");
    await page.getByText("The settings are for admins.").waitFor();
    expect(await page.locator(".settings").count()).toBe(0);
  });

  it("lists people, adds one, and gives another role and password", async () => {
    suite.hub.access.user("bob", "battery staple", "viewer");
    suite.hub.access.open({ user: "bob", link: null });
    const page = await open();
    const people = region(page, "People");
    const bob = people.locator('[data-person="bob"]');
    await bob.getByText("signed in on 1 browser").waitFor();
    await bob.getByText("never seen").waitFor();
    await people.locator('[data-person="ada"]').getByText("(you)").waitFor();
    await bob.getByLabel("Role of bob").selectOption("Operator");
    await eventually(() => suite.hub.access.users.get("bob")?.role === "operator");
    await bob.getByRole("button", { name: "New password of bob" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.type("a longer password");
    await page.keyboard.press("Enter");
    await bob.getByText("signed in nowhere").waitFor();
    expect(suite.hub.access.users.get("bob")?.password).toBe("a longer password");
    const form = people.getByRole("form", { name: "Add a person" });
    await form.getByLabel("Name").fill("bob");
    await form.getByLabel("Password").fill("battery staple");
    await page.keyboard.press("Enter");
    await form.getByText("Not done: There is a user `bob` already.").waitFor();
    await form.getByLabel("Name").fill("eve");
    await form.getByLabel("Role").selectOption("Viewer");
    await form.getByRole("button", { name: "Add", exact: true }).click();
    await people.locator('[data-person="eve"]').waitFor();
    expect(suite.hub.access.users.get("eve")).toMatchObject({ role: "viewer", password: "battery staple" });
    expect(await form.getByLabel("Password").inputValue()).toBe("");
    suite.faults.splice(0);
  });

  it("keeps the last admin, with a sentence", async () => {
    const page = await open();
    const role = page.getByLabel("Role of ada");
    await role.selectOption("Viewer");
    await page.getByText("Not done: This is the last admin: make another one first.").waitFor();
    expect(await role.inputValue()).toBe("admin");
    suite.faults.splice(0);
  });

  it("removes a person only after a time to think", async () => {
    suite.hub.access.user("bob", "battery staple", "viewer");
    const page = await open();
    await page.clock.install();
    const bob = page.locator('[data-person="bob"]');
    await bob.getByRole("button", { name: "Remove bob" }).click();
    await bob.getByText(/bob will be removed and signed out in \d s/).waitFor();
    await bob.getByRole("button", { name: "Undo" }).click();
    await page.clock.runFor(THOUGHT_MS);
    expect(suite.hub.access.users.has("bob")).toBe(true);
    await bob.getByRole("button", { name: "Remove bob" }).click();
    await think(page, () => !suite.hub.access.users.has("bob"));
    await eventually(async () => (await bob.count()) === 0);
  });

  it("makes a link for guests with a QR code of its address, and takes it back", async () => {
    const page = await open();
    const links = region(page, "Guest links");
    await links.getByText("No link works now.").waitFor();
    await links.getByLabel("What it is for").fill("Class 7b");
    await links.getByLabel("How long it works").selectOption("2 hours");
    await page.getByRole("button", { name: "Make a link" }).click();
    await links.getByText("The link for Class 7b. It is shown only now.").waitFor();
    const [made] = [...suite.hub.access.tokens.values()];
    if (made?.expiresAt === null || made?.expiresAt === undefined) throw new Error("no link was made");
    expect(made.expiresAt - made.createdAt).toBeCloseTo(7_200_000, -3);
    const shown = links.locator(".fresh code");
    expect(await shown.textContent()).toBe(`http://192.168.1.5:5000/#link=${made.token}`);
    const code = links.getByRole("img", { name: "QR code of the link for Class 7b" });
    expect(await draws(code, `http://192.168.1.5:5000/#link=${made.token}`)).toBe(true);
    await links.getByLabel("This hub, as guests reach it").selectOption(suite.hub.url);
    const guest = await suite.open(new URL((await shown.textContent()) ?? "").hash);
    await guest.getByLabel("Signed in as Class 7b (guest link), Viewer").waitFor();
    await links.getByRole("button", { name: "I have it" }).click();
    await links.getByText("works for 2 h more").waitFor();
    await page.clock.install();
    await links.getByRole("button", { name: "Revoke Class 7b" }).click();
    await links.getByText(/Class 7b will be revoked in \d s/).waitFor();
    await think(page, () => suite.hub.access.tokens.size === 0);
    await guest.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    suite.faults.splice(0);
  });

  it("makes a token for a program, shows it once, and renews it", async () => {
    const page = await open();
    const tokens = region(page, "Program tokens");
    await tokens.getByLabel("Which program").fill("Hall");
    await tokens.getByLabel("What it may do").selectOption("Operator");
    await tokens.getByLabel("What it may do").focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const secret = tokens.locator(".fresh code");
    await tokens.getByText("The token of Hall. It is shown only now").waitFor();
    const first = await secret.textContent();
    const [made] = [...suite.hub.access.tokens.values()];
    expect(made).toMatchObject({ kind: "program", subject: "Hall", role: "operator", token: first });
    await tokens.getByRole("button", { name: "Rotate the token of Hall" }).click();
    await eventually(async () => (await secret.textContent()) !== first);
    expect([...suite.hub.access.tokens.values()].map((one) => one.token)).toEqual([await secret.textContent()]);
    await page.reload();
    await tokens.getByText("Hall", { exact: true }).waitFor();
    expect(await secret.count()).toBe(0);
  });

  it("shows the newest of the audit log, filtered by words, and gives all of it out", async () => {
    const record = { from: "192.168.1.9", what: "set", target: "lamp", result: "done" };
    for (let i = 0; i < 300; i++)
      suite.hub.access.audit.push({ ...record, at: Date.now() - 1000 * (300 - i), who: i % 100 === 7 ? "eve" : "ada" });
    const page = await open();
    const audit = region(page, "Audit");
    await audit.getByText("200 of 300 lines").waitFor();
    await audit.getByLabel("Lines with").fill("EVE lamp");
    await audit.getByText("3 of 3 matching, 300 lines in all").waitFor();
    expect(await audit.locator("tbody tr").count()).toBe(3);
    suite.hub.access.audit.push({ ...record, at: Date.now(), who: "eve", what: "sign-in" });
    await audit.getByRole("button", { name: "Refresh" }).click();
    await audit.getByText("4 of 4 matching").waitFor();
    expect(await audit.locator("tbody tr").first().textContent()).toContain("sign-in");
    await audit.getByLabel("Lines with").fill("nobody at all");
    await audit.getByText("No line has that.").waitFor();
    const waiting = page.waitForEvent("download");
    await audit.getByRole("link", { name: "Download all" }).click();
    const file = await (await waiting).path();
    expect((await readFile(file, "utf8")).trimEnd().split("\n")).toHaveLength(301);
  });

  it("shows the token of a device in its room: made, used, renewed, revoked, made again", async () => {
    suite.hub.device("lamp", { name: "Desk lamp" });
    token({ id: "1", kind: "device", subject: "lamp", lastUsedAt: Date.now() - 180_000 });
    token({ id: "2", kind: "device", subject: "other" });
    const page = await open("/device/lamp");
    const panel = region(page, "Token");
    await panel.getByText("last used 3 min ago").waitFor();
    await panel.getByText(/^made \d\d:/).waitFor();
    await panel.getByRole("button", { name: "Rotate the token of lamp" }).click();
    const secret = panel.locator(".fresh code");
    await panel.getByText("The new token of lamp. It is shown only now").waitFor();
    const renewed = await secret.textContent();
    expect(suite.hub.access.tokens.has("1")).toBe(false);
    expect([...suite.hub.access.tokens.values()].map((one) => one.token)).toContain(renewed);
    await panel.getByText("never used").waitFor();
    await panel.getByRole("button", { name: /^Copy: / }).waitFor();
    await panel.getByRole("button", { name: "I have it" }).click();
    await page.clock.install();
    await panel.getByRole("button", { name: "Revoke lamp" }).click();
    await panel.getByText(/The token of lamp will be revoked in \d s/).waitFor();
    await panel.getByRole("button", { name: "Undo" }).click();
    await page.clock.runFor(THOUGHT_MS);
    expect(suite.hub.access.tokens.size).toBe(2);
    await panel.getByRole("button", { name: "Revoke lamp" }).click();
    await think(page, () => suite.hub.access.tokens.size === 1);
    await panel.getByText("It has no token").waitFor();
    await panel.getByRole("button", { name: "Make a token" }).click();
    await panel.getByText("The new token of lamp.").waitFor();
  });

  it("says nothing of tokens in the room of a device where the hub is open", async () => {
    suite.hub.device("lamp", {});
    const page = await suite.open("/device/lamp");
    await page.locator(".remove").waitFor();
    expect(await page.locator(".device-token").count()).toBe(0);
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`has no finding of axe in ${colorScheme}, and fits a phone`, async () => {
      const long = "a-rather-long-name-that-has-no-place-to-break-at-all-in-it";
      suite.hub.access.user(long, "battery staple", "viewer");
      for (const kind of ["link", "program"] as const) token({ id: kind, kind, subject: long, role: "viewer" });
      token({ id: "device", kind: "device", subject: "lamp" });
      const at = Date.now();
      suite.hub.access.audit.push({ at, who: long, from: "::1", what: "set", target: long, result: "done" });
      suite.hub.device("lamp", {});
      const page = await open("/settings", "admin", { colorScheme, viewport: { width: 360, height: 740 } });
      await page.locator(".audit-log tbody tr").waitFor();
      await page.getByRole("button", { name: `New password of ${long}` }).click();
      await page.getByLabel("What it is for").fill("Class 7b");
      await page.getByRole("button", { name: "Make a link" }).click();
      await page.locator(".qr").waitFor();
      await page
        .getByRole("button", { name: `Revoke ${long}` })
        .first()
        .click();
      expect(await axeFindings(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
      await page.goto(`${suite.hub.url}/device/lamp`);
      await page.getByRole("button", { name: "Rotate the token of lamp" }).click();
      await page.locator(".fresh").waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    });
  }
});

/** Whether the dark modules drawn are those of the QR code of a text, four light ones around them. */
async function draws(code: Locator, text: string): Promise<boolean> {
  const path = (await code.locator("path").getAttribute("d")) ?? "";
  const drawn = new Set([...path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => `${x} ${y}`));
  const { data, size } = encode(text, { ecc: "M", border: 4 });
  expect(await code.getAttribute("viewBox")).toBe(`0 0 ${size} ${size}`);
  return data.every((row, y) => row.every((isDark, x) => drawn.has(`${x} ${y}`) === isDark));
}
