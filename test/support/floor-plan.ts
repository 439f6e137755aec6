/** The floor plan of docs/architecture.md as rules over paths and sources. Called by test/floor-plan.test.ts; pure. */
import { posix } from "node:path";
import { findImports, type Import } from "./syntax.ts";

export interface Floor {
  /** A folder with its slash, or one file; the longest that fits a file is its floor. */
  readonly path: string;
  /** Floors whose files it may import, beside its own. */
  readonly may: readonly string[];
  /** Floors of which it may import types, nothing that runs. */
  readonly mayTypes?: readonly string[];
  /** Libraries it may import, where that is held small; `node:` stands for all of Node. */
  readonly packages?: readonly string[];
  /** Only files that lie in the folder itself: a new folder in it needs a floor of its own. */
  readonly flat?: boolean;
  /** Imported by nothing but tests. */
  readonly top?: boolean;
}

const GROUND = ["protocol/", "base/"];
const AGENT_PACKAGES = ["socket.io-client", "zod", "pigpio", "node:"];

export const FLOORS: readonly Floor[] = [
  { path: "protocol/", may: [], packages: ["zod"] },
  { path: "base/", may: [], packages: ["zod", "node:"] },
  { path: "base/service/", may: ["base/"], packages: ["zod", "node:"] },
  { path: "hub/base/", may: GROUND },
  { path: "hub/devices/", may: [...GROUND, "hub/base/"] },
  { path: "hub/devices/sqlite/", may: [...GROUND, "hub/base/", "hub/devices/"], packages: ["better-sqlite3", "node:"] },
  { path: "hub/access/sqlite/", may: [...GROUND, "hub/base/", "hub/access/"], packages: ["better-sqlite3", "node:"] },
  { path: "hub/history/", may: [...GROUND, "hub/base/"], packages: [] },
  { path: "hub/history/sqlite/", may: [...GROUND, "hub/base/", "hub/history/"], packages: ["better-sqlite3", "node:"] },
  { path: "hub/access/", may: [...GROUND, "hub/base/"], packages: ["node:"] },
  { path: "hub/flow/", may: [...GROUND, "hub/base/", "hub/access/", "hub/devices/", "hub/history/"] },
  { path: "hub/doors/", may: [...GROUND, "hub/base/", "hub/access/", "hub/devices/", "hub/flow/"] },
  {
    path: "hub/outputs/",
    may: [...GROUND, "hub/base/", "hub/access/", "hub/devices/", "hub/history/", "hub/flow/"],
    mayTypes: ["hub/backup/"],
  },
  {
    path: "hub/backup/",
    may: [...GROUND, "hub/base/"],
    packages: ["better-sqlite3", "zod", "node:"],
  },
  {
    path: "hub/people/",
    may: [...GROUND, "hub/base/", "hub/access/", "hub/access/sqlite/"],
    packages: ["zod", "node:"],
  },
  { path: "hub/service/", may: [...GROUND, "base/service/", "hub/base/"], packages: ["node:"] },
  {
    path: "hub/",
    may: [
      ...GROUND,
      ...[
        "hub/base/",
        "hub/access/",
        "hub/devices/",
        "hub/history/",
        "hub/flow/",
        "hub/doors/",
        "hub/backup/",
        "hub/outputs/",
        "hub/people/",
        "hub/service/",
      ],
    ],
    flat: true,
  },
  { path: "pi-agent/", may: GROUND, packages: AGENT_PACKAGES },
  { path: "pi-agent/service/", may: [...GROUND, "base/service/", "pi-agent/"], packages: AGENT_PACKAGES },
  { path: "pi-agent/doctor/", may: [...GROUND, "pi-agent/", "pi-agent/service/"], packages: AGENT_PACKAGES },
  {
    path: "pi-agent/main.ts",
    may: [...GROUND, "pi-agent/", "pi-agent/service/", "pi-agent/doctor/"],
    packages: AGENT_PACKAGES,
  },
  { path: "web/words.ts", may: [], mayTypes: ["protocol/"], packages: [] },
  { path: "web/public/", may: [], packages: [] },
  { path: "web/model/", may: ["web/words.ts"], mayTypes: ["protocol/"] },
  { path: "web/ui/", may: ["web/words.ts", "web/model/"], mayTypes: ["protocol/"] },
  { path: "web/programs/", may: [], packages: [] },
  { path: "web/adding/", may: ["web/words.ts", "web/model/", "web/ui/"], mayTypes: ["protocol/"] },
  { path: "web/data/", may: ["web/words.ts", "web/model/", "web/ui/"], mayTypes: ["protocol/"] },
  { path: "web/terminal/", may: ["web/words.ts", "web/model/", "web/ui/"], mayTypes: ["protocol/"] },
  {
    path: "web/",
    may: ["web/words.ts", "web/model/", "web/ui/", "web/adding/", "web/data/", "web/terminal/"],
    mayTypes: ["protocol/"],
    flat: true,
  },
  { path: "esp32/espruino/build/", may: [], packages: ["esbuild", "@swc/core", "node:"] },
  { path: "esp32/", may: [], mayTypes: ["protocol/"], packages: [] },
  { path: "simulate/", may: [...GROUND, "pi-agent/"] },
  { path: "cli/", may: ["base/"], packages: ["uqr", "zod", "node:"] },
  { path: "bin/", may: [], packages: ["node:"] },
  { path: "scripts/", may: ["bin/", "esp32/espruino/build/"], top: true },
  { path: "bench/", may: ["protocol/", "base/", "hub/", "pi-agent/", "simulate/"], top: true },
  { path: "test/", may: ["*"], top: true },
];

