import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "@jest/globals";
import { readOptions } from "#base/options.ts";
import { Access } from "../../../hub/access/access.ts";
import { MemoryAuditLog } from "../../../hub/access/audit-log.ts";
import { readCookie, writeCookie } from "../../../hub/access/cookie.ts";
import { MemoryAccessStore } from "../../../hub/access/memory-access-store.ts";
import { EVERYBODY, NOBODY } from "../../../hub/access/principal.ts";
import { HUB_OPTIONS } from "../../../hub/base/config.ts";
import { fakeClock } from "../../support/fake-clock.ts";
import { quickPasswords } from "../../support/quick-passwords.ts";

const PASSWORD = "correct horse";
const LAN = "10.0.0.7";

function bench(args: readonly string[] = [], store = new MemoryAccessStore()) {
  const config = readOptions(HUB_OPTIONS, args, {});
  const clock = fakeClock();
  const audit = new MemoryAuditLog();
  const quick = quickPasswords();
  const access = new Access({ config, clock, store, audit, passwords: quick.passwords });
  const key = access.start();
  const ended: string[] = [];
  access.events.on("ended", (ref) => ended.push(ref));
  return { access, clock, store, audit, quick, key, ended };
}

/** With a user. */
async function inhabited(...args: readonly string[]) {
  const parts = bench(args);
  await parts.access.people.create("ann", PASSWORD, "admin");
  return parts;
}

/** As far as it is looked at. */
function request(from: string, headers: { readonly [name: string]: string } = {}): IncomingMessage {
  return { headers, socket: { remoteAddress: from } } as unknown as IncomingMessage;
}

function withCookie(secret: string, from = LAN): IncomingMessage {
  return request(from, { cookie: `theme=dark; ${writeCookie(secret, false).split(";")[0]}` });
}

function withBearer(token: string, from = LAN): IncomingMessage {
  return request(from, { authorization: `Bearer ${token}` });
}

describe("the cookie", () => {
  it("is for the hub alone, and under TLS goes over TLS alone", () => {
    expect(writeCookie("abc", false)).toBe("pharos_session=abc; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict");
    expect(writeCookie("abc", true)).toMatch(/; Secure$/);
    expect(writeCookie(null, false)).toMatch(/^pharos_session=; Path=\/; Max-Age=0;/);
  });

  it("is found among others", () => {
    expect(readCookie("a=b; pharos_session=abc; c=d")).toBe("abc");
    for (const header of [undefined, "", "a=b", "xpharos_session=abc", "pharos_session"]) {
      expect(readCookie(header)).toBeNull();
    }
  });
});

describe("the first start", () => {
  it("has a key that works once, for choosing the first password", async () => {
    const { access, key, audit } = bench();
    expect(key).toMatch(/^[\w-]{43}$/);
    const secret = access.signInByKey(key ?? "", LAN);
    const principal = access.identify(withCookie(secret));
    expect(access.sessionOf(principal)).toEqual({ role: "admin", name: "setup", needsPassword: true, isOpen: false });
    expect(() => access.signInByKey(key ?? "", LAN)).toThrow(expect.objectContaining({ code: "UNAUTHORIZED" }));
    expect(audit.records.map(({ who, what, result }) => [who, what, result])).toEqual([
      ["setup", "sign-in", "done"],
      ["-", "sign-in", "refused"],
    ]);
  });

  it("ends with the first admin, who is signed in", async () => {
    const { access, key, ended } = bench();
    const setup = access.signInByKey(key ?? "", LAN);
    const { ref } = access.identify(withCookie(setup));
    const secret = await access.chooseFirst("ann", PASSWORD, LAN);
    expect(access.identify(withCookie(secret))).toMatchObject({ name: "ann", role: "admin" });
    expect([access.identify(withCookie(setup)), ended]).toEqual([NOBODY, [ref]]);
  });

  it("gives no key that works on when somebody can sign in, nor one to a hub that has people or is open", async () => {
    const { access, key, store } = bench();
    await access.people.create("ann", PASSWORD, "admin");
    expect(() => access.signInByKey(key ?? "", LAN)).toThrow(/This link has ended/);
    expect(bench([], store).key).toBeNull();
    expect(bench(["--open", "lan"]).key).toBeNull();
    expect(bench(["--open"]).key).not.toBeNull();
  });

  it("has a key that is not used up by a full disk", () => {
    const { access, key, store } = bench();
    store.setWritable(false);
    expect(() => access.signInByKey(key ?? "", LAN)).toThrow(expect.objectContaining({ code: "STORAGE" }));
    store.setWritable(true);
    expect(access.signInByKey(key ?? "", LAN)).toMatch(/^[\w-]{43}$/);
  });

  it("lets nobody keep others from using the key by trying wrong ones", () => {
    const { access, key } = bench();
    for (let i = 0; i < 4; i++) expect(() => access.signInByKey(`wrong ${i}`, "10.0.0.66")).toThrow("already");
    expect(() => access.signInByKey(key ?? "", "10.0.0.66")).toThrow(expect.objectContaining({ code: "TOO_MANY" }));
    expect(access.signInByKey(key ?? "", LAN)).toMatch(/^[\w-]{43}$/);
  });
});

