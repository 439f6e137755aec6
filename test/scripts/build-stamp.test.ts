import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { buildChanged, changedTargets } from "../../scripts/build-stamp.mjs";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();

/** Two targets that share a folder; each build writes its output and counts. */
function project() {
  const root = newFolder();
  for (const folder of ["shared", "one", "two", "dist"]) mkdirSync(join(root, folder));
  for (const folder of ["shared", "one", "two"]) writeFileSync(join(root, folder, "main.ts"), "");
  const built: string[] = [];
  const targets = ["one", "two"].map((name) => ({
    name,
    inputs: ["shared", name],
    outputs: [`dist/${name}.js`],
    async build() {
      built.push(name);
      writeFileSync(join(root, "dist", `${name}.js`), "");
    },
  }));
  const build = async (): Promise<string[]> => {
    built.length = 0;
    await buildChanged(root, targets, () => {});
    return [...built];
  };
  return { root, targets, build };
}

describe("a build", () => {
  it("builds everything the first time and nothing the second", async () => {
    const { build } = project();
    expect(await build()).toEqual(["one", "two"]);
    expect(await build()).toEqual([]);
  });

  it("builds only the target whose input changed", async () => {
    const { root, build } = project();
    await build();
    writeFileSync(join(root, "two", "main.ts"), "changed");
    expect(await build()).toEqual(["two"]);
  });

  it("builds every target that shares the input that changed", async () => {
    const { root, build } = project();
    await build();
    writeFileSync(join(root, "shared", "more.ts"), "");
    expect(await build()).toEqual(["one", "two"]);
  });

  it("builds again when a file was renamed", async () => {
    const { root, build } = project();
    await build();
    rmSync(join(root, "one", "main.ts"));
    writeFileSync(join(root, "one", "other.ts"), "");
    expect(await build()).toEqual(["one"]);
  });

  it("builds again what was deleted", async () => {
    const { root, build } = project();
    await build();
    rmSync(join(root, "dist", "one.js"));
    expect(await build()).toEqual(["one"]);
  });

  it("does not remember a target that failed, and keeps those before it", async () => {
    const { root, targets } = project();
    const failing = {
      ...targets[1],
      name: "two",
      inputs: ["two"],
      outputs: [],
      build: async () => Promise.reject(new Error("no")),
    };
    const all = [...targets.slice(0, 1), failing];
    await expect(buildChanged(root, all, () => {})).rejects.toThrow("no");
    expect(changedTargets(root, all).map(({ name }) => name)).toEqual(["two"]);
  });

  it("says a line for each target it built", async () => {
    const { root, targets } = project();
    const lines: string[] = [];
    await buildChanged(root, targets, (line) => lines.push(line));
    expect(lines).toEqual([
      expect.stringMatching(/^Built one +\d+\.\d s$/),
      expect.stringMatching(/^Built two +\d+\.\d s$/),
    ]);
  });
});
