/** The commands that make a program a service: `install`, `upgrade`, `uninstall`, `status`. Called by the main.ts of hub and agent. */
import * as z from "zod";
import { flag } from "../option-schemas.ts";
import { type OptionTable, option, type RawOptions, rawConfig, rawFlags, UsageError } from "../options.ts";
import { type Commands, type Program, StartError } from "../program.ts";
import { install, layOutPackage, upgrade } from "./install.ts";
import { createJob, type Job } from "./job.ts";
import type { Machine } from "./machine.ts";
import type { Product } from "./product.ts";
import { status } from "./status.ts";
import { uninstall } from "./uninstall.ts";

const text = z.string().min(1).nullable();
const ROOT = {
  root: option({
    schema: text,
    default: null,
    value: "DIR",
    help: "work on the system in this folder, and start nothing",
  }),
};
const DRY_RUN = { dryRun: option({ schema: flag, default: false, help: "only print what would be done" }) };
const NODE = {
  node: option({
    schema: text,
    default: null,
    value: "PATH",
    help: "Node.js for the service, if not the one that runs this",
  }),
};
const INSTALL_WORDS = {
  ...ROOT,
  ...DRY_RUN,
  ...NODE,
  reset: option({ schema: flag, default: false, help: "forget the options of an earlier installation" }),
  forPackage: option({ schema: flag, default: false, help: "with --root, lay out what a Debian package holds" }),
};
const TOKEN_FILE = {
  tokenFile: option({
    schema: text,
    default: null,
    value: "FILE",
    help: "file with the token, `-` for standard input",
  }),
};

/** The commands of a product, by word. */
export function serviceCommands(product: Product, machine: Machine): Commands {
  return Object.fromEntries(
    Object.entries(unguarded(product, machine)).map(([word, program]) => [
      word,
      { ...program, run: guard(program.run) },
    ]),
  );
}

/** What this user may not read is a fault he can mend. */
function guard(run: Program<OptionTable>["run"]): Program<OptionTable>["run"] {
  return async (...args) => {
    try {
      return await run(...args);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === "EACCES" || code === "EPERM") throw new StartError(`${message}: put sudo before the command.`);
      throw error;
    }
  };
}

function unguarded(product: Product, machine: Machine): Commands {
  const { word } = product;
  const usage = (command: string): string => `pharos ${word} ${command} [options]`;
  const job = (command: string, values: Values): Job =>
    createJob(product, machine, (values.root as string | null) ?? null, values.dryRun === true, command);
  return {
    install: installProgram(product, job),
    upgrade: {
      usage: usage("upgrade"),
      summary: "Puts this version in the place of the installed one; its options and what it kept stay.",
      options: { ...ROOT, ...DRY_RUN, ...NODE },
      run: async (values) => upgrade(job("upgrade", values), values.node as string | null),
    },
    uninstall: {
      usage: usage("uninstall"),
      summary: "Removes the service, its options and all that it kept.",
      options: {
        ...ROOT,
        ...DRY_RUN,
        keepData: option({ schema: flag, default: false, help: "leave options and state" }),
      },
      run: async (values) => uninstall(job("uninstall", values), values.keepData === true),
    },
    status: {
      usage: usage("status"),
      summary: "Says whether the service runs and what it does; ends with 0 if so, 3 if not, 4 if it is not installed.",
      options: ROOT,
      // Reading needs no root.
      run: async (values) => status(job("status", { ...values, dryRun: true })),
    },
  };
}

type Values = { readonly [key: string]: unknown };

function installProgram(product: Product, job: (command: string, values: Values) => Job): Program<OptionTable> {
  const words: OptionTable = product.secret === null ? INSTALL_WORDS : { ...INSTALL_WORDS, ...TOKEN_FILE };
  const options: OptionTable = { ...product.options, ...words };
  return {
    usage: `pharos ${product.word} install [options]`,
    summary:
      "Makes it a service that starts with this computer; run again, it changes the options that are given.\nAll options of the program are options here, and are kept for the service.",
    options,
    run: async (values, _, args) => {
      if (values.forPackage === true && values.root === null) throw new UsageError("--for-package: needs --root DIR");
      const place = job("install", values);
      if (values.forPackage === true) return layOutPackage(place);
      const flags = Object.entries(rawFlags(options, args)).filter(
        ([key]) => !Object.hasOwn(words, key) && key !== "config",
      );
      return install(place, {
        layers: [...configLayer(rawFlags(options, args)), Object.fromEntries(flags)],
        tokenFile: (values.tokenFile as string | null | undefined) ?? null,
        node: values.node as string | null,
        reset: values.reset === true,
      });
    },
  };
}

/** The file that `--config` names: its options are given as by flags, but weaker. */
function configLayer({ config }: RawOptions): readonly RawOptions[] {
  return typeof config === "string" && config !== "" ? [rawConfig(config)] : [];
}
