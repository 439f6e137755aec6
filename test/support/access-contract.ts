/** What every access store does, whatever it writes to. Called by the test of each store. */
import { describe, expect, it } from "@jest/globals";
import type { AccessRows, AccessStore, SessionRow, TokenRow, UserRow } from "../../hub/access/access-store.ts";

export interface AccessBench {
  /** A store on what the one before left, which is closed. */
  open(): AccessStore;
  /** The same without the wait for the disk, to fill it. */
  openQuick(): AccessStore;
}

/** A place that can be full. */
export interface FullBench extends Pick<AccessBench, "open"> {
  setFull(isFull: boolean): void;
}

export function userRow(name: string, changes: Partial<UserRow> = {}): UserRow {
  return { name, role: "operator", password: `scrypt$1$2$3$salt$of ${name}`, createdAt: 1_000.5, ...changes };
}

export function sessionRow(hash: string, changes: Partial<SessionRow> = {}): SessionRow {
  return { hash, user: "ann", createdAt: 2_000, lastSeenAt: 3_000, ...changes };
}

export function tokenRow(id: string, changes: Partial<TokenRow> = {}): TokenRow {
  return {
    id,
    kind: "device",
    subject: `lamp «${id}»`,
    role: null,
    hash: `hash of ${id}`,
    createdAt: 4_000,
    expiresAt: null,
    lastUsedAt: null,
    ...changes,
  };
}

