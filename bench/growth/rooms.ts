/** A thousand devices spread over more and more rooms, and one room of a hundred of them in which somebody speaks. Called by `growth`. */
import { RoomListener } from "../clients/room-listener.ts";
import { Round } from "../clients/round.ts";
import { isSmoke } from "../harness/arguments.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { median } from "../harness/statistics.ts";
import { type Grown, judgeFlat } from "./grown.ts";

const ROOMS = isSmoke() ? [1, 10] : [1, 10, 100, 1_000];
const DEVICES = isSmoke() ? 20 : 1_000;
/** Those of them that are in the room that is spoken to as well: the same however many other rooms there are. */
const LISTENERS = isSmoke() ? 5 : 100;
const WINDOWS = isSmoke() ? 1 : 5;
const ROUND = { messages: isSmoke() ? 20 : 400, inFlight: 20 };
const AT_ONCE = 50;

export async function growByRooms(): Promise<Grown> {
  const costs: [number, number][] = [];
  let lost = 0;
  for (const rooms of ROOMS) {
    const hub = await ServerProcess.startHub("growth-rooms-data", ["--no-limits"]);
    const windows = await measure(hub, rooms);
    await hub.stop();
    costs.push([rooms, median(windows.map(({ cost }) => cost))]);
    for (const window of windows) lost += window.lost;
  }
  return {
    rows: [judgeFlat(costs, { what: `a message to a room of ${LISTENERS} with so many other rooms`, unit: "µs" })],
    curves: [
      {
        chart: "CPU of a message against rooms",
        name: `a message to a room of ${LISTENERS}, ${DEVICES.toLocaleString("en")} devices in other rooms`,
        unit: "CPU of the hub, µs a message",
        axis: "other rooms",
        points: costs,
      },
    ],
    lost,
  };
}

interface Window {
  /** Microseconds of CPU for a message. */
  readonly cost: number;
  readonly lost: number;
}

async function measure(hub: ServerProcess, rooms: number): Promise<readonly Window[]> {
  const speaker = new RoomListener(hub.port, "speaker", ["spoken"]);
  await speaker.open();
  const listeners = await gather(hub.port, rooms);
  const windows: Window[] = [];
  for (let i = -1; i < WINDOWS; i++) {
    const round = new Round(ROUND, LISTENERS, 0, (text) => speaker.say(text));
    for (const [index, listener] of listeners.slice(0, LISTENERS).entries()) {
      listener.onText = (data, start) => round.heard(index, data, start);
    }
    const before = hub.cpuSeconds;
    const { lost } = await round.run();
    if (i >= 0) windows.push({ cost: ((hub.cpuSeconds - before) / ROUND.messages) * 1e6, lost });
  }
  for (const each of [speaker, ...listeners]) each.close();
  return windows;
}

async function gather(port: number, rooms: number): Promise<readonly RoomListener[]> {
  const all = Array.from({ length: DEVICES }, (_, i) => {
    const spread = `room-${i % rooms}`;
    return new RoomListener(port, `member-${i}`, i < LISTENERS ? ["spoken", spread] : [spread]);
  });
  for (let i = 0; i < all.length; i += AT_ONCE) {
    await Promise.all(all.slice(i, i + AT_ONCE).map((listener) => listener.open()));
  }
  return all;
}
