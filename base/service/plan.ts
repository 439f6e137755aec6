/** What an installation, an upgrade and a removal consist of: pure, from what was surveyed to a list of steps. Called by the commands. */
import { basename } from "node:path";
import { SYSTEM_NODE } from "./machine.ts";
import { OWN_DROP_INS, type Product, placesOf } from "./product.ts";
import type { Settings } from "./settings.ts";
import type { Step } from "./step.ts";
import type { Facts } from "./survey.ts";

export interface Where {
  /** `/`, or the folder that holds another system. */
  readonly root: string;
  /** The Node.js of that system that is to run the service. */
  readonly nodePath: string;
}

/** The program with its unit, its options and what it needs of the system; enabled, not started. */
export function planInstall(product: Product, facts: Facts, settings: Settings, where: Where): readonly Step[] {
  const places = placesOf(product);
  return [
    ...planProgram(product, facts),
    ...planAccess(product, facts, where.root),
    { kind: "folder", path: places.configFolder, mode: 0o755 },
    { kind: "write", path: places.config, text: settings.text, mode: 0o644 },
    ...planSecret(product, facts, settings),
    ...planDropIns(product, facts, settings, where),
    { kind: "link", path: places.wants, to: ownsUnit(facts) ? places.unit : places.packagedUnit },
  ];
}

/** The program of this version in the place of the installed one, and what goes with it; options stay. */
export function planUpgrade(product: Product, facts: Facts, settings: Settings, where: Where): readonly Step[] {
  return [
    ...planProgram(product, facts),
    ...planAccess(product, facts, where.root),
    ...planDropIns(product, facts, settings, where),
  ];
}

/** As a package of the system brings it: the program, its unit and the launcher; neither options nor enabled. */
export function planPackage(product: Product, facts: Facts): readonly Step[] {
  const places = placesOf(product);
  return [
    ...planCopies(product, facts),
    { kind: "copy", path: places.packagedUnit, from: `${facts.source}/${product.unit}`, mode: 0o644 },
    { kind: "link", path: places.packagedLauncher, to: `../lib/${places.service}/pharos` },
  ];
}

/** Everything that an installation may have left, whatever its version; with `keepData` all but options and state. */
export function planUninstall(product: Product, facts: Facts, root: string, keepData: boolean): readonly Step[] {
  const places = placesOf(product);
  const kept = keepData ? [] : [places.config, places.secret, ...places.state];
  const parts = [places.wants, places.dropIns, places.unit, places.rules, places.program, ...kept];
  return [
    ...parts.map((path): Step => ({ kind: "remove", path })),
    ...(facts.ownsGroup ? planNoGroup(product, root) : []),
    ...planNoLauncher(product, facts),
    ...[places.configFolder, "/etc/sysusers.d", "/etc/systemd/system/multi-user.target.wants"].map(
      (path): Step => ({ kind: "remove-empty", path }),
    ),
  ];
}

/** The unit of a package is the package's; else it is ours to write. */
function ownsUnit({ isInPlace, isPackaged }: Facts): boolean {
  return !(isInPlace && isPackaged);
}

function planProgram(product: Product, facts: Facts): readonly Step[] {
  const places = placesOf(product);
  const unit: readonly Step[] = ownsUnit(facts)
    ? [{ kind: "copy", path: places.unit, from: `${facts.source}/${product.unit}`, mode: 0o644 }]
    : [];
  if (facts.isInPlace) return unit;
  const stale = facts.stale.map((path): Step => ({ kind: "remove", path: `${places.program}/${path}` }));
  return [...planCopies(product, facts), ...stale, ...planLauncher(product, facts), ...unit];
}

function planCopies(product: Product, { source, version, license, files }: Facts): readonly Step[] {
  const { program, service } = placesOf(product);
  const about = { name: service, version, private: true, license, type: "module" };
  const copies = files.map(
    ({ path, mode }): Step => ({ kind: "copy", path: `${program}/${path}`, from: `${source}/${path}`, mode }),
  );
  return [
    { kind: "folder", path: program, mode: 0o755 },
    ...copies,
    { kind: "write", path: `${program}/package.json`, text: `${JSON.stringify(about, null, 2)}\n`, mode: 0o644 },
  ];
}

