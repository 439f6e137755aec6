/**
 * One says a thing to a room of 500, and all of them hear it: server CPU for each delivery, in bursts (20 messages under way) and paced (one
 * at a time), for plain devices and for those on Socket.IO. Servers take turns, so that a noisy moment hits all of them.
 */
import { Crowd } from "../clients/crowd.ts";
import type { RoundOptions } from "../clients/crowd-options.ts";
import type { Door } from "../clients/member.ts";
import { isSmoke } from "../harness/arguments.ts";
import { startFlask, startMosquitto } from "../harness/peers.ts";
import { finish, type Row } from "../harness/report.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { median, short, spread } from "../harness/statistics.ts";

const MEMBERS = isSmoke() ? 20 : 500;
const WINDOWS = isSmoke() ? 1 : 5;

type Pace = "burst" | "paced";
const PACES: Readonly<Record<Pace, RoundOptions>> = {
  burst: { messages: isSmoke() ? 40 : 200, inFlight: 20 },
  paced: { messages: isSmoke() ? 10 : 100, inFlight: 1 },
};

interface Stand {
  readonly name: string;
  readonly door: Door;
  readonly server: ServerProcess;
  readonly crowd: Crowd;
  /** Microseconds of CPU for each delivery, by window. */
  readonly costs: Record<Pace, number[]>;
  lost: number;
}

const hub = await ServerProcess.startHub("fan-out-data", ["--no-limits"]);
const stands = [
  await stand("pharos, plain", "plain", hub),
  await stand("mosquitto", "mqtt", await startMosquitto()),
  await stand("aedes", "mqtt", await ServerProcess.start(["bench/peers/aedes.mjs"])),
  await stand("ws", "plain", await ServerProcess.start(["bench/peers/ws-room.mjs"])),
  await stand("pharos, Socket.IO", "socket.io", await ServerProcess.startHub("fan-out-io-data", ["--no-limits"])),
  await stand("Socket.IO", "socket.io", await ServerProcess.start(["bench/peers/socket-io-room.mjs"])),
  await stand("Flask-SocketIO", "socket.io", await startFlask()),
];
for (const pace of ["burst", "paced"] as const) {
  for (let window = -1; window < WINDOWS; window++) {
    for (const one of stands) await measure(one, pace, window < 0);
  }
}
for (const { crowd } of stands) crowd.close();
for (const { server } of stands) await server.stop();
finish(
  `${MEMBERS} hear what one says: microseconds of server CPU for each delivery`,
  [
    ...rowsOf("burst", "pharos, plain", ["mosquitto", "aedes", "ws"], { mosquitto: 6 }),
    ...rowsOf("paced", "pharos, plain", ["mosquitto", "aedes", "ws"], { mosquitto: 1.15 }),
    ...rowsOf("burst", "pharos, Socket.IO", ["Socket.IO", "Flask-SocketIO"], { "Socket.IO": 1 }),
    ...rowsOf("paced", "pharos, Socket.IO", ["Socket.IO", "Flask-SocketIO"], {}),
  ],
  stands.reduce((sum, { lost }) => sum + lost, 0),
);

async function stand(name: string, door: Door, server: ServerProcess): Promise<Stand> {
  const crowd = await Crowd.open({ port: server.port, door, members: MEMBERS, name: "fan", atOnce: 50 });
  return { name, door, server, crowd, costs: { burst: [], paced: [] }, lost: 0 };
}

async function measure(one: Stand, pace: Pace, isWarmUp: boolean): Promise<void> {
  const { server, crowd, costs } = one;
  const before = server.cpuSeconds;
  const { deliveries, lost } = await crowd.round(PACES[pace]);
  if (!isWarmUp) costs[pace].push(((server.cpuSeconds - before) / deliveries) * 1e6);
  one.lost += lost;
}

/** @param goals how many times as many deliveries of a CPU second it should be */
function rowsOf(pace: Pace, ours: string, peers: readonly string[], goals: Readonly<Record<string, number>>): Row[] {
  const own = costsOf(ours, pace);
  return peers.map((peer) => {
    const theirs = costsOf(peer, pace);
    const ratios = theirs.map((cost, i) => cost / (own[i] ?? Number.NaN));
    const goal = goals[peer];
    return {
      what: `${pace}, ${ours.replace("pharos, ", "")} devices, against ${peer}`,
      figure: `${short(median(own))} µs`,
      spread: spread(own),
      peer: `${short(median(theirs))} µs (${spread(theirs)})`,
      ratio: `${short(median(ratios))} × (${spread(ratios)})`,
      ...(goal !== undefined && { goal: `≥ ${goal} ×`, isMet: median(ratios) >= goal }),
    };
  });
}

function costsOf(name: string, pace: Pace): readonly number[] {
  return stands.find((one) => one.name === name)?.costs[pace] ?? [];
}