describe("signing in", () => {
  it("gives a cookie for the right password, and says the same whether name or password is wrong", async () => {
    const { access, audit, clock } = await inhabited();
    const secret = await access.signIn("ann", PASSWORD, LAN);
    expect(access.identify(withCookie(secret))).toMatchObject({ name: "ann", role: "admin", device: null });
    const refusals = await Promise.allSettled([
      access.signIn("ann", "wrong horse", LAN),
      access.signIn("nobody", PASSWORD, LAN),
    ]);
    const reasons = refusals.map((one) => (one.status === "rejected" ? one.reason : null));
    expect(reasons[0]).toEqual(reasons[1]);
    expect(reasons[0]).toMatchObject({ code: "UNAUTHORIZED", message: "Name or password is wrong." });
    const at = clock.now();
    const sign = { at, from: LAN, what: "sign-in" };
    expect(audit.records).toEqual([
      { ...sign, who: "ann", target: "ann", result: "done" },
      { ...sign, who: "-", target: "ann", result: "refused" },
      { ...sign, who: "-", target: "nobody", result: "refused" },
    ]);
  });

  it("costs a run of scrypt whether there is such a user or not", async () => {
    const { access, quick } = await inhabited();
    const before = quick.runs;
    for (const name of ["ann", "nobody"]) await expect(access.signIn(name, "wrong horse", LAN)).rejects.toThrow();
    expect(quick.runs - before).toBe(2);
  });

  it("makes who guesses wait longer and longer, alike for names that there are and those that there are not", async () => {
    const waitsOf = async (name: string): Promise<readonly string[]> => {
      const { access, clock, quick } = await inhabited();
      const said: string[] = [];
      for (let i = 0; i < 12; i++) {
        const before = quick.runs;
        const message = await access.signIn(name, `guess ${i}`, LAN).catch((error: Error) => error.message);
        said.push(message);
        expect(quick.runs - before).toBe(message.startsWith("Too many") ? 0 : 1);
        await clock.advance(1_000);
      }
      return said;
    };
    const said = await waitsOf("ann");
    expect(await waitsOf("nobody")).toEqual(said);
    expect(said.filter((text) => text.startsWith("Too many"))).toEqual([
      "Too many tries. Wait 1 s and try again.",
      "Too many tries. Wait 3 s and try again.",
      "Too many tries. Wait 2 s and try again.",
      "Too many tries. Wait 1 s and try again.",
      "Too many tries. Wait 7 s and try again.",
    ]);
  });

  it("counts many tries at once as many", async () => {
    const { access, quick } = await inhabited();
    const before = quick.runs;
    await Promise.allSettled(Array.from({ length: 20 }, (_, i) => access.signIn("ann", `guess ${i}`, LAN)));
    expect(quick.runs - before).toBe(4);
    await expect(access.signIn("ann", PASSWORD, LAN)).rejects.toMatchObject({ code: "TOO_MANY" });
  });

  it("by a guest's link looks only, until the link ends", async () => {
    const { access, clock, audit, ended } = await inhabited();
    const link = access.tokens.create({ kind: "link", label: "open day", expiresMs: 120_000 });
    const secret = access.signInByKey(link.token, LAN);
    expect(access.identify(withCookie(secret))).toMatchObject({ name: "token open day", role: "viewer", ref: link.id });
    expect(audit.records.at(-1)).toMatchObject({ who: "token open day", what: "sign-in", result: "done" });
    await clock.advance(120_000);
    expect(ended).toEqual([link.id]);
    expect(access.identify(withCookie(secret))).toBe(NOBODY);
    expect(() => access.signInByKey(link.token, LAN)).toThrow(/This link has ended/);
  });

  it("is not possible by the token of a program or a device", async () => {
    const { access } = await inhabited();
    for (const made of [
      access.tokens.create({ kind: "program", label: "logger", role: "admin" }),
      access.tokens.create({ kind: "device", device: "lamp", role: "admin" }),
    ]) {
      expect(() => access.signInByKey(made.token, LAN)).toThrow(expect.objectContaining({ code: "UNAUTHORIZED" }));
      expect(access.identify(withCookie(made.token))).toBe(NOBODY);
    }
  });

  it("ends by signing out", async () => {
    const { access, ended, audit } = await inhabited();
    const secret = await access.signIn("ann", PASSWORD, LAN);
    const principal = access.identify(withCookie(secret));
    access.signOut(principal, LAN);
    expect([access.identify(withCookie(secret)), ended]).toEqual([NOBODY, [principal.ref]]);
    expect(audit.records.at(-1)).toMatchObject({ who: "ann", what: "sign-out" });
  });

  it("ends elsewhere with another password, another role, and with the user", async () => {
    const { access, ended } = await inhabited();
    const refOf = (secret: string) => access.identify(withCookie(secret)).ref;
    const mine = await access.signIn("ann", PASSWORD, LAN);
    const other = await access.signIn("ann", PASSWORD, LAN);
    const refs = [refOf(other)];
    await access.changeOwn(access.identify(withCookie(mine)), PASSWORD, "another horse", LAN);
    expect([access.identify(withCookie(mine)).name, access.identify(withCookie(other))]).toEqual(["ann", NOBODY]);
    await access.people.create("bob", PASSWORD, "operator");
    const bobs = await access.signIn("bob", PASSWORD, LAN);
    refs.push(refOf(bobs), refOf(bobs));
    access.people.setRole("bob", "viewer");
    expect(access.identify(withCookie(bobs)).role).toBe("viewer");
    access.people.remove("bob");
    expect(access.identify(withCookie(bobs))).toBe(NOBODY);
    expect(ended).toEqual(refs);
  });

  it("needs the present password for another one", async () => {
    const { access } = await inhabited();
    const secret = await access.signIn("ann", PASSWORD, LAN);
    const principal = access.identify(withCookie(secret));
    await expect(access.changeOwn(principal, "wrong horse", "another horse", LAN)).rejects.toMatchObject({
      code: "UNAUTHORIZED",
    });
    await expect(access.changeOwn(EVERYBODY, "", "another horse", LAN)).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await access.people.verify("ann", PASSWORD)).toBe(true);
  });
});