/** `pharos` for everybody's shell, unless there is one: either of our programs finds the other. */
function planLauncher(product: Product, facts: Facts): readonly Step[] {
  const { launcher, program } = placesOf(product);
  const isFree = facts.launcher === null && !facts.hasPackagedLauncher;
  return isFree ? [{ kind: "link", path: launcher, to: `${program}/pharos` }] : [];
}

function planNoLauncher(product: Product, { launcher, otherLauncher }: Facts): readonly Step[] {
  const places = placesOf(product);
  if (launcher !== `${places.program}/pharos`) return [];
  if (otherLauncher === null) return [{ kind: "remove", path: places.launcher }];
  return [{ kind: "link", path: places.launcher, to: otherLauncher }];
}

function planAccess(product: Product, facts: Facts, root: string): readonly Step[] {
  if (product.access === null) return [];
  const { sysusers, rules } = placesOf(product);
  const declaration = `# Made by \`pharos ${product.word} install\`, and taken away by \`pharos ${product.word} uninstall\`.\ng ${product.access.group} - -\n`;
  const command = ["systemd-sysusers", ...(root === "/" ? [] : [`--root=${root}`]), basename(sysusers)];
  return [
    ...(facts.hasGroup && !facts.ownsGroup
      ? []
      : [{ kind: "write", path: sysusers, text: declaration, mode: 0o644 } satisfies Step]),
    ...(facts.hasGroup ? [] : [{ kind: "run", command } satisfies Step]),
    ...(facts.hasRules ? [] : [{ kind: "write", path: rules, text: product.access.rules, mode: 0o644 } satisfies Step]),
  ];
}

function planNoGroup(product: Product, root: string): readonly Step[] {
  const remove: Step = { kind: "remove", path: placesOf(product).sysusers };
  if (product.access === null) return [remove];
  const place = root === "/" ? [] : ["--prefix", root];
  // It may be gone already, or have become somebody's own.
  return [{ kind: "run", command: ["groupdel", ...place, product.access.group], mayFail: true }, remove];
}

/** The file is always there, since systemd refuses to start a service whose credential is missing; empty is none. */
function planSecret(product: Product, facts: Facts, { secret }: Settings): readonly Step[] {
  if (product.secret === null || (secret === null && facts.hasSecret)) return [];
  const text = secret === null || secret === "" ? "" : `${secret}\n`;
  return [{ kind: "write", path: placesOf(product).secret, text, mode: 0o600, secret: true }];
}

function planDropIns(product: Product, facts: Facts, settings: Settings, where: Where): readonly Step[] {
  const { dropIns } = placesOf(product);
  const texts: { readonly [name: string]: string } = {
    ...product.dropIns(settings.values),
    ...(where.nodePath === SYSTEM_NODE ? {} : { [OWN_DROP_INS[0]]: nodeDropIn(facts.unitText, where.nodePath) }),
  };
  const unwanted = facts.dropIns.filter((name) => !Object.hasOwn(texts, name));
  return [
    ...Object.entries(texts).map(
      ([name, text]): Step => ({ kind: "write", path: `${dropIns}/${name}`, text, mode: 0o644 }),
    ),
    ...unwanted.map((name): Step => ({ kind: "remove", path: `${dropIns}/${name}` })),
    ...(unwanted.length > 0 ? [{ kind: "remove-empty", path: dropIns } satisfies Step] : []),
  ];
}

/** The unit's own command with another Node.js. */
function nodeDropIn(unitText: string, nodePath: string): string {
  const command = /^ExecStart=(.*)$/m.exec(unitText)?.[1] ?? "";
  return [
    "# Written by the installer, which was run by a Node.js elsewhere than the unit expects it.",
    "[Service]",
    "ExecStart=",
    `ExecStart=${command.replace(SYSTEM_NODE, nodePath)}`,
    "",
  ].join("\n");
}
