/** From one page's slider through hub, device and back to a second page, against a bare Socket.IO echo in the same run. */
import { once } from "node:events";
import { io, type Socket } from "socket.io-client";
import type { Update } from "#protocol/dashboard-events.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { quantile, round } from "../harness/statistics.ts";

const ROUNDS = 300;
const WARM_UP = 50;
/** As often as a page sends while a finger moves: once a frame. */
const FRAME_MS = 16;

const hub = await ServerProcess.startHub("slider-data");
const echo = await ServerProcess.start(["bench/peers/socket-io-echo.mjs"]);

const device = await open(hub, "/devices", { id: "lamp" });
device.on("set", (values: object, done: (values: object) => void) => done(values));
await device.emitWithAck("hello", { properties: { brightness: { type: "number", minimum: 0, maximum: 100_000 } } });
const hand = await open(hub, "/dashboard");
hand.on("update", (_: Update, done: () => void) => done());
const watcher = await open(hub, "/dashboard");
const bare = await open(echo, "/");

const slider: number[] = [];
const echoes: number[] = [];
for (let i = 0; i < ROUNDS + WARM_UP; i++) {
  const [there, back] = [await moveSlider(i), await roundTrip(i)];
  await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
  if (i < WARM_UP) continue;
  slider.push(there);
  echoes.push(back);
}

console.log("slider: page → hub → device → hub → second page, ms");
console.table({
  "pharos slider": { p50: round(quantile(slider, 0.5)), p99: round(quantile(slider, 0.99)) },
  "bare Socket.IO echo": { p50: round(quantile(echoes, 0.5)), p99: round(quantile(echoes, 0.99)) },
  ratio: {
    p50: round(quantile(slider, 0.5) / quantile(echoes, 0.5)),
    p99: round(quantile(slider, 0.99) / quantile(echoes, 0.99)),
  },
});
for (const socket of [device, hand, watcher, bare]) socket.close();
await hub.stop();
await echo.stop();

/** Ms until the second page shows the value as applied. */
async function moveSlider(value: number): Promise<number> {
  const shown = new Promise<void>((resolve) => {
    const onUpdate = (update: Update, done: () => void): void => {
      done();
      if (!update.devices.some(({ state }) => state?.brightness?.reported?.value === value)) return;
      watcher.off("update", onUpdate);
      resolve();
    };
    watcher.on("update", onUpdate);
  });
  const start = performance.now();
  hand.emit("set", { device: "lamp", property: "brightness", value }, () => {});
  await shown;
  return performance.now() - start;
}

async function roundTrip(value: number): Promise<number> {
  const start = performance.now();
  await bare.emitWithAck("set", value);
  return performance.now() - start;
}

async function open(server: ServerProcess, namespace: string, auth: object = {}): Promise<Socket> {
  const socket = io(`http://127.0.0.1:${server.port}${namespace}`, { auth, transports: ["websocket"], forceNew: true });
  await once(socket as unknown as NodeJS.EventEmitter, "connect");
  return socket;
}
