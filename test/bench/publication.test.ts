import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { publish } from "../../bench/harness/publication.ts";
import type { Result } from "../../bench/harness/report.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();

/** A place where benches leave what they found, and docs that have nothing of it yet. */
function place() {
  const [results, docs] = [join(newFolder(), "results"), newFolder()];
  mkdirSync(results);
  writeFileSync(join(docs, "performance.md"), "# Speed\n\n<!-- figures -->\n<!-- /figures -->\n");
  const find = (bench: string, more: Partial<Result> = {}): void => {
    const result = { bench, title: `What ${bench} does`, date: "2026-01-31", machine: "A processor", losses: 0 };
    const rows = [{ what: "all", figure: "1 ms" }];
    writeFileSync(join(results, `${bench}.json`), JSON.stringify({ ...result, rows, curves: [], ...more }));
  };
  return {
    docs,
    find,
    run: () => publish(results, docs),
    page: () => readFileSync(join(docs, "performance.md"), "utf8"),
  };
}

describe("the publication", () => {
  it("keeps the figures of benches that did not run again", () => {
    const { docs, find, run, page } = place();
    find("storm");
    find("beats");
    run();
    expect(page().match(/^### \w+/gm)).toEqual(["### beats", "### storm"]);

    find("storm", { date: "2026-02-01", rows: [{ what: "all", figure: "2 ms" }] });
    const fresh = place();
    fresh.find("storm", { date: "2026-02-01", rows: [{ what: "all", figure: "2 ms" }] });
    writeFileSync(join(fresh.docs, "performance.json"), readFileSync(join(docs, "performance.json")));
    fresh.run();
    expect(fresh.page()).toMatch(/beats` \(2026-01-31[\s\S]+1 ms[\s\S]+storm` \(2026-02-01[\s\S]+2 ms/);
  });

  it("draws a chart for each name of a curve, and the ratios of the fan-out", () => {
    const { docs, find, run, page } = place();
    const curve = {
      chart: "CPU against devices",
      unit: "%",
      axis: "devices",
      points: [
        [1, 1],
        [10, 10],
      ] as const,
    };
    find("growth", {
      curves: [
        { ...curve, name: "plain" },
        { ...curve, name: "Socket.IO" },
      ],
    });
    find("fan-out", { rows: [{ what: "against mosquitto", figure: "1 µs", ratio: "1,234 × (1,000–1,500)" }] });
    run();
    expect(readdirSync(join(docs, "images"))).toEqual(["cpu-against-devices.svg", "fan-out.svg"]);
    expect(readFileSync(join(docs, "images/fan-out.svg"), "utf8")).toContain("1234 ×");
    expect(page()).toContain("![CPU against devices](images/cpu-against-devices.svg)");
  });

  it("touches no file when nothing is new", () => {
    const { docs, find, run } = place();
    find("fan-out", { rows: [{ what: "against mosquitto", figure: "1 µs", ratio: "6 ×" }] });
    run();
    const files = ["performance.md", "performance.json", "images/fan-out.svg"].map((name) => join(docs, name));
    for (const file of files) utimesSync(file, 1, 1);
    run();
    expect(files.map((file) => statSync(file).mtimeMs)).toEqual([1_000, 1_000, 1_000]);
  });

  it("leaves docs as they are where no bench ever ran", () => {
    const { docs, run, page } = place();
    run();
    expect(page()).not.toContain("###");
    expect(existsSync(join(docs, "images"))).toBe(false);
  });
});