/** Longer files are more than one noun. */
const MAX_LINES = 400;

export type Sources = ReadonlyMap<string, string>;

interface Edge {
  readonly from: string;
  /** Path of the imported file; null for a library. */
  readonly to: string | null;
  readonly imported: Import;
}

/**
 * Everything in a tree that goes against the plan.
 * @param sources path from the root, with `/`, → text
 * @returns a sentence for each fault; empty for a tidy house
 */
export function findFaults(sources: Sources, floors: readonly Floor[] = FLOORS): readonly string[] {
  const edges = [...sources].flatMap(([path, source]) => edgesOf(path, source));
  return [
    ...[...sources].flatMap(([path, source]) => findTooLong(path, source)),
    ...[...sources.keys()]
      .filter((path) => floorOf(path, floors) === undefined)
      .map((path) => `${path} stands on no floor`),
    ...edges.flatMap((edge) => findWrongImport(edge, floors)),
    ...findCycles(edges),
  ];
}

function edgesOf(from: string, source: string): readonly Edge[] {
  return findImports(from, source).map((imported) => ({ from, to: resolveImport(from, imported.specifier), imported }));
}

/** Path of the file that a specifier means, from the root; null for a library. `#base/x.ts` is `base/x.ts`. */
function resolveImport(from: string, specifier: string): string | null {
  if (specifier.startsWith("#")) return specifier.slice(1);
  if (!specifier.startsWith(".")) return null;
  return posix.join(posix.dirname(from), specifier.replace(/\?.*$/, ""));
}

export function floorOf(path: string, floors: readonly Floor[] = FLOORS): Floor | undefined {
  const fitting = floors.filter(
    (floor) => path === floor.path || (floor.path.endsWith("/") && path.startsWith(floor.path)),
  );
  const [floor] = fitting.sort((a, b) => b.path.length - a.path.length);
  return floor?.flat === true && path.slice(floor.path.length).includes("/") ? undefined : floor;
}

function findTooLong(path: string, source: string): readonly string[] {
  const lines = source.replace(/\n$/, "").split("\n").length;
  return lines > MAX_LINES ? [`${path} has ${lines} lines; ${MAX_LINES} is the most`] : [];
}

function findWrongImport({ from, to, imported }: Edge, floors: readonly Floor[]): readonly string[] {
  const floor = floorOf(from, floors);
  if (floor === undefined) return [];
  if (to === null) return findWrongPackage(from, floor, imported);
  if (to.startsWith("dist/")) return [`${from} imports ${to}: built files are imported by nothing`];
  const target = floorOf(to, floors);
  if (target === undefined)
    return /\.(json|css|svg|html)$/.test(to) ? [] : [`${from} imports ${to}, which stands on no floor`];
  if (target === floor) return floor.top ? [] : findUpwardInside(from, to);
  if (floor.may.includes("*")) return [];
  if (target.top) return [`${from} imports ${to}: ${target.path} is imported by nothing`];
  if (floor.may.some((path) => target.path.startsWith(path))) return [];
  if (floor.mayTypes?.includes(target.path)) {
    return imported.typeOnly ? [] : [`${from} imports ${to}: of ${target.path} it may import types only`];
  }
  return [`${from} imports ${to}: ${floor.path} may not import ${target.path}`];
}

function findWrongPackage(from: string, floor: Floor, { specifier }: Import): readonly string[] {
  const allowed = floor.packages?.some((name) =>
    name === "node:" ? specifier.startsWith(name) : specifier === name || specifier.startsWith(`${name}/`),
  );
  return allowed === false ? [`${from} imports ${specifier}: ${floor.path} does without it`] : [];
}

/** In one floor a folder lies below the folder that holds it: `drivers/x.ts` does not import `../agent.ts`. */
function findUpwardInside(from: string, to: string): readonly string[] {
  const [fromFolder, toFolder] = [posix.dirname(from), posix.dirname(to)];
  const upward = fromFolder !== toFolder && fromFolder.startsWith(`${toFolder}/`);
  return upward ? [`${from} imports ${to}: upward in its own folder`] : [];
}

/** One fault for each cycle that a walk through all files meets, types included. */
function findCycles(edges: readonly Edge[]): readonly string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) if (to !== null) next.set(from, [...(next.get(from) ?? []), to]);
  const faults: string[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  function visit(path: string): void {
    const start = trail.indexOf(path);
    if (start >= 0) faults.push(`a cycle: ${[...trail.slice(start), path].join(" → ")}`);
    if (start >= 0 || done.has(path)) return;
    trail.push(path);
    for (const to of next.get(path) ?? []) visit(to);
    trail.pop();
    done.add(path);
  }
  for (const path of next.keys()) visit(path);
  return faults;
}
