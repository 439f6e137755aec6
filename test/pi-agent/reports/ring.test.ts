import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type Entry, encodeEntry } from "../../../pi-agent/reports/entry.ts";
import { Ring, type RingBounds } from "../../../pi-agent/reports/ring.ts";
import { smallDisk } from "../../support/small-disk.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const newFolder = temporaryFolders();
const BOUNDS: RingBounds = { maxReports: 40, maxBytes: 6_000 };
const FILE = "reports.ndjson";

function bytesIn(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

function add(ring: Ring, id: number, size = 0): number {
  const text = JSON.stringify({ id, ...(size === 0 ? {} : { filler: "x".repeat(size) }) });
  return ring.add({ number: ring.nextNumber, boot: "boot", up: id, at: null, text });
}

function open(folder: string, bounds = BOUNDS): { ring: Ring; loaded: readonly Entry[] } {
  const ring = new Ring(folder, bounds);
  return { ring, loaded: ring.load() };
}

const idsOf = (entries: readonly Entry[]): number[] => entries.map(({ up }) => up);
const all = (ring: Ring): number[] => idsOf(ring.first(100_000, 1e9));

describe("the ring of reports", () => {
  it("has nothing and makes nothing at first", async () => {
    const folder = join(newFolder(), "reports");
    const { ring, loaded } = open(folder);
    await ring.flush();
    expect([loaded, ring.length, existsSync(folder)]).toEqual([[], 0, false]);
  });

  it("has after a crash what was flushed, in order", async () => {
    const folder = join(newFolder(), "a/reports");
    const { ring } = open(folder);
    for (let id = 0; id < 5; id++) add(ring, id);
    await ring.flush();
    add(ring, 5);
    expect(idsOf(open(folder).loaded)).toEqual([0, 1, 2, 3, 4]);
  });

  it("knows after a crash what was done before the last flush", async () => {
    const folder = newFolder();
    const { ring } = open(folder);
    for (let id = 0; id < 5; id++) add(ring, id);
    await ring.flush();
    ring.done(2);
    await ring.flush();
    ring.done(3);
    const { ring: next, loaded } = open(folder);
    expect(idsOf(loaded)).toEqual([3, 4]);
    expect(next.nextNumber).toBe(5);
  });

  it("removes its files when everything is done", async () => {
    const folder = newFolder();
    const { ring } = open(folder);
    for (let id = 0; id < 40; id++) add(ring, id, 30);
    await ring.flush();
    expect(bytesIn(folder)).toBeGreaterThan(1000);
    ring.done(39);
    expect(ring.hasStaleFiles).toBe(true);
    await ring.flush();
    expect([readdirSync(folder), ring.hasStaleFiles]).toEqual([[], false]);
  });

  it("drops the oldest when it is full, by number and by size", () => {
    const { ring } = open(newFolder());
    const dropped = Array.from({ length: 50 }, (_, id) => add(ring, id)).reduce((a, b) => a + b);
    expect([dropped, ring.length, all(ring)[0]]).toEqual([10, 40, 10]);
    for (let id = 50; id < 60; id++) add(ring, id, 400);
    expect(ring.length).toBe(4);
    expect(all(ring)).toEqual([56, 57, 58, 59]);
  });

  it.each([
    ["a line that a power cut left half", '[7,"boot",7,null,{"id'],
    ["zeros", "\0\0\0\0\0"],
    ["text of a stranger", "hello\n{}\n[]\nnull\n[1,2]\n[-1]\n[1.5]\n"],
    ["a report that is none", '[9,"boot",9,null,"x"]\n[9,"boot",9,null,{"id":{"a":{"b":1}}}]\n[9,"boot",-9,null,{}]\n'],
  ])("ignores %s, and writes on after it", async (_, junk) => {
    const folder = newFolder();
    const { ring } = open(folder);
    add(ring, 0);
    await ring.flush();
    appendFileSync(join(folder, FILE), junk);
    const { ring: next, loaded } = open(folder);
    expect(idsOf(loaded)).toEqual([0]);
    add(next, 1);
    await next.flush();
    expect(idsOf(open(folder).loaded)).toEqual([0, 1]);
  });

  it("reads of a file that is too large the newest", () => {
    const folder = newFolder();
    const line = (number: number): string => encodeEntry({ number, boot: "boot", up: number, at: null, text: "{}" });
    writeFileSync(join(folder, FILE), Array.from({ length: 10_000 }, (_, i) => line(i)).join(""));
    expect(idsOf(open(folder).loaded).at(-1)).toBe(9_999);
  });

  it("tells a folder that cannot be made, keeps everything, and writes it when it can", async () => {
    const folder = join(newFolder(), "in-the-way");
    writeFileSync(folder, "");
    const blocked = new Ring(join(folder, "reports"), BOUNDS);
    add(blocked, 0);
    await expect(blocked.flush()).rejects.toThrow(/ENOTDIR|EEXIST/);
    expect(all(blocked)).toEqual([0]);
    rmSync(folder);
    await blocked.flush();
    expect(blocked.oldestUnwritten).toBeUndefined();
    expect(idsOf(open(join(folder, "reports")).loaded)).toEqual([0]);
  });

  const disk = smallDisk(newFolder);
  disk.it("loses nothing on a disk that was full for a while, and leaves no half lines", async () => {
    const folder = join(disk.folder, "reports");
    mkdirSync(folder);
    const bounds = { maxReports: 1000, maxBytes: 300_000 };
    const { ring } = open(folder, bounds);
    add(ring, 0);
    await ring.flush();
    disk.fill();
    for (let id = 1; id < 500; id++) add(ring, id, 100);
    await expect(ring.flush()).rejects.toThrow("ENOSPC");
    const [id] = idsOf(open(folder, bounds).loaded);
    expect(id).toBe(0);
    disk.free();
    await ring.flush();
    expect(idsOf(open(folder, bounds).loaded)).toEqual(Array.from({ length: 500 }, (_, i) => i));
    expect(readFileSync(join(folder, FILE), "utf8")).not.toMatch(/[^\]\n]\n/);
  });
});

