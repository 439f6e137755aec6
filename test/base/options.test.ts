/** Options of a program (protocol 1.4, 1.5). */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import {
  describeOptions,
  type OptionTable,
  option,
  readOptions,
  toBoolean,
  toNumber,
  UsageError,
} from "#base/options.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();

const TABLE = {
  port: option({
    schema: z.preprocess(toNumber, z.number({ error: "must be a number" }).int().max(65_535, "must be at most 65535")),
    default: 5000,
    value: "PORT",
    env: ["BIND_PORT", "OLD_PORT"],
    help: "port to listen on",
  }),
  open: option({
    schema: z.enum(["loopback", "lan"], { error: "must be loopback or lan" }),
    default: "loopback",
    value: "lan",
    bare: "loopback",
    help: "who may come in",
  }),
  limits: option({ schema: z.preprocess(toBoolean, z.boolean()), default: true, help: "rate limits" }),
  noise: option({ schema: z.preprocess(toBoolean, z.boolean()), default: false, help: "says more" }),
  allowOrigin: option({ schema: z.array(z.string()), default: [], value: "ORIGIN", many: true, help: "origins" }),
  dataDir: option({ schema: z.string().min(1), default: "data", value: "DIR", help: "folder" }),
  config: option({ schema: z.string(), default: "", value: "FILE", help: "file" }),
} as const satisfies OptionTable;

const DEFAULTS = {
  port: 5000,
  open: "loopback",
  limits: true,
  noise: false,
  allowOrigin: [],
  dataDir: "data",
  config: "",
};

function read(args: readonly string[], env: { [name: string]: string } = {}) {
  return readOptions(TABLE, args, env);
}

function faults(args: readonly string[], env: { [name: string]: string } = {}): string[] {
  try {
    read(args, env);
  } catch (error) {
    if (error instanceof UsageError) return error.message.split("\n");
    throw error;
  }
  return [];
}

