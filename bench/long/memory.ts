/** Resident memory of the hub with 100 devices in one room that say SOS each second, heard by all, and shown to a page; the goal is under 100 MB. */
import { once } from "node:events";
import { io } from "socket.io-client";
import { WebSocket } from "ws";
import { ServerProcess } from "../harness/server-process.ts";
import { round } from "../harness/statistics.ts";

const DEVICES = 100;
const SECONDS = 20;
const GOAL_MB = 100;

const hub = await ServerProcess.startHub("memory-data");
const before = hub.residentMb;
const page = io(`http://127.0.0.1:${hub.port}/dashboard`, { transports: ["websocket"] });
page.on("update", (_: unknown, done: () => void) => done());
const devices = await Promise.all(Array.from({ length: DEVICES }, (_, i) => connect(`esp32-${i}`)));
let after = 0;
for (let second = 0; second < SECONDS; second++) {
  for (const device of devices) device.send("SOS");
  await new Promise((resolve) => setTimeout(resolve, 1000));
  after = Math.max(after, hub.residentMb);
}
console.log("memory of the hub, MB");
console.table({
  idle: { resident: round(before) },
  [`${DEVICES} devices`]: { resident: round(after) },
  goal: { resident: GOAL_MB },
});
for (const device of devices) device.terminate();
page.close();
await hub.stop();
process.exit(after < GOAL_MB ? 0 : 1);

async function connect(id: string): Promise<WebSocket> {
  const ws = new WebSocket(`ws://127.0.0.1:${hub.port}/bridge/${id}`);
  await once(ws, "open");
  const properties = {
    brightness: { type: "number", minimum: 0, maximum: 100, unit: "percent" },
    power: { type: "boolean" },
  };
  ws.send(
    JSON.stringify({
      event: "hello",
      data: { rooms: ["class"], heartbeat: 1, properties, state: { brightness: 0, power: false } },
    }),
  );
  await once(ws, "message");
  return ws;
}