describe("a request", () => {
  it("is a program's or a device's by its token, and refused with a wrong one", async () => {
    const { access } = await inhabited();
    const lamp = access.tokens.create({ kind: "device", device: "lamp" });
    expect(access.identify(withBearer(lamp.token))).toMatchObject({ device: "lamp", role: null });
    expect(access.identify(request(LAN), lamp.token)).toMatchObject({ device: "lamp" });
    const cookie = withCookie(await access.signIn("ann", PASSWORD, LAN));
    for (const wrong of [() => access.identify(withBearer("wrong")), () => access.identify(cookie, "wrong")]) {
      expect(wrong).toThrow(expect.objectContaining({ code: "UNAUTHORIZED" }));
    }
    access.tokens.revoke(lamp.id);
    expect(() => access.identify(withBearer(lamp.token))).toThrow(expect.objectContaining({ code: "UNAUTHORIZED" }));
    expect(() => access.identifyLine(LAN, lamp.token)).toThrow(expect.objectContaining({ code: "UNAUTHORIZED" }));
  });

  it("is nobody's without a secret, from this computer too, unless the hub is open", () => {
    const { access } = bench();
    for (const address of [LAN, "127.0.0.1", "::1"]) {
      expect(access.identify(request(address))).toBe(NOBODY);
      expect(access.identifyLine(address, null)).toBe(NOBODY);
    }
    expect(access.identify(withCookie("wrong"))).toBe(NOBODY);
    expect(access.sessionOf(NOBODY)).toEqual({ role: null, name: null, needsPassword: false, isOpen: false });
  });

  it("is everybody's from this computer where the hub is open to that", () => {
    const { access } = bench(["--open"]);
    for (const address of ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"]) {
      expect(access.identify(request(address))).toBe(EVERYBODY);
      expect(access.identify(withBearer("wrong", address))).toBe(EVERYBODY);
      expect(access.identifyLine(address, "wrong")).toBe(EVERYBODY);
    }
    for (const address of [LAN, "::ffff:10.0.0.7", "fe80::1", "1127.0.0.1"]) {
      expect(access.identify(request(address))).toBe(NOBODY);
      expect(() => access.identify(withBearer("wrong", address))).toThrow();
      expect(access.identifyLine(address, null)).toBe(NOBODY);
    }
  });

  it("is everybody's from anywhere where the hub is open to the network", () => {
    const { access } = bench(["--open", "lan"]);
    expect(access.identify(request(LAN))).toBe(EVERYBODY);
    expect(access.identify(withBearer("wrong"))).toBe(EVERYBODY);
    expect(access.sessionOf(EVERYBODY)).toEqual({ role: "admin", name: "open", needsPassword: false, isOpen: true });
  });

  it("is its user's also where the hub is open", async () => {
    const { access } = await inhabited("--open", "lan");
    const secret = await access.signIn("ann", PASSWORD, LAN);
    expect(access.identify(withCookie(secret))).toMatchObject({ name: "ann" });
  });

  it.each(["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded", "x-real-ip"])(
    "is nobody's on a hub open to this computer when it was passed on by something here: %s",
    (name) => {
      const { access } = bench(["--open"]);
      expect(access.identify(request("127.0.0.1", { [name]: "127.0.0.1" }))).toBe(NOBODY);
    },
  );

  it("is from where a trusted proxy says, and that proxy is on this computer", () => {
    const { access } = bench(["--open", "--trust-proxy"]);
    const passedOn = (peer: string, seen: string) => request(peer, { "x-forwarded-for": seen });
    expect(access.addressOf(passedOn("127.0.0.1", "6.6.6.6, 10.0.0.9"))).toBe("10.0.0.9");
    expect(access.identify(passedOn("127.0.0.1", LAN))).toBe(NOBODY);
    expect(access.identify(passedOn("127.0.0.1", "127.0.0.1"))).toBe(EVERYBODY);
    // Whoever comes past the proxy may write what it likes.
    expect(access.identify(passedOn(LAN, "127.0.0.1"))).toBe(NOBODY);
    expect(access.addressOf(passedOn("127.0.0.1", "no address"))).toBe("127.0.0.1");
  });
});

