/**
 * From one page's slider through hub, agent and driver and back to a second page, against a bare Socket.IO acknowledgement in the same run. Hub, agent and
 * pages are processes of their own, as they are in a workshop.
 */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { io, type Socket } from "socket.io-client";
import type { Update } from "#protocol/dashboard-events.ts";
import { AgentProcess } from "../clients/agent-process.ts";
import { isSmoke } from "../harness/arguments.ts";
import { finish, type Row } from "../harness/report.ts";
import { ServerProcess } from "../harness/server-process.ts";
import { quantile, short } from "../harness/statistics.ts";

const MOVES = isSmoke() ? 20 : 600;
const WARM_UP = isSmoke() ? 5 : 300;
/** As often as a page sends while a finger moves: once a frame. */
const FRAME_MS = 16;
const WARM_UP_MS = 4;
const GOAL = 3;

const hub = await ServerProcess.startHub("slider-data");
const echo = await ServerProcess.start(["bench/peers/socket-io-echo.mjs"]);
const agent = await AgentProcess.start(hub.port, "bench-pi");
const hand = await open(hub, "/dashboard");
hand.on("update", (_: Update, done: () => void) => done());
const watcher = await open(hub, "/dashboard");
const bare = await open(echo, "/");

const slider: number[] = [];
const echoes: number[] = [];
for (let i = 0; i < MOVES + WARM_UP; i++) {
  const pauseMs = (i < WARM_UP ? WARM_UP_MS : FRAME_MS) / 2;
  const there = await moveSlider((i % 1_000) / 10);
  // Both begin after a pause: a processor that just slept is slower.
  await sleep(pauseMs);
  const back = await roundTrip(i);
  await sleep(pauseMs);
  if (i < WARM_UP) continue;
  slider.push(there);
  echoes.push(back);
}
for (const socket of [hand, watcher, bare]) socket.close();
await agent.stop();
await hub.stop();
await echo.stop();
finish(`a slider moved ${MOVES} times, a move each ${FRAME_MS} ms`, [row("p50", 0.5), row("p99", 0.99)], 0);

function row(name: string, q: number): Row {
  const [own, other] = [quantile(slider, q), quantile(echoes, q)];
  return {
    what: `page → hub → agent → driver → hub → second page, ${name}`,
    figure: `${short(own)} ms`,
    peer: `bare Socket.IO echo ${short(other)} ms`,
    ratio: `${short(own / other)} ×`,
    goal: `≤ ${GOAL} ×`,
    isMet: own / other <= GOAL,
  };
}

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
  hand.emit("set", { device: "bench-pi", property: "brightness", value }, () => {});
  await shown;
  return performance.now() - start;
}

async function roundTrip(value: number): Promise<number> {
  const start = performance.now();
  await bare.emitWithAck("set", value);
  return performance.now() - start;
}

async function open(server: ServerProcess, namespace: string): Promise<Socket> {
  const socket = io(`http://127.0.0.1:${server.port}${namespace}`, { transports: ["websocket"], forceNew: true });
  await once(socket as unknown as NodeJS.EventEmitter, "connect");
  return socket;
}
