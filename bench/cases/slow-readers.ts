/**
 * A room of 10,000, of whom 1,000 read nothing: whether the others hear as soon as in a room where all read, and what the hub's memory does. Both
 * hubs take turns.
 */
import { Crowd } from "../clients/crowd.ts";
import { isSmoke } from "../harness/arguments.ts";
import { finish } from "../harness/report.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { median, short, spread } from "../harness/statistics.ts";

const MEMBERS = isSmoke() ? 100 : 10_000;
const SLOW = MEMBERS / 10;
const WINDOWS = isSmoke() ? 1 : 5;
const ROUND = { messages: isSmoke() ? 3 : 12, inFlight: 1, pauseMs: isSmoke() ? 100 : 300 };
const GOAL = 1.2;
/** A queue of 1 MiB each is the most there is; messages of 64 bytes never fill it. */
const MOST_MB = 100;

const alone = await open(MEMBERS, 0);
const among = await open(MEMBERS, SLOW);
const before = await among.hub.heldMb();
const waits: { alone: number[]; among: number[] } = { alone: [], among: [] };
let losses = 0;
for (let window = -1; window < WINDOWS; window++) {
  const [without, withThem] = [await alone.crowd.round(ROUND), await among.crowd.round(ROUND)];
  losses += without.lost + withThem.lost;
  if (window < 0) continue;
  waits.alone.push(without.p99);
  waits.among.push(withThem.p99);
}
const more = (await among.hub.heldMb()) - before;
for (const { crowd, hub } of [alone, among]) {
  crowd.close();
  await hub.stop();
}
const ratios = waits.among.map((wait, i) => wait / (waits.alone[i] ?? Number.NaN));
finish(
  `${MEMBERS} that are sent a message each ${ROUND.pauseMs} ms, where all read and where ${SLOW} of them read nothing`,
  [
    {
      what: "heard by those who read, p99",
      figure: `${short(median(waits.among))} ms`,
      spread: spread(waits.among),
      peer: `where all read ${short(median(waits.alone))} ms (${spread(waits.alone)})`,
      ratio: `${short(median(ratios))} × (${spread(ratios)})`,
      goal: `≤ ${GOAL} ×`,
      isMet: median(ratios) <= GOAL,
    },
    {
      what: "memory held more at the end",
      figure: `${short(more)} MB`,
      goal: `< ${MOST_MB} MB`,
      isMet: more < MOST_MB,
    },
  ],
  losses,
);

async function open(members: number, slow: number): Promise<{ hub: ServerProcess; crowd: Crowd }> {
  const hub = await ServerProcess.startHub(`slow-readers-data-${slow}`, ["--no-limits"], { isInspected: true });
  return { hub, crowd: await Crowd.open({ port: hub.port, door: "plain", members, name: "fan", atOnce: 100, slow }) };
}