function configFile(content: unknown): string {
  const path = join(newFolder(), "pharos.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

describe("the value of an option", () => {
  it("is its default when it is not given", () => {
    expect(read([])).toEqual(DEFAULTS);
  });

  it("cannot be changed afterwards", () => {
    expect(Object.isFrozen(read([]))).toBe(true);
  });

  it("comes from the flag before the environment, and from that before the file", () => {
    const file = configFile({ port: 3, dataDir: "file", noise: true });
    const env = { PHAROS_PORT: "2", PHAROS_DATA_DIR: "env" };
    expect(read(["--port", "1", "--config", file], env)).toMatchObject({ port: 1, dataDir: "env", noise: true });
  });

  it("comes from a file that the environment names", () => {
    expect(read([], { PHAROS_CONFIG: configFile({ port: 3 }) }).port).toBe(3);
  });

  it.each([
    ["PHAROS_PORT", { PHAROS_PORT: "1", BIND_PORT: "2", OLD_PORT: "3" }, 1],
    ["the first alias", { BIND_PORT: "2", OLD_PORT: "3" }, 2],
    ["the second alias", { OLD_PORT: "3" }, 3],
    ["an alias, when the first is empty", { PHAROS_PORT: "", BIND_PORT: "2" }, 2],
    ["the default, when all are empty", { PHAROS_PORT: "", BIND_PORT: "" }, 5000],
  ])("comes from %s", (_, env, port) => {
    expect(read([], env as { [name: string]: string }).port).toBe(port);
  });

  it("may stand behind a space or an equals sign", () => {
    expect(read(["--port=7", "--data-dir", "x y"])).toMatchObject({ port: 7, dataDir: "x y" });
  });

  it("is the last one when it is given twice", () => {
    expect(read(["--port", "1", "--port", "2"]).port).toBe(2);
  });
});

describe("an option that may be bare", () => {
  it.each<[string[], string]>([
    [["--open"], "loopback"],
    [["--open", "lan"], "lan"],
    [["--open=lan"], "lan"],
    [["--open", "--port", "1"], "loopback"],
    [["--port", "1", "--open"], "loopback"],
    [["--open", "lan", "--port", "1"], "lan"],
  ])("%j means %s", (args, open) => {
    expect(read(args).open).toBe(open);
  });

  it("is faulty with another word", () => {
    expect(faults(["--open", "all"])).toEqual(['--open: must be loopback or lan (given: "all")']);
  });
});

describe("a switch", () => {
  it.each<[string[], boolean]>([
    [["--limits"], true],
    [["--no-limits"], false],
    [["--limits=false"], false],
    [["--limits=on"], true],
    [["--no-limits", "--limits"], true],
  ])("%j means %s", (args, limits) => {
    expect(read(args).limits).toBe(limits);
  });

  it.each([
    ["1", true],
    ["YES", true],
    ["off", false],
    ["0", false],
  ])("%j in the environment means %s", (raw, limits) => {
    expect(read([], { PHAROS_LIMITS: raw }).limits).toBe(limits);
  });

  it("may be one whose own name begins with `no`", () => {
    expect(read(["--noise"]).noise).toBe(true);
    expect(read(["--no-noise"], { PHAROS_NOISE: "1" }).noise).toBe(false);
  });

  it("takes no value together with `no`", () => {
    expect(faults(["--no-limits=true"])).toEqual(["--no-limits: takes no value"]);
  });

  it("is the only kind that has a `no`", () => {
    expect(faults(["--no-port"])).toEqual(["--no-port: there is no such option"]);
    expect(faults(["--no-open"])).toEqual(["--no-open: there is no such option"]);
  });
});

describe("an option that may be repeated", () => {
  it.each<[string, string[], { [name: string]: string }]>([
    ["flags", ["--allow-origin", "a", "--allow-origin=b"], {}],
    ["a list with commas in the environment", [], { PHAROS_ALLOW_ORIGIN: "a,b" }],
  ])("gathers %s", (_, args, env) => {
    expect(read(args, env).allowOrigin).toEqual(["a", "b"]);
  });

  it("gathers a list in the file", () => {
    expect(read(["--config", configFile({ allowOrigin: ["a", "b"] })]).allowOrigin).toEqual(["a", "b"]);
  });

  it("is a list also when it is given once", () => {
    expect(read(["--allow-origin", "a"]).allowOrigin).toEqual(["a"]);
  });
});

describe("faults", () => {
  it("are all reported at once, each by the name that the user gave", () => {
    const file = configFile({ dataDir: 5, colour: "red" });
    expect(faults(["--port", "x", "--what", "word", "--config", file], { PHAROS_LIMITS: "maybe" })).toEqual([
      "--what: there is no such option",
      "word: unexpected word",
      expect.stringMatching(/^--port: must be a number \(given: "x"\)$/),
      expect.stringMatching(/^PHAROS_LIMITS: .*\(given: "maybe"\)$/),
      expect.stringMatching(/^dataDir in .*pharos\.json: .*\(given: 5\)$/),
      expect.stringMatching(/^colour in .*pharos\.json: there is no such option$/),
    ]);
  });

  it("name the alias when that was given", () => {
    expect(faults([], { BIND_PORT: "70000" })).toEqual(['BIND_PORT: must be at most 65535 (given: "70000")']);
  });

  it.each([
    ["--what", "--what: there is no such option"],
    ["-p", "-p: there is no such option"],
    ["--constructor", "--constructor: there is no such option"],
    ["--to-string", "--to-string: there is no such option"],
    ["--__proto__", "--__proto__: there is no such option"],
    ["--no-value-of", "--no-value-of: there is no such option"],
    ["--port", "--port: needs a value (PORT)"],
    ["stray", "stray: unexpected word"],
    ["--data-dir=", '--data-dir: Too small: expected string to have >=1 characters (given: "")'],
  ])("of %s are said", (word, fault) => {
    expect(faults([word])).toEqual([fault]);
  });

  it.each([
    ["that is not there", "/nowhere/pharos.json", /^--config: cannot read \/nowhere\/pharos\.json: .*no such file/],
    ["that is no JSON", configText("{port:"), /^--config: cannot read .*pharos\.json: .*JSON/],
    ["that holds a list", configText("[1]"), /^--config: cannot read .*: it must hold one JSON object/],
    ["that holds null", configText("null"), /^--config: cannot read .*: it must hold one JSON object/],
    ["that holds text", configText('"port"'), /^--config: cannot read .*: it must hold one JSON object/],
  ])("name a file %s", (_, path, fault) => {
    expect(faults(["--config", path])).toEqual([expect.stringMatching(fault)]);
  });

  it("name a key of the file that JavaScript keeps", () => {
    const path = configFile('{"constructor":1,"__proto__":{"port":1},"toString":2}');
    expect(faults(["--config", path])).toHaveLength(3);
  });
});

function configText(text: string): string {
  return configFile(text);
}

describe("the help", () => {
  it("has a line for each option, with what it takes and its default", () => {
    expect(describeOptions(TABLE).split("\n")).toEqual([
      "  --port PORT            port to listen on (default 5000)",
      "  --open [lan]           who may come in (default loopback)",
      "  --limits               rate limits (default true)",
      "  --noise                says more",
      "  --allow-origin ORIGIN  origins",
      "  --data-dir DIR         folder (default data)",
      "  --config FILE          file",
    ]);
  });
});
