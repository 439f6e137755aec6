import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { FLOORS, findFaults, floorOf } from "./support/floor-plan.ts";
import { ROOT, readSources } from "./support/sources.ts";

/** The faults of a small made-up tree; imported files need not be in it. */
function faults(tree: Record<string, string>): readonly string[] {
  return findFaults(new Map(Object.entries(tree)));
}

describe("the house", () => {
  const sources = readSources();

  it("keeps to the floor plan, without a cycle or a file over 400 lines", () => {
    expect(sources.size).toBeGreaterThan(50);
    expect(findFaults(sources)).toEqual([]);
  });

  it("has a floor for each folder that docs/architecture.md names", () => {
    const rows = readFileSync(join(ROOT, "docs/architecture.md"), "utf8").match(/^\| [\d–] \|[^|]+\|/gm) ?? [];
    const named = rows.flatMap((row) => [...row.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ""));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => floorOf(path.endsWith("/") ? `${path}x.ts` : path) === undefined)).toEqual([]);
  });

  it("has each floor named in docs/architecture.md, but for the rooms of the page and the build of the ESP32", () => {
    const text = readFileSync(join(ROOT, "docs/architecture.md"), "utf8");
    const inner = /^web\/.|^esp32\/espruino\/build/;
    const floors = FLOORS.map(({ path }) => path).filter((path) => !inner.test(path));
    expect(floors.filter((path) => !text.includes(`\`${path}`))).toEqual([]);
  });
});

describe("the floor plan lets pass", () => {
  it.each<[string, string, string]>([
    ["a lower floor", "hub/doors/door.ts", 'import { a } from "../devices/a.ts";'],
    ["the ground floor by its alias", "hub/devices/a.ts", 'import { a } from "#protocol/names.ts";'],
    ["a neighbour", "hub/doors/door.ts", 'import { a } from "./frames.ts";'],
    ["a folder below", "pi-agent/agent.ts", 'import { a } from "./drivers/pigpio.ts";'],
    ["types of the protocol in the page", "web/model/store.ts", 'import type { View } from "#protocol/views.ts";'],
    ["a stylesheet", "web/main.tsx", 'import "./styles/page.css";'],
    [
      "an import in a comment or a string",
      "protocol/a.ts",
      '// import "../hub/hub.ts"\nexport const s = \'import "../hub/hub.ts"\';',
    ],
  ])("%s", (_, path, source) => {
    expect(faults({ [path]: source })).toEqual([]);
  });
});

describe("the floor plan catches", () => {
  it.each<[string, string, string, RegExp]>([
    [
      "an upward import",
      "hub/devices/a.ts",
      'import { b } from "../doors/b.ts";',
      /hub\/devices\/ may not import hub\/doors\//,
    ],
    [
      "an upward import of types",
      "hub/base/a.ts",
      'import type { B } from "../flow/b.ts";',
      /may not import hub\/flow\//,
    ],
    ["an upward export", "protocol/a.ts", 'export { b } from "../base/b.ts";', /may not import base\//],
    ["an upward export of everything", "protocol/a.ts", 'export * from "#base/b.ts";', /may not import base\//],
    [
      "an upward import at run time",
      "base/a.ts",
      'export const b = () => import("../hub/hub.ts");',
      /may not import hub\//,
    ],
    [
      "an upward import inside a type",
      "base/a.ts",
      'export type B = import("#protocol/b.ts").B;',
      /may not import protocol\//,
    ],
    [
      "a door that imports an output",
      "hub/doors/a.ts",
      'import { b } from "../outputs/b.ts";',
      /may not import hub\/outputs\//,
    ],
    [
      "an output that imports a door",
      "hub/outputs/a.ts",
      'import { b } from "../doors/b.ts";',
      /may not import hub\/doors\//,
    ],
    [
      "an agent that imports the hub",
      "pi-agent/a.ts",
      'import { b } from "../hub/base/b.ts";',
      /may not import hub\/base\//,
    ],
    [
      "an agent that imports a library of the hub",
      "pi-agent/a.ts",
      'import express from "express";',
      /does without it/,
    ],
    ["a page that runs code of the protocol", "web/ui/a.tsx", 'import { b } from "#protocol/b.ts";', /types only/],
    ["a page with a validator", "web/ui/a.tsx", 'import { type B } from "#protocol/b.ts";', /types only/],
    ["a model that imports the page", "web/model/a.ts", 'import { b } from "../ui/b.tsx";', /may not import web\/ui\//],
    [
      "an ESP32 that runs code of the protocol",
      "esp32/espruino/a.ts",
      'import { b } from "#protocol/b.ts";',
      /types only/,
    ],
    [
      "an ESP32 that imports the ground floor",
      "esp32/espruino/a.ts",
      'import type { B } from "#base/b.ts";',
      /may not import base\//,
    ],
    ["a simulator that imports the hub", "simulate/a.ts", 'import { b } from "../hub/hub.ts";', /may not import hub\//],
    [
      "a command that imports the protocol",
      "cli/a.ts",
      'import { b } from "#protocol/b.ts";',
      /may not import protocol\//,
    ],
    ["a built file", "pi-agent/a.ts", 'import { b } from "../dist/types/hub/hub.js";', /built files/],
    ["a built file in a test", "test/a.test.ts", 'import { b } from "../dist/bundles/hub.js";', /built files/],
    [
      "a source that imports a test",
      "hub/hub.ts",
      'import { b } from "../test/support/b.ts";',
      /test\/ is imported by nothing/,
    ],
    [
      "a bench that imports a test",
      "bench/a.ts",
      'import { b } from "../test/support/b.ts";',
      /test\/ is imported by nothing/,
    ],
    [
      "an import upward in its own folder",
      "pi-agent/drivers/a.ts",
      'import { b } from "../agent.ts";',
      /upward in its own folder/,
    ],
    ["a folder without a floor", "hub/misc/a.ts", "", /stands on no floor/],
    [
      "an import of a folder without a floor",
      "hub/hub.ts",
      'import { b } from "./misc/b.ts";',
      /which stands on no floor/,
    ],
    ["a file over 400 lines", "hub/hub.ts", "\n".repeat(401), /401 lines/],
  ])("%s", (_, path, source, fault) => {
    const found = faults({ [path]: source });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(fault);
  });

  it("a cycle of types alone", () => {
    expect(
      faults({ "base/a.ts": 'import type { B } from "./b.ts";', "base/b.ts": 'import type { A } from "./a.ts";' }),
    ).toEqual(["a cycle: base/a.ts → base/b.ts → base/a.ts"]);
  });

  it("a cycle over an alias and over several files", () => {
    const tree = {
      "base/a.ts": 'import "./b.ts";',
      "base/b.ts": 'import "./c.ts";',
      "base/c.ts": 'export const a = () => import("#base/a.ts");',
    };
    expect(faults(tree)).toEqual(["a cycle: base/a.ts → base/b.ts → base/c.ts → base/a.ts"]);
  });

  it("a file that imports itself", () => {
    expect(faults({ "base/a.ts": 'export * from "./a.ts";' })).toEqual(["a cycle: base/a.ts → base/a.ts"]);
  });
});
