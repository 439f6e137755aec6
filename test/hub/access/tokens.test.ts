import { describe, expect, it } from "@jest/globals";
import type { CreateTokenRequest } from "#protocol/access.ts";
import { MemoryAccessStore } from "../../../hub/access/memory-access-store.ts";
import { Tokens } from "../../../hub/access/tokens.ts";
import { fakeClock } from "../../support/fake-clock.ts";

const LAMP: CreateTokenRequest = { kind: "device", device: "lamp" };
const GIVEN = new Map([["pump", "a-token-of-its-own"]]);

function bench(store = new MemoryAccessStore(), clock = fakeClock()) {
  const ended: string[] = [];
  const used: string[] = [];
  const tokens = new Tokens({ clock, store, onEnd: (id) => ended.push(id), onUsed: (id) => used.push(id) });
  tokens.takeUp(store.load().tokens, GIVEN);
  const restart = () => bench(store, clock);
  return { tokens, store, clock, ended, used, restart };
}

describe("tokens", () => {
  it("have a secret of 256 bits that is told once and kept as a hash", () => {
    const { tokens, store } = bench();
    const made = tokens.create(LAMP);
    expect(made.token).toMatch(/^[\w-]{43}$/);
    expect(tokens.create({ kind: "device", device: "fan" }).token).not.toBe(made.token);
    expect(JSON.stringify(store.load())).not.toContain(made.token);
    expect(JSON.stringify(tokens.list())).not.toMatch(/hash|"token"/);
  });

  it("are whose they are, also after a restart", () => {
    const { tokens, used, restart } = bench();
    const lamp = tokens.create({ ...LAMP, role: "operator" });
    const script = tokens.create({ kind: "program", label: "logger", role: "viewer" });
    const link = tokens.create({ kind: "link", label: "open day", expiresMs: 60_000 });
    for (const one of [tokens, restart().tokens]) {
      expect(one.find(lamp.token)).toEqual({ name: "device lamp", role: "operator", device: "lamp", ref: lamp.id });
      expect(one.find(script.token)).toEqual({ name: "token logger", role: "viewer", device: null, ref: script.id });
      expect(one.find(link.token)).toEqual({ name: "token open day", role: "viewer", device: null, ref: link.id });
      expect(one.find(`${lamp.token}x`)).toBeNull();
      expect(one.find("")).toBeNull();
    }
    expect(used).toEqual([lamp.id, script.id, link.id]);
  });

  it("show when they were last used", async () => {
    const { tokens, clock } = bench();
    const { token } = tokens.create(LAMP);
    expect(tokens.ofDevice("lamp")?.lastUsedAt).toBeNull();
    await clock.advance(5_000);
    tokens.find(token);
    expect(tokens.ofDevice("lamp")?.lastUsedAt).toBe(clock.now());
  });

  it("are one a device: with the next the one before ends", () => {
    const { tokens, ended, restart } = bench();
    const [first, second] = [tokens.create(LAMP), tokens.create(LAMP)];
    expect([tokens.find(first.token), ended]).toEqual([null, [first.id]]);
    expect(tokens.find(second.token)?.device).toBe("lamp");
    expect(restart().tokens.list()).toHaveLength(1);
  });

  it("are rotated: another secret for the same, and the old one ends", () => {
    const { tokens, ended, restart } = bench();
    const old = tokens.create({ kind: "program", label: "logger", role: "operator" });
    const next = tokens.rotate(old.id);
    expect([tokens.find(old.token), ended]).toEqual([null, [old.id]]);
    expect(tokens.find(next.token)).toMatchObject({ name: "token logger", role: "operator", ref: next.id });
    expect(restart().tokens.find(next.token)).not.toBeNull();
    expect(() => tokens.rotate(old.id)).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
  });

  it("are revoked, by their id or with their device", () => {
    const { tokens, ended, restart } = bench();
    const [lamp, script] = [tokens.create(LAMP), tokens.create({ kind: "program", label: "x", role: "viewer" })];
    tokens.revoke(script.id);
    tokens.revokeDevice("lamp");
    tokens.revokeDevice("lamp");
    expect([tokens.find(lamp.token), tokens.find(script.token), ended]).toEqual([null, null, [script.id, lamp.id]]);
    expect(restart().tokens.list()).toEqual([]);
    expect(() => tokens.revoke(script.id)).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
  });

  it("of links end in time, also for who has one open", async () => {
    const { tokens, clock, ended, restart } = bench();
    const link = tokens.create({ kind: "link", label: "open day", expiresMs: 60_000 });
    await clock.advance(59_999);
    const principal = tokens.find(link.token);
    expect(principal !== null && tokens.isLink(principal)).toBe(true);
    await clock.advance(1);
    expect(tokens.find(link.token)).toBeNull();
    expect(restart().tokens.find(link.token)).toBeNull();
    expect(ended).toEqual([]);
    tokens.dropExpired();
    expect([ended, tokens.list()]).toEqual([[link.id], []]);
    expect(restart().tokens.list()).toEqual([]);
  });

  it("that end in time do so though the disk is full", async () => {
    const { tokens, clock, store, ended } = bench();
    const link = tokens.create({ kind: "link", label: "open day", expiresMs: 60_000 });
    await clock.advance(60_000);
    store.setWritable(false);
    tokens.dropExpired();
    expect([ended, tokens.list()]).toEqual([[link.id], []]);
  });

  it("are as before when the disk is full", () => {
    const { tokens, store, ended } = bench();
    const lamp = tokens.create(LAMP);
    const before = [tokens.list(), store.load()];
    store.setWritable(false);
    for (const change of [
      () => tokens.create(LAMP),
      () => tokens.create({ kind: "program", label: "x", role: "viewer" }),
      () => tokens.rotate(lamp.id),
      () => tokens.revoke(lamp.id),
      () => tokens.revokeDevice("lamp"),
    ]) {
      expect(change).toThrow(expect.objectContaining({ code: "STORAGE" }));
    }
    expect([tokens.list(), store.load(), ended]).toEqual([...before, []]);
    expect(tokens.find(lamp.token)?.device).toBe("lamp");
  });

  it("that the hub was started with are kept nowhere", () => {
    const { tokens, store } = bench();
    expect(tokens.find("a-token-of-its-own")).toMatchObject({ name: "device pump", device: "pump", role: null });
    expect([tokens.list(), store.load().tokens]).toEqual([[], []]);
  });

  it("are not more than 25,000", () => {
    const { tokens } = bench();
    const make = (i: number) => tokens.create({ kind: "program", label: `p${i}`, role: "viewer" });
    for (let i = 0; i < 25_000; i++) make(i);
    expect(() => make(25_000)).toThrow(expect.objectContaining({ code: "TOO_MANY" }));
  });
});
