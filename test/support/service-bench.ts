/** A small program to install, a system in a folder, and a machine whose commands are only noted. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";
import { type OptionTable, option } from "#base/options.ts";
import { runProgram } from "#base/program.ts";
import type { Run } from "#base/service/apply.ts";
import { serviceCommands } from "#base/service/commands.ts";
import type { Machine } from "#base/service/machine.ts";
import type { Product } from "#base/service/product.ts";

export const UNIT = "[Service]\nExecStart=/usr/bin/node /usr/lib/pharos-agent/bin/pharos.js agent\n";

export const OPTIONS = {
  hub: option({
    schema: z.string().startsWith("http", "must be an address"),
    default: "http://h",
    value: "URL",
    help: "the hub",
  }),
  level: option({ schema: z.coerce.number(), default: 1, value: "N", help: "a number" }),
  token: option({ schema: z.string().min(1).nullable(), default: null, value: "T", help: "a secret" }),
  dataDir: option({ schema: z.string(), default: "data", value: "DIR", help: "" }),
  config: option({ schema: z.string().nullable(), default: null, value: "FILE", help: "" }),
} satisfies OptionTable;

/** @param parts of it that differ */
export function product(parts: Partial<Product<typeof OPTIONS>> = {}): Product {
  return {
    word: "agent",
    oldestNode: "18.13.0",
    nodeRemedy: "Get another.",
    options: OPTIONS,
    secret: "token",
    files: ["pharos", "bin", "unit.service"],
    unit: "unit.service",
    keeps: ["node_modules"],
    access: { group: "gpio", rules: "OURS\n", isGivenBy: (rules) => rules.includes("THEIRS") },
    dropIns: () => ({}),
    describe: (options) => [["hub", String(options.hub)]],
    ...parts,
  } as Product;
}

/** Fills a folder with the program. */
export function writeProgram(folder: string, version: string): string {
  put(join(folder, "pharos"), "#!/bin/sh\n", 0o755);
  put(join(folder, "bin/pharos.js"), `// ${version}\n`);
  put(join(folder, "unit.service"), UNIT);
  put(join(folder, "package.json"), JSON.stringify({ version, license: "MIT" }));
  return folder;
}

export function put(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
}

/** Every file, folder and link below `folder`, with mode and contents: what must be alike to be unchanged. */
export function tree(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .sort()
    .map((path) => {
      const full = join(folder, path);
      const stat = lstatSync(full);
      if (stat.isSymbolicLink()) return `${path} -> ${readlinkSync(full)}`;
      const what = stat.isDirectory() ? "folder" : readFileSync(full, "utf8");
      return `${path} ${(stat.mode & 0o7777).toString(8)} ${what}`;
    });
}

export interface Bench {
  /** What was said. */
  out: string;
  /** The commands that were run, as lines. */
  readonly ran: string[];
  readonly machine: Machine;
  /** Runs `pharos agent WORD …`. @returns its exit code */
  run(word: string, ...args: string[]): Promise<number>;
}

/** @param answer of commands; what it does not answer succeeds silently */
export function bench(
  source: string,
  answer: (command: string) => ReturnType<Run> | null = () => null,
  parts: Partial<Machine> = {},
  of = product(),
): Bench {
  const ran: string[] = [];
  const self: Bench = {
    out: "",
    ran,
    machine: {
      source,
      isRoot: true,
      hasSystemd: true,
      nodePath: "/usr/bin/node",
      env: {},
      run(command) {
        const line = command.join(" ");
        ran.push(line);
        return answer(line) ?? { code: 0, output: line.endsWith("--version") ? "v20.0.0\n" : "" };
      },
      readInput: () => "from input\n",
      write: (text) => {
        self.out += text;
      },
      ...parts,
    },
    run(word, ...args) {
      const program = serviceCommands(of, self.machine)[word];
      if (program === undefined) throw new Error(word);
      return runProgram(program, args);
    },
  };
  return self;
}

/** A system as small as can be. */
export function writeSystem(folder: string): string {
  put(join(folder, "etc/group"), "root:x:0:\n");
  for (const path of ["usr/lib", "etc/systemd/system", "etc/udev/rules.d", "var/lib/private", "usr/local/bin"]) {
    if (!existsSync(join(folder, path))) mkdirSync(join(folder, path), { recursive: true });
  }
  return folder;
}