type Step =
  | { readonly do: "add"; readonly sizes: readonly number[] }
  | { readonly do: "done"; readonly count: number }
  | { readonly do: "flush" }
  | { readonly do: "reopen" }
  /** The power goes in the middle of a write: a part of its bytes is there. */
  | { readonly do: "cut"; readonly part: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("add" as const),
      sizes: fc.array(fc.constantFrom(0, 0, 10, 60, 300), { minLength: 1, maxLength: 12 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("done" as const), count: fc.nat(30) }) },
  { weight: 5, arbitrary: fc.constant({ do: "flush" } as const) },
  { weight: 1, arbitrary: fc.constant({ do: "reopen" } as const) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("cut" as const), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
  },
);

/** Plays steps on a ring, and knows what must be in it. */
class Model {
  readonly #folder = newFolder();
  #ring = open(this.#folder).ring;
  #nextId = 0;
  /** Flushed, and neither done nor dropped for room. */
  #safe: number[] = [];
  #junkBytes = 0;

  async play(next: Step): Promise<void> {
    if (next.do === "add") for (const size of next.sizes) this.#add(size);
    else if (next.do === "done") this.#done(next.count);
    else if (next.do === "flush") {
      await this.#ring.flush();
      this.#safe = all(this.#ring);
    } else if (next.do === "reopen") this.#reopen();
    else {
      this.#cut(next.part);
      this.#reopen();
    }
    const ids = all(this.#ring);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(ids.length).toBeLessThanOrEqual(BOUNDS.maxReports);
    expect(bytesIn(this.#folder)).toBeLessThanOrEqual(BOUNDS.maxBytes + this.#junkBytes);
  }

  #add(size: number): void {
    add(this.#ring, this.#nextId, size);
    this.#nextId += 1;
    const [oldest = 0] = all(this.#ring);
    this.#safe = this.#safe.filter((id) => id >= oldest);
  }

  #done(count: number): void {
    const last = this.#ring.first(count, 1e9).at(-1);
    if (last === undefined) return;
    this.#ring.done(last.number);
    this.#safe = this.#safe.filter((id) => id > last.up);
  }

  #reopen(): void {
    const { ring, loaded } = open(this.#folder);
    this.#ring = ring;
    // Some that were done may be there again, before them; none that was safe is missing, and none is there twice.
    expect(idsOf(loaded)).toEqual(expect.arrayContaining(this.#safe));
    expect(new Set(idsOf(loaded)).size).toBe(loaded.length);
    this.#safe = idsOf(loaded);
  }

  #cut(part: number): void {
    const unwritten = this.#ring.oldestUnwritten;
    if (unwritten === undefined) return;
    const group = this.#ring.first(1000, 1e9).filter(({ number }) => number >= unwritten.number);
    const bytes = Buffer.from(`\n${group.map(encodeEntry).join("")}`);
    const cut = bytes.subarray(0, Math.min(Math.floor(part * bytes.length), 1000));
    appendFileSync(join(this.#folder, FILE), cut);
    this.#junkBytes += cut.length;
  }
}

describe("whatever happens to the ring", () => {
  it("loses nothing that was flushed beyond what the bound allows, keeps the order, and holds the bound", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), async (steps) => {
        const model = new Model();
        for (const next of steps) await model.play(next);
        await model.play({ do: "flush" });
        await model.play({ do: "reopen" });
      }),
      { numRuns: 150 },
    );
  });
});
