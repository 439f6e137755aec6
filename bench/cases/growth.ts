/** What the hub costs with ten times as much of what grows: devices, rooms, properties of a report, samples of the history. */
import { growByDevices } from "../growth/devices.ts";
import { growByHistory } from "../growth/history.ts";
import { growByProperties } from "../growth/properties.ts";
import { growByRooms } from "../growth/rooms.ts";
import { finish } from "../harness/report.ts";

const PARTS = { devices: growByDevices, rooms: growByRooms, properties: growByProperties, history: growByHistory };
/** `--only=rooms` while one part is looked at. */
const only = process.argv.find((word) => word.startsWith("--only="))?.slice("--only=".length);

// Nothing else keeps the process alive while a history of its own works.
setInterval(() => {}, 60_000).unref();
const grown = [];
for (const [name, grow] of Object.entries(PARTS)) if (only === undefined || only === name) grown.push(await grow());
finish(
  "The cost of growth: what one more costs at the largest size against the smallest, in CPU and memory of the hub",
  grown.flatMap(({ rows }) => rows),
  grown.reduce((sum, { lost }) => sum + lost, 0),
  grown.flatMap(({ curves }) => curves),
);
