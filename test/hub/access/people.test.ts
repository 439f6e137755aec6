import { describe, expect, it } from "@jest/globals";
import type { Role } from "#protocol/access.ts";
import { MemoryAccessStore } from "../../../hub/access/memory-access-store.ts";
import { People } from "../../../hub/access/people.ts";
import { hashSecret } from "../../../hub/access/secrets.ts";
import { fakeClock } from "../../support/fake-clock.ts";
import { quickPasswords } from "../../support/quick-passwords.ts";

const DAY_MS = 86_400_000;
const PASSWORD = "correct horse";

function bench(store = new MemoryAccessStore(), clock = fakeClock()) {
  const ended: string[] = [];
  const seen: string[] = [];
  const quick = quickPasswords();
  const people = new People({
    clock,
    store,
    passwords: quick.passwords,
    onEnd: (ref) => ended.push(ref),
    onSeen: (hash) => seen.push(hash),
  });
  people.takeUp(store.load());
  const create = (name: string, role: Role = "admin") => people.create(name, PASSWORD, role);
  /** What a hub that starts now knows. */
  const restart = () => bench(store, clock);
  return { people, store, clock, ended, seen, quick, create, restart };
}

describe("people", () => {
  it("are made with a role and a password, and are there after a restart", async () => {
    const { people, clock, store, create, restart } = bench();
    expect(people.isEmpty).toBe(true);
    const view = { name: "ann", role: "admin", createdAt: clock.now(), lastSeenAt: null, sessions: 0 };
    expect(await create("ann")).toEqual(view);
    await create("bob", "viewer");
    expect(JSON.stringify(store.load())).not.toContain(PASSWORD);
    const after = restart().people;
    expect(after.list()).toEqual([view, { ...view, name: "bob", role: "viewer" }]);
    expect([after.isEmpty, after.has("bob"), after.has("Bob")]).toEqual([false, true, false]);
    expect(await after.verify("ann", PASSWORD)).toBe(true);
    expect(await after.verify("ann", "wrong horse")).toBe(false);
  });

  it("are one of each name, also when two are made at once", async () => {
    const { people, create } = bench();
    const both = await Promise.allSettled([create("ann"), create("ann")]);
    expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    await expect(create("ann", "viewer")).rejects.toMatchObject({ code: "BAD_REQUEST" });
    expect(people.list()).toHaveLength(1);
  });

  it("begin with an admin and never lose the last one", async () => {
    const { people, create } = bench();
    await expect(create("ann", "operator")).rejects.toMatchObject({ code: "BAD_REQUEST" });
    await create("ann");
    await create("bob", "operator");
    for (const change of [() => people.remove("ann"), () => people.setRole("ann", "viewer")]) {
      expect(change).toThrow(expect.objectContaining({ code: "BAD_REQUEST" }));
    }
    people.setRole("ann", "admin");
    people.setRole("bob", "admin");
    people.remove("ann");
    expect(people.list().map(({ name }) => name)).toEqual(["bob"]);
  });

  it("are told NOT_FOUND of who is not there", async () => {
    const { people, quick } = bench();
    for (const change of [() => people.remove("ann"), () => people.setRole("ann", "viewer")]) {
      expect(change).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
    }
    await expect(people.setPassword("ann", PASSWORD)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(quick.runs).toBe(0);
  });

  it("are not more than 200", async () => {
    const { create } = bench();
    for (let i = 0; i < 200; i++) await create(`u${i}`);
    await expect(create("one more")).rejects.toMatchObject({ code: "TOO_MANY" });
  });

  it("cost a run of scrypt to check, known or not", async () => {
    const { people, quick, create } = bench();
    await create("ann");
    const before = quick.runs;
    expect(await people.verify("ann", "wrong horse")).toBe(false);
    expect(await people.verify("nobody", "wrong horse")).toBe(false);
    expect(quick.runs - before).toBe(2);
  });

  it("are as before when the disk is full", async () => {
    const { people, store, ended, create } = bench();
    await create("ann");
    await create("bob", "viewer");
    const secret = people.open("bob");
    const before = [people.list(), store.load()];
    store.setWritable(false);
    for (const change of [
      () => people.remove("bob"),
      () => people.setRole("bob", "admin"),
      () => people.open("bob"),
      () => people.close(hashSecret(secret)),
    ]) {
      expect(change).toThrow(expect.objectContaining({ code: "STORAGE" }));
    }
    await expect(people.setPassword("bob", "another horse")).rejects.toMatchObject({ code: "STORAGE" });
    await expect(create("cid")).rejects.toMatchObject({ code: "STORAGE" });
    expect([people.list(), store.load()]).toEqual(before);
    expect(await people.verify("bob", PASSWORD)).toBe(true);
    expect([people.find(secret)?.name, ended]).toEqual(["bob", []]);
  });
});

describe("a browser", () => {
  it("is known by its cookie until it is signed out, also after a restart", async () => {
    const { people, store, seen, ended, create, restart } = bench();
    await create("ann");
    const secret = people.open("ann");
    expect(JSON.stringify(store.load())).not.toContain(secret);
    const principal = { name: "ann", role: "admin", device: null, ref: hashSecret(secret) };
    expect(people.find(secret)).toEqual(principal);
    expect(seen).toEqual([hashSecret(secret)]);
    expect(people.find(`${secret}x`)).toBeNull();
    expect(restart().people.find(secret)).toEqual(principal);
    people.close(hashSecret(secret));
    people.close("unknown");
    expect([people.find(secret), ended, restart().people.find(secret)]).toEqual([null, [hashSecret(secret)], null]);
  });

  it("is signed out when it did not come for 30 days", async () => {
    const { people, clock, ended, create } = bench();
    await create("ann");
    const [used, unused] = [people.open("ann"), people.open("ann")];
    await clock.advance(29 * DAY_MS);
    expect(people.find(used)).not.toBeNull();
    await clock.advance(2 * DAY_MS);
    expect([people.find(used)?.name, people.find(unused)]).toEqual(["ann", null]);
    expect(ended).toEqual([hashSecret(unused)]);
    expect(people.list()).toMatchObject([{ sessions: 1, lastSeenAt: clock.now() }]);
  });

  it("is signed out in any case when its time is over, though the disk is full", async () => {
    const { people, clock, store, create } = bench();
    await create("ann");
    const secret = people.open("ann");
    await clock.advance(31 * DAY_MS);
    store.setWritable(false);
    expect(people.find(secret)).toBeNull();
  });

  it("ends with another password, but for the one that chose it", async () => {
    const { people, ended, create, restart } = bench();
    await create("ann");
    await create("bob");
    const [mine, other, bobs] = [people.open("ann"), people.open("ann"), people.open("bob")];
    await people.setPassword("ann", "another horse", hashSecret(mine));
    const known = (one: People) => [mine, other, bobs].map((secret) => one.find(secret)?.name ?? null);
    expect([known(people), ended]).toEqual([["ann", null, "bob"], [hashSecret(other)]]);
    expect(known(restart().people)).toEqual(["ann", null, "bob"]);
    expect([await people.verify("ann", PASSWORD), await people.verify("ann", "another horse")]).toEqual([false, true]);
    await people.setPassword("ann", "third horse");
    expect(known(people)).toEqual([null, null, "bob"]);
  });

  it("is not opened by a password that is changed while it is checked", async () => {
    const { people, create } = bench();
    await create("ann");
    const [, isRight] = await Promise.all([people.setPassword("ann", "another horse"), people.verify("ann", PASSWORD)]);
    expect(isRight).toBe(false);
  });

  it("is cut with another role, and then may what that may", async () => {
    const { people, ended, create } = bench();
    await create("ann");
    await create("bob", "operator");
    const secret = people.open("bob");
    people.setRole("bob", "viewer");
    expect([people.find(secret)?.role, ended]).toEqual(["viewer", [hashSecret(secret)]]);
  });

  it("ends with its user, also when another gets the name", async () => {
    const { people, ended, create } = bench();
    await create("ann");
    await create("bob");
    const secret = people.open("bob");
    people.remove("bob");
    expect([people.find(secret), ended]).toEqual([null, [hashSecret(secret)]]);
    await create("bob", "viewer");
    expect(people.find(secret)).toBeNull();
  });

  it("is the 51st of one user: the one that came longest ago goes", async () => {
    const { people, clock, create } = bench();
    await create("ann");
    const secrets: string[] = [];
    for (let i = 0; i < 50; i++) {
      secrets.push(people.open("ann"));
      await clock.advance(1_000);
    }
    people.find(secrets[0] ?? "");
    secrets.push(people.open("ann"));
    expect(secrets.map((secret, i) => (people.find(secret) === null ? i : null)).filter((i) => i !== null)).toEqual([
      1,
    ]);
  });
});

describe("a browser that came by the hub's own link", () => {
  it("is an admin who still has to choose a password, for an hour", async () => {
    const { people, clock, ended } = bench();
    const secret = people.open(null);
    expect(people.find(secret)).toEqual({
      name: "setup",
      role: "admin",
      device: null,
      ref: hashSecret(secret),
      needsPassword: true,
    });
    await clock.advance(3_599_000);
    expect(people.find(secret)).not.toBeNull();
    people.dropExpired();
    expect(ended).toEqual([]);
    await clock.advance(2_000);
    people.dropExpired();
    expect([ended, people.find(secret)]).toEqual([[hashSecret(secret)], null]);
  });

  it("ends when there is a user", async () => {
    const { people, ended, create } = bench();
    const secret = people.open(null);
    await create("ann");
    people.endSetup();
    expect([people.find(secret), ended]).toEqual([null, [hashSecret(secret)]]);
  });
});
