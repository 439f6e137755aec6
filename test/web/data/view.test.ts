import { describe, expect, it } from "@jest/globals";
import type { RecordingView } from "#protocol/recordings.ts";
import { nameTicks } from "../../../web/data/model/ticks.ts";
import { createPlotView, recordingOf, type View } from "../../../web/data/model/view.ts";
import { addressOf, isSameStand, standIn, standOf, viewOf, wishedIn } from "../../../web/data/model/wished.ts";

const LIVE = { stretch: null, recording: null, isReplay: false };
const RECORDING = {
  id: "7",
  startedAt: 10_000,
  stoppedAt: 250_000,
  lengthMs: 240_000,
  spans: [{ from: 10_000, to: 250_000 }],
} as unknown as RecordingView;

describe("what the plots show", () => {
  it("is the last minute at first, or as long as wished, going on", () => {
    const view = createPlotView();
    expect(view.view.value).toEqual({ kind: "live", ms: 60_000 });
    view.live(3_600_000);
    expect([view.view.value, view.ms.value]).toEqual([{ kind: "live", ms: 3_600_000 }, 3_600_000]);
  });

  it("stands still at what was drawn over, goes back step by step, and to live", () => {
    const view = createPlotView();
    view.zoom(1_000, 5_000);
    view.scale([1_000, 5_000], 0.5);
    expect(view.view.value).toEqual({ kind: "still", from: 2_000, to: 4_000, recording: null });
    view.pan([2_000, 4_000], -0.5);
    expect(view.view.value).toMatchObject({ from: 1_000, to: 3_000 });
    expect([view.back(), view.back()]).toEqual([true, true]);
    expect(view.view.value).toMatchObject({ from: 1_000, to: 5_000 });
    view.live();
    expect(view.back()).toBe(false);
    expect(view.view.value).toEqual({ kind: "live", ms: 60_000 });
  });

  it("is never shorter than a few samples, and never before the epoch", () => {
    const view = createPlotView();
    view.zoom(5_000, 5_000);
    expect(view.view.value).toMatchObject({ from: 4_990, to: 5_010 });
    view.scale([4_990, 5_010], 0.5);
    expect([view.back(), view.view.value.kind, view.back()]).toEqual([true, "live", false]);
    view.scale([0, 1_000], 10);
    expect(view.view.value).toMatchObject({ from: 0 });
  });

  it("is a recording, whole or played, and stays one while it is zoomed", () => {
    const view = createPlotView();
    view.show(RECORDING, 0);
    expect(view.view.value).toMatchObject({ kind: "still", from: 10_000, to: 250_000 });
    view.zoom(20_000, 30_000);
    expect(recordingOf(view.view.value)?.id).toBe("7");
    view.replay(RECORDING);
    expect(view.view.value).toMatchObject({ kind: "replay", ms: 60_000 });
    view.replay({ ...RECORDING, lengthMs: 3_000 });
    expect(view.view.value).toMatchObject({ ms: 10_000 });
    view.setWindow(600_000);
    expect(view.view.value).toMatchObject({ kind: "replay", ms: 600_000 });
    view.live();
    expect(recordingOf(view.view.value)).toBeNull();
  });

  it("of a recording that runs ends now", () => {
    const view = createPlotView();
    view.show({ ...RECORDING, stoppedAt: null }, 99_000);
    expect(view.view.value).toMatchObject({ from: 10_000, to: 99_000 });
  });
});

describe("the plots that an address asks for", () => {
  it("are in it, in their order; without a wish the page chooses", () => {
    expect(wishedIn(new URLSearchParams("show=b:n,a%3Aaccel"))).toEqual(["b:n", "a:accel"]);
    expect(wishedIn(new URLSearchParams("show="))).toEqual([]);
    expect(wishedIn(new URLSearchParams(""))).toBeNull();
    expect(addressOf("/data", ["b:n"], LIVE)).toBe("/data?show=b%3An");
    expect(addressOf("/data", null, LIVE)).toBe("/data");
    for (const keys of [["b:n", "a:accel"], []]) {
      expect(wishedIn(new URL(addressOf("/data", keys, LIVE), "http://hub").searchParams)).toEqual(keys);
    }
  });
});

describe("what is shown", () => {
  it.each<[string, View]>([
    ["/data", { kind: "live", ms: 0 }],
    ["/data?from=1000&to=2000", { kind: "still", from: 1_000, to: 2_000, recording: null }],
    ["/data?recording=7", { kind: "still", from: 10_000, to: 250_000, recording: RECORDING }],
    ["/data?recording=7&from=20000&to=30000", { kind: "still", from: 20_000, to: 30_000, recording: RECORDING }],
    ["/data?replay=7", { kind: "replay", ms: 60_000, recording: RECORDING }],
  ])("stands in the address, and is found in it again: %s", (address, view) => {
    expect(addressOf("/data", null, standOf(view))).toBe(address);
    const stand = standIn(new URL(address, "http://hub").searchParams);
    expect(isSameStand(stand, standOf(view))).toBe(true);
    expect(viewOf(stand, stand.recording === null ? null : RECORDING, 0)).toEqual(view);
  });

  it.each(["from=5", "from=9&to=1", "from=x&to=y", "from=-5&to=-1", "recording=", "replay="])(
    "is live where an address is no sense: %s",
    (query) => {
      expect(standIn(new URLSearchParams(query))).toEqual(LIVE);
    },
  );
});

describe("the ticks of a time axis", () => {
  const at = new Date(2026, 2, 9, 23, 59, 58).getTime();
  it.each<[string, number, readonly string[]]>([
    ["parts of a second", 250, ["58.000", "58.250"]],
    ["seconds, and a new day where it begins", 2_000, ["23:59:58", "00:00:00\n10 Mar"]],
    ["minutes", 60_000, ["23:59", "00:00\n10 Mar"]],
    ["days", 86_400_000, ["9 Mar", "10 Mar"]],
    ["months", 31 * 86_400_000, ["Mar 2026", "Apr 2026"]],
  ])("name %s", (_, step, names) => {
    expect(nameTicks([at, at + step], step)).toEqual(names);
  });
});