/** In an order of its own: none is promised. */
function sorted({ users, sessions, tokens }: AccessRows): AccessRows {
  const by = <Row>(rows: readonly Row[], key: (row: Row) => string): readonly Row[] =>
    [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return {
    users: by(users, ({ name }) => name),
    sessions: by(sessions, ({ hash }) => hash),
    tokens: by(tokens, ({ id }) => id),
  };
}

function openLoaded(bench: Pick<AccessBench, "open">): AccessStore {
  const store = bench.open();
  store.load();
  return store;
}

/** What the next store on the same place finds. */
export function reload(bench: Pick<AccessBench, "open">, store: AccessStore): AccessRows {
  store.close();
  const next = bench.open();
  const rows = next.load();
  next.close();
  return sorted(rows);
}

/** Two users with a browser each, the hub's own link, and two tokens. */
function putSome(store: AccessStore): void {
  for (const name of ["ann", "bob"]) {
    store.putUser(userRow(name));
    store.putSession(sessionRow(`of ${name}`, { user: name }));
  }
  store.putSession(sessionRow("of the link", { user: null }));
  for (const id of ["a", "b"]) store.putToken(tokenRow(id));
}

export function describeAccessStore(name: string, makeBench: () => AccessBench): void {
  describe(name, () => {
    describeRows(makeBench);
    describeChanges(makeBench);
  });
}

function describeRows(makeBench: () => AccessBench): void {
  it("is empty at first", () => {
    const bench = makeBench();
    expect(reload(bench, openLoaded(bench))).toEqual({ users: [], sessions: [], tokens: [] });
  });

  it("gives back what was put, as it was put", () => {
    const bench = makeBench();
    const store = openLoaded(bench);
    const users = [userRow("Zoë", { role: "admin" }), userRow("ann")];
    const sessions = [sessionRow("h1"), sessionRow("h2", { user: null })];
    const link = tokenRow("b", { kind: "link", role: "viewer", expiresAt: 9_000, lastUsedAt: 8_000.5 });
    const tokens = [tokenRow("a"), link, tokenRow("c", { kind: "program", role: "admin" })];
    for (const user of users) store.putUser(user);
    for (const session of sessions) store.putSession(session);
    for (const token of tokens) store.putToken(token);
    expect(reload(bench, store)).toEqual({ users, sessions, tokens });
  });

  it("changes a user and leaves the browsers signed in", () => {
    const bench = makeBench();
    const store = openLoaded(bench);
    putSome(store);
    store.putUser(userRow("ann", { role: "admin", password: "other" }));
    const { users, sessions } = reload(bench, store);
    expect(users[0]).toEqual(userRow("ann", { role: "admin", password: "other" }));
    expect(sessions).toHaveLength(3);
  });

  it("writes when some were last seen, and knows nothing of those that are gone", () => {
    const bench = makeBench();
    const store = openLoaded(bench);
    putSome(store);
    store.touch({
      sessions: new Map([
        ["of ann", 5_000],
        ["gone", 5_001],
      ]),
      tokens: new Map([
        ["b", 6_000],
        ["gone", 6_001],
      ]),
    });
    const { sessions, tokens } = reload(bench, store);
    expect(sessions.map(({ lastSeenAt }) => lastSeenAt)).toEqual([5_000, 3_000, 3_000]);
    expect(tokens.map(({ lastUsedAt }) => lastUsedAt)).toEqual([null, 6_000]);
  });
}

function describeChanges(makeBench: () => AccessBench): void {
  const hashesAfter = (change: (store: AccessStore) => void): readonly string[] => {
    const bench = makeBench();
    const store = openLoaded(bench);
    putSome(store);
    store.putSession(sessionRow("another of ann"));
    change(store);
    return reload(bench, store).sessions.map(({ hash }) => hash);
  };

  it("signs all browsers of a user out with a change, but one", () => {
    expect(hashesAfter((store) => store.putUser(userRow("ann"), "of ann"))).toEqual([
      "of ann",
      "of bob",
      "of the link",
    ]);
    expect(hashesAfter((store) => store.putUser(userRow("ann"), null))).toEqual(["of bob", "of the link"]);
    expect(hashesAfter((store) => store.putUser(userRow("ann"), "of bob"))).toEqual(["of bob", "of the link"]);
  });

  it("removes a user with all its browsers", () => {
    expect(hashesAfter((store) => store.removeUser("ann"))).toEqual(["of bob", "of the link"]);
  });

  it("removes one browser, those of a user, and those of the hub's own link", () => {
    expect(hashesAfter((store) => store.removeSession("of ann"))).not.toContain("of ann");
    expect(hashesAfter((store) => store.removeSessionsOf("ann"))).toEqual(["of bob", "of the link"]);
    expect(hashesAfter((store) => store.removeSessionsOf(null))).toEqual(["another of ann", "of ann", "of bob"]);
  });

  it("puts a token in the place of another, and removes one", () => {
    const bench = makeBench();
    const store = openLoaded(bench);
    putSome(store);
    store.putToken(tokenRow("c"), "a");
    store.putToken(tokenRow("d"), null);
    store.removeToken("b");
    store.removeToken("gone");
    expect(reload(bench, store).tokens).toEqual([tokenRow("c"), tokenRow("d")]);
  });

  it("gives 10,000 tokens back in well under a second", () => {
    const bench = makeBench();
    const store = bench.openQuick();
    store.load();
    for (let i = 0; i < 10_000; i++) store.putToken(tokenRow(`t${i}`));
    store.close();
    const next = bench.open();
    const start = performance.now();
    expect(next.load().tokens).toHaveLength(10_000);
    expect(performance.now() - start).toBeLessThan(500);
    next.close();
  });
}

/** @param run `it`, or `it.skip` where the place cannot be made */
export function describeFullAccessStore(
  name: string,
  run: typeof it | typeof it.skip,
  makeBench: () => FullBench,
): void {
  describe(name, () => {
    run("refuses each change with STORAGE and keeps nothing of it, and takes it when there is room again", () => {
      const bench = makeBench();
      const store = openLoaded(bench);
      putSome(store);
      const before = reload(bench, store);
      const full = openLoaded(bench);
      bench.setFull(true);
      for (const change of CHANGES) {
        expect(() => change(full)).toThrow(expect.objectContaining({ name: "PharosError", code: "STORAGE" }));
      }
      full.touch({ sessions: new Map([["of ann", 7_000]]), tokens: new Map([["a", 7_000]]) });
      bench.setFull(false);
      expect(reload(bench, full)).toEqual(before);
      const free = openLoaded(bench);
      for (const change of CHANGES) change(free);
      expect(reload(bench, free)).toEqual({
        users: [userRow("cid")],
        sessions: [],
        tokens: [tokenRow("c")],
      });
    });
  });
}

const CHANGES: ReadonlyArray<(store: AccessStore) => void> = [
  (store) => store.putUser(userRow("cid")),
  (store) => store.putUser(userRow("ann", { role: "admin" }), null),
  (store) => store.removeUser("ann"),
  (store) => store.putSession(sessionRow("new", { user: "bob" })),
  (store) => store.removeSession("of bob"),
  (store) => store.removeUser("bob"),
  (store) => store.removeSessionsOf(null),
  (store) => store.putToken(tokenRow("c"), "a"),
  (store) => store.removeToken("b"),
];
