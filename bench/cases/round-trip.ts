/**
 * From one plain device through the server to another and back, one message at a time, against a relay that is nothing but `ws`: what the hub adds
 * to the way of a message. The servers take turns.
 */
import { createMember, type Member } from "../clients/member.ts";
import { isSmoke } from "../harness/arguments.ts";
import { finish } from "../harness/report.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { median, quantile, short, spread } from "../harness/statistics.ts";

const WINDOWS = isSmoke() ? 1 : 9;
const TRIPS = isSmoke() ? 50 : 1_000;
const GOAL = 1.3;

const hub = await ServerProcess.startHub("round-trip-data", ["--no-limits"]);
const relay = await ServerProcess.start(["bench/peers/ws-room.mjs"]);
const [ours, theirs] = [await openPair(hub), await openPair(relay)];
const waits: Record<"p50" | "p99", { ours: number[]; theirs: number[] }> = {
  p50: { ours: [], theirs: [] },
  p99: { ours: [], theirs: [] },
};
for (let window = -1; window < WINDOWS; window++) {
  const [own, others] = [await measure(ours), await measure(theirs)];
  // The first one warms up.
  if (window < 0) continue;
  for (const [name, q] of [
    ["p50", 0.5],
    ["p99", 0.99],
  ] as const) {
    waits[name].ours.push(quantile(own, q));
    waits[name].theirs.push(quantile(others, q));
  }
}
for (const member of [...ours, ...theirs]) member.close();
await hub.stop();
await relay.stop();
finish(`device → server → device and back, ${TRIPS} times in each of ${WINDOWS} windows`, [row("p50"), row("p99")], 0);

function row(name: "p50" | "p99") {
  const { ours: own, theirs: others } = waits[name];
  const ratios = own.map((wait, i) => wait / (others[i] ?? Number.NaN));
  return {
    what: `round trip, ${name}`,
    figure: `${short(median(own))} ms`,
    spread: spread(own),
    peer: `bare ws ${short(median(others))} ms (${spread(others)})`,
    ratio: `${short(median(ratios))} × (${spread(ratios)})`,
    goal: `≤ ${GOAL} ×`,
    isMet: median(ratios) <= GOAL,
  };
}

async function openPair({ port }: ServerProcess): Promise<[Member, Member]> {
  const pair: [Member, Member] = [
    createMember("plain", { port }, "one", true),
    createMember("plain", { port }, "other", true),
  ];
  for (const member of pair) await member.open();
  return pair;
}

/** @returns ms of each round trip */
async function measure([one, other]: readonly [Member, Member]): Promise<number[]> {
  const all: number[] = [];
  other.onText = (data, start, end) => other.say(`back ${data.toString("latin1", start, end)}`);
  for (let i = 0; i < TRIPS; i++) {
    const start = performance.now();
    await new Promise<void>((resolve) => {
      one.onText = () => resolve();
      one.say(`there ${i}`);
    });
    all.push(performance.now() - start);
  }
  return all;
}
