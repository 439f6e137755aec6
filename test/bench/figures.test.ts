import { describe, expect, it } from "@jest/globals";
import { benchSection, table, withFigures } from "../../bench/harness/figures.ts";

const ROWS = [
  { what: "burst", figure: "0.8 µs", spread: "0.7–0.9", goal: "≥ 6 ×", isMet: true },
  { what: "paced | slow", figure: "12.25 µs", isMet: false },
];

describe("the table of a bench", () => {
  it("is aligned in its source, numbers to the right", () => {
    expect(table(ROWS).split("\n")).toEqual([
      "| what          |   figure | spread  |  goal | met    |".replace("spread ", " spread"),
      "| ------------- | -------: | ------: | ----: | ------ |",
      "| burst         |   0.8 µs | 0.7–0.9 | ≥ 6 × | yes    |",
      "| paced \\| slow | 12.25 µs |         |       | **no** |",
    ]);
  });

  it("has no column that says nothing", () => {
    expect(table([{ what: "a", figure: "1" }]).split("\n")[0]).toBe("| what | figure |");
  });
});

describe("the section of a bench", () => {
  it("says how to run it, when and on what it ran, and shows its charts", () => {
    const result = { bench: "storm", title: "All at once", date: "2026-01-31", machine: "A processor, 2 cores" };
    const section = benchSection({ ...result, rows: ROWS, curves: [], losses: 0 }, [
      { title: "Growth", path: "images/growth.svg" },
    ]);
    expect(section).toContain("### storm\n\nAll at once.");
    expect(section).toContain("`npm run bench -- storm` (2026-01-31; A processor, 2 cores)");
    expect(section).toContain("![Growth](images/growth.svg)");
  });
});

describe("the page", () => {
  it("gets other figures between its marks and keeps all else", () => {
    const page = "before\n<!-- figures -->\nold\n<!-- /figures -->\nafter";
    const written = withFigures(page, ["one", "two"]);
    expect(written).toBe("before\n<!-- figures -->\n\none\n\ntwo\n\n<!-- /figures -->\nafter");
    expect(withFigures(written, ["one", "two"])).toBe(written);
  });

  it("is not written where it has no marks", () => {
    expect(() => withFigures("<!-- /figures --><!-- figures -->", [])).toThrow("no <!-- figures -->");
  });
});