describe("the upkeep", () => {
  it("writes each minute when browsers and tokens were last used, and at the end", async () => {
    const { access, clock, store } = await inhabited();
    const secret = await access.signIn("ann", PASSWORD, LAN);
    const lamp = access.tokens.create({ kind: "device", device: "lamp" });
    await clock.advance(10_000);
    access.identify(withCookie(secret));
    access.identify(withBearer(lamp.token));
    const usedAt = clock.now();
    const kept = () => [store.load().sessions[0]?.lastSeenAt, store.load().tokens[0]?.lastUsedAt];
    expect(kept()).toEqual([usedAt - 10_000, null]);
    await clock.advance(60_000);
    expect(kept()).toEqual([usedAt, usedAt]);
    access.identify(withCookie(secret));
    await access.close();
    expect(kept()).toEqual([usedAt + 60_000, usedAt]);
    expect(clock.timers).toBe(0);
  });

  it("goes on when the disk is full", async () => {
    const { access, clock, store } = await inhabited();
    const secret = await access.signIn("ann", PASSWORD, LAN);
    access.tokens.create({ kind: "link", label: "open day", expiresMs: 60_000 });
    store.setWritable(false);
    access.identify(withCookie(secret));
    await clock.advance(180_000);
    expect(access.identify(withCookie(secret)).name).toBe("ann");
    await access.close();
  });
});

describe("pairing", () => {
  it("gives a device that is approved a token, and tells that who waits has changed", () => {
    const { access, clock } = bench();
    let changes = 0;
    access.events.on("pairing", () => {
      changes += 1;
    });
    access.pairing.open(300_000);
    const tokens: string[] = [];
    access.pairing.wait(
      { device: "lamp", address: LAN, door: "websocket", name: null, model: null, since: clock.now() },
      { approve: () => tokens.push(access.tokenFor("lamp").token), refuse: () => {} },
    );
    access.approve("lamp");
    expect(access.identify(withBearer(tokens[0] ?? ""))).toMatchObject({ device: "lamp" });
    expect(changes).toBe(3);
    expect(() => access.refuse("lamp")).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
  });
});
