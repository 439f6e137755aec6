/** Memory of the hub for each device that is connected, has said `hello` and is silent: what is held after garbage is collected, and the peers beside it. */
import { Crowd } from "../clients/crowd.ts";
import type { Door } from "../clients/member.ts";
import { isSmoke } from "../harness/arguments.ts";
import { finish, type Row } from "../harness/report.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { short } from "../harness/statistics.ts";

const DEVICES = isSmoke() ? 50 : 10_000;
/** Those that were there before, so that code and buffers that all of them share are not counted. */
const FIRST = DEVICES / 10;
/** Longest that the hub writes down what is new. */
const SETTLE_MS = isSmoke() ? 300 : 3_000;
const INSPECTED = { isInspected: true };

const rows: Row[] = [
  await measure(
    "a plain device",
    "plain",
    () => ServerProcess.startHub("footprint-data", ["--no-limits"], INSPECTED),
    16,
  ),
  await measure(
    "a Socket.IO device",
    "socket.io",
    () => ServerProcess.startHub("footprint-data", ["--no-limits"], INSPECTED),
    30,
  ),
  await measure("a client of bare ws", "plain", () => ServerProcess.start(["bench/peers/ws-room.mjs"], INSPECTED)),
  await measure("a client of stock Socket.IO", "socket.io", () =>
    ServerProcess.start(["bench/peers/socket-io-room.mjs"], INSPECTED),
  ),
];
finish(`${DEVICES} devices that are connected and idle: memory held for each`, rows, 0);

async function measure(what: string, door: Door, start: () => Promise<ServerProcess>, goalKb?: number): Promise<Row> {
  const server = await start();
  const first = await Crowd.open({ port: server.port, door, members: FIRST, name: "first", atOnce: 100 });
  const before = await settled(server);
  const crowd = await Crowd.open({ port: server.port, door, members: DEVICES, name: "idle", atOnce: 100 });
  const kilobytes = (((await settled(server)) - before) * 1024) / DEVICES;
  first.close();
  crowd.close();
  await server.stop();
  const goal = goalKb === undefined ? {} : { goal: `≤ ${goalKb} kB`, isMet: kilobytes <= goalKb };
  return { what, figure: `${short(kilobytes)} kB`, ...goal };
}

async function settled(server: ServerProcess): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return server.heldMb();
}
