import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { fileNameOf, KINDS, templateOf } from "../../web/model/kinds.ts";
import { type Blanks, fill, pathOf, placeOf, shellWord } from "../../web/model/template.ts";
import { PYTHON } from "../clients/kits.ts";
import { ROOT } from "../support/sources.ts";

const FOLDER = join(ROOT, "web/programs");
const PROGRAMS = readdirSync(FOLDER);
const BLANKS: Blanks = {
  id: "lamp-1",
  address: "http://192.168.1.5:5000",
  tcpPort: 5001,
  ssid: "Lab",
  password: "secret",
  token: null,
};

describe("programs of the page", () => {
  it("are those that a kind names, each once", () => {
    const named = KINDS.map(templateOf).filter((name) => name !== null);
    expect([...named].sort()).toEqual(PROGRAMS);
  });

  it.each(PROGRAMS)("%s has no blank left, with a token and without", (name) => {
    const template = readFileSync(join(FOLDER, name), "utf8");
    for (const token of [null, "s3cret"]) {
      const text = fill(template, { ...BLANKS, token });
      expect(text).not.toMatch(/PHAROS_/);
      expect(text.includes("s3cret")).toBe(token !== null);
      expect(text).toContain("lamp-1");
    }
  });

  it.each(PROGRAMS)("%s is short, and fits a screen in width", (name) => {
    const lines = readFileSync(join(FOLDER, name), "utf8").trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(120);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(125);
  });

  it("are called what their tools expect", () => {
    const names = KINDS.filter((kind) => templateOf(kind) !== null).map((kind) => fileNameOf(kind, "lamp-1"));
    expect(names).toEqual([
      ...["lamp-1.js", "main.py", "lamp-1.ino", "main.c"],
      ...["lamp-1.py", "lamp-1.js", "lamp-1.py", "lamp-1.sh"],
    ]);
  });
});

describe("blanks of a program", () => {
  const nasty = `a"b\\c'd$e\`f%g é`;

  it("are filled side by side", () => {
    const text = fill("PHAROS_SOCKETPHAROS_PATH PHAROS_HOST:PHAROS_PORT HELLO PHAROS_IDPHAROS_HELLO_TOKEN", {
      ...BLANKS,
      token: "T",
    });
    expect(text).toBe("ws://192.168.1.5:5000/bridge/lamp-1?token=T 192.168.1.5:5000 HELLO lamp-1 T");
  });

  it("hold any name of a Wi-Fi in a string of Python, of JavaScript, and of C", () => {
    const blanks = { ...BLANKS, ssid: nasty };
    const literal = fill('"PHAROS_SSID"', blanks);
    const python = execFileSync(PYTHON, ["-X", "utf8", "-c", `print(${literal}, end="")`], { encoding: "utf8" });
    expect(python).toBe(nasty);
    expect(JSON.parse(literal)).toBe(nasty);
    expect(fill('"PHAROS_SSID"', blanks, true)).toMatch(/\\xc3\\xa9"$/);
  });

  it("leave `$` of a text as it is", () => {
    expect(fill("PHAROS_SSID", { ...BLANKS, ssid: "$&$1" })).toBe("$&$1");
  });

  it("know the place behind an address", () => {
    expect(placeOf("http://[fe80::1]:5000")).toEqual({ host: "fe80::1", port: 5000 });
    expect([placeOf("http://hub").port, placeOf("https://hub").port]).toEqual([80, 443]);
    expect(pathOf("a", "x&y")).toBe("/bridge/a?token=x%26y");
  });

  it.each(["Lab", "My Lab", nasty, "", "it's"])("make one word of a shell's line of %j", (text) => {
    const heard = execFileSync("sh", ["-c", `printf %s ${shellWord(text)}`], { encoding: "utf8" });
    expect(heard).toBe(text);
  });
});
