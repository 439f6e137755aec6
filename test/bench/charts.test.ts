import { describe, expect, it } from "@jest/globals";
import { barChart } from "../../bench/charts/bar-chart.ts";
import { lineChart } from "../../bench/charts/line-chart.ts";

const CURVE = { chart: "CPU", unit: "CPU, % of a core", axis: "devices" };

describe("a chart of curves", () => {
  const chart = lineChart("CPU & memory", [
    {
      ...CURVE,
      name: "plain",
      points: [
        [100, 1],
        [1_000, 10],
        [10_000, 100],
      ],
    },
    {
      ...CURVE,
      name: "Socket.IO",
      points: [
        [100, 0],
        [1_000, 20],
      ],
    },
  ]);

  it("draws what grows linearly as a straight line", () => {
    const places = /<polyline class="curve line0" points="([^"]+)"/.exec(chart)?.[1]?.split(" ") ?? [];
    const [first, second, third] = places.map((place) => place.split(",").map(Number));
    expect(places).toHaveLength(3);
    for (const i of [0, 1]) {
      const [a = 0, b = 0, c = 0] = [first?.[i], second?.[i], third?.[i]];
      expect(c - b).toBeCloseTo(b - a, 0);
    }
  });

  it("leaves out what a logarithm does not have", () => {
    expect(/<polyline class="curve line1" points="([^"]+)"/.exec(chart)?.[1]?.split(" ")).toHaveLength(1);
    expect(chart).not.toMatch(/NaN|Infinity/);
  });

  it("names its axes, its curves and itself, escaped", () => {
    for (const text of ["CPU, % of a core", "devices", "plain", "Socket.IO", "<title>CPU &amp; memory</title>"]) {
      expect(chart).toContain(text);
    }
  });

  it("has colours for light and for dark", () => {
    expect(chart).toMatch(/prefers-color-scheme:dark/);
  });
});

describe("a chart of ratios", () => {
  const chart = barChart("Fan-out", "times as many", [
    { name: "against one", ratio: 10 },
    { name: "against another", ratio: 0.5 },
  ]);

  it("begins its bars at 1, to the right where it is better and to the left where it is worse", () => {
    const bars = [...chart.matchAll(/<rect class="area(\d)" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)];
    const [better, worse] = bars.map(([, colour, x, width]) => ({
      colour,
      from: Number(x),
      to: Number(x) + Number(width),
    }));
    expect(better?.from).toBeCloseTo(worse?.to ?? 0, 0);
    expect([better?.colour, worse?.colour]).toEqual(["0", "4"]);
  });

  it("names its bars with their ratios", () => {
    for (const text of ["against one", "10 ×", "against another", "0.5 ×", "times as many"])
      expect(chart).toContain(text);
  });
});
