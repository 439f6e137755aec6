/** Signing in over REST: the first time, by password, by link; and what other sites cannot do (protocol 10). */
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { io } from "socket.io-client";
import { eventually } from "../../../support/eventually.ts";
import { startHub, type TestHub } from "../../../support/hub.ts";

const ADMIN = { name: "ada", password: "correct horse" };

describe("signing in", () => {
  let hub: TestHub;

  beforeEach(async () => {
    hub = await startHub(["--open", "none"]);
  });
  afterEach(() => hub.close());

  /** A browser: keeps the cookie that it is given. */
  function browser() {
    let cookie = "";
    const attributes: string[] = [];
    async function ask(method: string, path: string, body?: unknown, headers: object = {}) {
      const response = await fetch(`${hub.url}/api${path}`, {
        method,
        headers: { ...(cookie !== "" && { cookie }), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const set = response.headers.get("set-cookie");
      if (set !== null) {
        cookie = set.split(";")[0] ?? "";
        attributes.push(set.slice(cookie.length));
      }
      return { status: response.status, body: (await response.json()) as { [key: string]: unknown } };
    }
    return { ask, attributes, cookie: () => cookie };
  }

  const setUp = async () => {
    const first = browser();
    await first.ask("POST", "/session", { key: hub.hub.setupKey });
    await first.ask("POST", "/session/password", ADMIN);
    return first;
  };

  it("is by the printed key at first, once, and then by the password that was chosen", async () => {
    const first = browser();
    expect(await first.ask("GET", "/session")).toMatchObject({ body: { role: null, name: null, isOpen: false } });
    const { body } = await first.ask("POST", "/session", { key: hub.hub.setupKey });
    expect(body).toEqual({ role: "admin", name: "setup", needsPassword: true, isOpen: false });
    expect(await browser().ask("POST", "/session", { key: hub.hub.setupKey })).toMatchObject({ status: 401 });
    expect(await first.ask("POST", "/session/password", { password: "correct horse" })).toMatchObject({ status: 400 });
    expect(await first.ask("POST", "/session/password", { ...ADMIN, password: "short" })).toMatchObject({
      status: 400,
    });
    expect(await first.ask("POST", "/session/password", ADMIN)).toMatchObject({
      status: 200,
      body: { role: "admin", name: "ada", needsPassword: false },
    });
    const second = browser();
    expect(await second.ask("POST", "/session", ADMIN)).toMatchObject({ status: 200, body: { name: "ada" } });
    expect(await second.ask("GET", "/devices")).toMatchObject({ status: 200 });
  });

  it("is kept in a cookie that no script reads and no other site sends", async () => {
    const { attributes, cookie } = await setUp();
    expect(cookie()).toMatch(/^pharos_session=[\w-]{43}$/);
    for (const attribute of attributes) {
      expect(attribute).toContain("; HttpOnly; SameSite=Strict");
      expect(attribute).not.toContain("Secure");
    }
  });

  it("says the same of a wrong name and a wrong password, and makes who guesses wait", async () => {
    await setUp();
    const wrong = await browser().ask("POST", "/session", { ...ADMIN, password: "wrong horse" });
    const unknown = await browser().ask("POST", "/session", { ...ADMIN, name: "bob" });
    expect(wrong).toEqual(unknown);
    expect(wrong).toMatchObject({ status: 401, body: { error: { code: "UNAUTHORIZED" } } });
    for (let i = 0; i < 4; i++) await browser().ask("POST", "/session", { ...ADMIN, password: `wrong ${i}` });
    expect(await browser().ask("POST", "/session", ADMIN)).toMatchObject({ status: 429 });
  });

  it("ends with signing out, with another password, another role, and removal", async () => {
    const admin = await setUp();
    const create = { name: "bob", password: "battery staple", role: "operator" };
    expect(await admin.ask("POST", "/users", create)).toMatchObject({ status: 200, body: { name: "bob" } });
    const bob = browser();
    const { role: _, ...password } = create;
    await bob.ask("POST", "/session", password);
    const page = io(`${hub.url}/dashboard`, { transports: ["websocket"], extraHeaders: { cookie: bob.cookie() } });
    await once(page as unknown as NodeJS.EventEmitter, "connect");
    const cut = once(page as unknown as NodeJS.EventEmitter, "disconnect");
    await admin.ask("PATCH", "/users/bob", { role: "viewer" });
    await cut;
    expect(await bob.ask("POST", "/acquisition/start")).toMatchObject({ status: 403 });
    const other = browser();
    await other.ask("POST", "/session", password);
    const change = { present: "battery staple", password: "staple battery" };
    expect(await bob.ask("POST", "/session/password", { ...change, present: "wrong" })).toMatchObject({ status: 401 });
    expect(await bob.ask("POST", "/session/password", change)).toMatchObject({ status: 200, body: { name: "bob" } });
    expect(await other.ask("GET", "/devices")).toMatchObject({ status: 401 });
    await bob.ask("DELETE", "/session");
    expect(bob.cookie()).toBe("pharos_session=");
    expect(await bob.ask("GET", "/devices")).toMatchObject({ status: 401 });
    const again = browser();
    await again.ask("POST", "/session", { name: "bob", password: "staple battery" });
    expect(await admin.ask("DELETE", "/users/bob")).toMatchObject({ status: 200 });
    expect(await again.ask("GET", "/devices")).toMatchObject({ status: 401 });
    expect(await admin.ask("DELETE", "/users/ada")).toMatchObject({ status: 400 });
    page.close();
  });

  it("by a link is for looking, until it is over or revoked", async () => {
    const admin = await setUp();
    const link = { kind: "link", label: "projector", expiresMs: 3_600_000 };
    const { body } = await admin.ask("POST", "/tokens", link);
    const guest = browser();
    expect(await guest.ask("POST", "/session", { key: body.token })).toMatchObject({
      status: 200,
      body: { role: "viewer", name: "token projector" },
    });
    expect(await guest.ask("GET", "/devices")).toMatchObject({ status: 200 });
    expect(await guest.ask("POST", "/acquisition/start")).toMatchObject({ status: 403 });
    await admin.ask("DELETE", `/tokens/${String(body.id)}`);
    expect(await guest.ask("GET", "/devices")).toMatchObject({ status: 401 });
    const device = await admin.ask("POST", "/tokens", { kind: "device", device: "board", role: "admin" });
    expect(await browser().ask("POST", "/session", { key: device.body.token })).toMatchObject({ status: 401 });
  });

  it("lets no other site ask in its name, over HTTP or over a socket", async () => {
    const admin = await setUp();
    const origin = "https://evil.example";
    expect(await admin.ask("POST", "/acquisition/start", {}, { origin })).toMatchObject({ status: 403 });
    expect(await admin.ask("GET", "/devices", undefined, { origin })).toMatchObject({ status: 403 });
    const extraHeaders = { cookie: admin.cookie(), origin };
    const page = io(`${hub.url}/dashboard`, { transports: ["websocket"], reconnection: false, extraHeaders });
    await once(page as unknown as NodeJS.EventEmitter, "connect_error");
    expect(page.connected).toBe(false);
    page.close();
  });

  it("is written down, and what was done; and no secret with it", async () => {
    const admin = await setUp();
    await browser().ask("POST", "/session", { ...ADMIN, password: "wrong horse" });
    const { body } = await admin.ask("POST", "/tokens", { kind: "program", label: "script", role: "admin" });
    const hall = await admin.ask("POST", "/tokens", { kind: "program", label: "hall", role: "viewer" });
    const authorization = `Bearer ${String(hall.body.token)}`;
    const refused = await fetch(`${hub.url}/api/users/ada`, { method: "DELETE", headers: { authorization } });
    expect(refused.status).toBe(403);
    expect((await fetch(`${hub.url}/api/users/ada`, { method: "DELETE" })).status).toBe(401);
    const page = io(`${hub.url}/dashboard`, { transports: ["websocket"], extraHeaders: { cookie: admin.cookie() } });
    await once(page as unknown as NodeJS.EventEmitter, "connect");
    await page.emitWithAck("set", { device: "lamp", property: "brightness", value: 1 });
    const read = async () =>
      (await fetch(`${hub.url}/api/audit`, { headers: { authorization: `Bearer ${String(body.token)}` } })).text();
    await eventually(async () => (await read()).includes('"what":"set"'));
    const lines = (await read())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { [key: string]: unknown });
    expect(lines).toMatchObject([
      { who: "setup", what: "sign-in", target: "link", result: "done", from: "127.0.0.1" },
      { who: "setup", what: "user.create", target: "ada" },
      { who: "-", what: "sign-in", target: "ada", result: "refused" },
      { who: "ada", what: "POST /tokens", result: "done" },
      { who: "ada", what: "POST /tokens", result: "done" },
      { who: "token hall", what: "DELETE /users/{name}", target: "/users/ada", result: "refused" },
      { who: "ada", what: "set", target: "lamp brightness" },
    ]);
    const everything = (await read()) + hub.log.join("") + JSON.stringify(await admin.ask("GET", "/users"));
    for (const secret of [hub.hub.setupKey, ADMIN.password, String(body.token), admin.cookie().split("=")[1]]) {
      expect(everything).not.toContain(secret);
    }
    page.close();
  });
});
