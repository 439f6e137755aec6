/** Signing in, the first start, guests by link, and who is signed in: the page in Chromium at the fake hub. */
import { describe, expect, it } from "@jest/globals";
import type { Page } from "playwright-core";
import { eventually } from "../support/eventually.ts";
import { axeFindings, BRIGHTNESS, pageSuite } from "../support/page-suite.ts";

describe("page at a hub that asks who somebody is", () => {
  const suite = pageSuite();

  /** The hub's refusals stand in the browser's console. */
  function meantRefusals(): void {
    const faults = suite.faults.splice(0);
    expect(faults.filter((fault) => !/status of 401/.test(fault))).toEqual([]);
  }

  function locked(): void {
    suite.hub.access.lock();
    suite.hub.access.user("ada", "correct horse", "admin");
    suite.hub.access.user("bob", "battery staple", "operator");
    suite.hub.device("lamp", { name: "Desk lamp", properties: { brightness: BRIGHTNESS } });
    suite.hub.report("lamp", { brightness: 20 });
  }

  async function signIn(page: Page, name: string, password: string): Promise<void> {
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.keyboard.press("Enter");
  }

  const path = (page: Page): string => new URL(page.url()).pathname + new URL(page.url()).hash;

  it("shows a form and nothing of the devices, and after it the room of the address, without loading again", async () => {
    locked();
    const page = await suite.open("/device/lamp");
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    await page.evaluate("globalThis.sameDocument = true");
    expect(await page.locator(".device, nav, .add").count()).toBe(0);
    expect(await page.title()).toBe("Sign in · Pharos");
    await signIn(page, "ada", "correct horse");
    await page.getByRole("heading", { level: 1, name: "Desk lamp" }).waitFor();
    await page.getByText("Connected", { exact: true }).waitFor();
    expect([path(page), await page.evaluate("globalThis.sameDocument")]).toEqual(["/device/lamp", true]);
    await page.reload();
    await page.getByRole("heading", { level: 1, name: "Desk lamp" }).waitFor();
  });

  it("takes a wrong password with a sentence, keeps the name, and is ready for the next try", async () => {
    locked();
    const page = await suite.open();
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    expect(await page.evaluate("document.activeElement.name")).toBe("username");
    await signIn(page, "ada", "wrong");
    await page.getByRole("alert").getByText("Name or password is wrong.").waitFor();
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("ada");
    expect(await page.evaluate("document.activeElement.name")).toBe("password");
    await page.keyboard.type("correct horse");
    await page.keyboard.press("Enter");
    await page.getByText("Connected", { exact: true }).waitFor();
    meantRefusals();
  });

  it("is named as password managers know it", async () => {
    locked();
    const page = await suite.open();
    const form = page.locator("form.sign-in");
    await form.waitFor();
    const fields = await form
      .locator("input")
      .evaluateAll((all) => all.map((one) => [one.getAttribute("type"), one.getAttribute("autocomplete")]));
    expect(fields).toEqual([
      ["text", "username"],
      ["password", "current-password"],
    ]);
  });

  it("shows the form when the session ends elsewhere, and nothing of before to who signs in next", async () => {
    locked();
    const page = await suite.open("/messages");
    await signIn(page, "ada", "correct horse");
    suite.hub.say({ text: "for ada's eyes" });
    await page.getByText("for ada's eyes").waitFor();
    suite.hub.access.sessions.clear();
    suite.hub.access.cut(() => true);
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    expect(await page.getByText("for ada's eyes").count()).toBe(0);
    await signIn(page, "bob", "battery staple");
    await page.getByRole("log").waitFor();
    expect(path(page)).toBe("/messages");
  });

  it("goes on at once, as another, when only the role has changed", async () => {
    locked();
    const page = await suite.open();
    await signIn(page, "ada", "correct horse");
    await page.getByLabel("Signed in as ada, Admin").waitFor();
    suite.hub.access.user("ada", "correct horse", "viewer");
    suite.hub.access.cut(({ user }) => user === "ada");
    await page.getByLabel("Signed in as ada, Viewer").waitFor();
    await page.getByRole("slider").waitFor();
  });

  it("takes the key of the first start out of the address, and lets its bearer choose name and password", async () => {
    suite.hub.access.lock();
    suite.hub.access.setupKey = "one-time-key";
    const page = await suite.open("/#key=one-time-key");
    await page.getByRole("heading", { level: 1, name: "Choose a name and password" }).waitFor();
    expect([path(page), suite.hub.access.asked]).toEqual(["/", ["POST /session"]]);
    expect(await page.evaluate("history.length")).toBe(2);
    await page.getByLabel("Name", { exact: true }).fill("not a name");
    await page.getByLabel("Password", { exact: false }).fill("correct horse");
    await page.keyboard.press("Enter");
    await page
      .getByRole("alert")
      .getByText(/name: must be 1 to 64 letters/)
      .waitFor();
    await page.getByLabel("Name", { exact: true }).fill("ada");
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "Make it mine" }).click();
    await page.getByLabel("Signed in as ada, Admin").waitFor();
    await page.getByText("No device yet").waitFor();
    await page.reload();
    await page.getByLabel("Signed in as ada, Admin").waitFor();
    suite.faults.splice(0);
  });

  it("asks for the password again after the first page was closed without one", async () => {
    suite.hub.access.lock();
    suite.hub.access.setupKey = "one-time-key";
    const page = await suite.open("/#key=one-time-key");
    await page.getByRole("heading", { level: 1, name: "Choose a name and password" }).waitFor();
    await page.goto(suite.hub.url);
    await page.getByRole("heading", { level: 1, name: "Choose a name and password" }).waitFor();
  });

  it("says what to do with a key that was used", async () => {
    locked();
    const page = await suite.open("/#key=used");
    await page.getByText("This link was used already. Start the hub again for a new one.").waitFor();
    await page.getByText("If you have a name and a password, sign in with them.").waitFor();
    expect(path(page)).toBe("/");
    meantRefusals();
  });

  it("signs a guest in by link, also in a page that is open already, until the link is taken back", async () => {
    locked();
    suite.hub.access.tokens.set("1", {
      id: "1",
      kind: "link",
      subject: "class 7b",
      role: "viewer",
      createdAt: 0,
      expiresAt: null,
      lastUsedAt: null,
      token: "guest-secret",
    });
    const page = await suite.open("/device/lamp");
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    await page.evaluate("location.hash = '#link=guest-secret'");
    await page.getByRole("heading", { level: 1, name: "Desk lamp" }).waitFor();
    expect(path(page)).toBe("/device/lamp");
    const who = page.getByLabel("Signed in as class 7b (guest link), Viewer");
    await who.click();
    expect(await page.getByRole("button", { name: "Change password" }).count()).toBe(0);
    suite.hub.access.tokens.clear();
    suite.hub.access.cut(({ link }) => link === "1");
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    const again = await suite.open("/#link=guest-secret");
    await again.getByText("This link has expired or was taken back. Ask an admin for a new one.").waitFor();
    meantRefusals();
  });

  it("says so when the browser keeps no cookie", async () => {
    locked();
    const page = await suite.open();
    await page.route("**/api/session", async (route) => {
      const answer = await route.fetch();
      const { "set-cookie": _, ...headers } = answer.headers();
      await page.context().clearCookies();
      await route.fulfill({ response: answer, headers });
    });
    await signIn(page, "ada", "correct horse");
    await page.getByText(/this browser did not keep it/).waitFor();
  });

  it("has a menu that tells who it is, changes the password, and signs out", async () => {
    locked();
    const page = await suite.open();
    await signIn(page, "bob", "battery staple");
    const who = page.getByLabel("Signed in as bob, Operator");
    await who.focus();
    await page.keyboard.press("Enter");
    expect(await page.getByRole("link", { name: "Settings" }).count()).toBe(0);
    await page.keyboard.press("Escape");
    expect(await page.getByRole("button", { name: "Sign out" }).isVisible()).toBe(false);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Change password" });
    await dialog.getByLabel("Present password").fill("wrong");
    await dialog.getByLabel("New password").fill("a longer password");
    await page.keyboard.press("Enter");
    await dialog.getByText("Not changed: The present password is another.").waitFor();
    await dialog.getByLabel("Present password").fill("battery staple");
    await page.keyboard.press("Enter");
    await eventually(async () => (await dialog.count()) === 0);
    expect(suite.hub.access.users.get("bob")?.password).toBe("a longer password");
    await who.click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    meantRefusals();
  });

  it("has nothing about signing in where the hub is open", async () => {
    const page = await suite.open();
    await page.getByText("Open hub: anyone on this network").waitFor();
    await page.getByText("Connected", { exact: true }).waitFor();
    expect(await page.locator(".who").count()).toBe(0);
    expect(suite.hub.access.asked).toEqual([]);
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`has no finding of axe in ${colorScheme}, and fits a phone`, async () => {
      locked();
      const page = await suite.open("/", { colorScheme, viewport: { width: 360, height: 740 } });
      await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
      await signIn(page, "ada", "correct horse");
      await page.getByLabel("Signed in as ada, Admin").click();
      await page.getByRole("button", { name: "Sign out" }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
      const menu = await page.locator(".who-menu").boundingBox();
      expect([(menu?.x ?? -1) >= 0, (menu?.x ?? 0) + (menu?.width ?? 999) <= 360]).toEqual([true, true]);
      await page.getByRole("button", { name: "Change password" }).click();
      await page.getByRole("dialog").getByLabel("Present password").waitFor();
      expect(await axeFindings(page)).toEqual([]);
    });
  }
});
