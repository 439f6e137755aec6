/** The right slider over real sockets: a device that takes its time is never flooded, and ends at the last value (protocol 6.4). */
import { once } from "node:events";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { io, type Socket } from "socket.io-client";
import type { SetRequest } from "#protocol/dashboard-events.ts";
import { eventually } from "../../support/eventually.ts";
import { startHub, type TestHub } from "../../support/hub.ts";

const ANSWER_AFTER_MS = 500;
const INPUTS = 200;
const DRAG_MS = 2000;

let hub: TestHub;
let sockets: Socket[];

beforeEach(async () => {
  hub = await startHub();
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.close();
  await hub.close();
});

async function open(namespace: string, auth: object = {}): Promise<Socket> {
  const socket = io(hub.url + namespace, { auth, transports: ["websocket"], forceNew: true });
  sockets.push(socket);
  await once(socket as unknown as NodeJS.EventEmitter, "connect");
  return socket;
}

it("sends at most 6 of 200 values in 2 s to a device that answers after 500 ms, the last one last", async () => {
  const lamp = await open("/devices", { id: "lamp" });
  const sent: number[] = [];
  let unanswered = 0;
  let mostUnanswered = 0;
  lamp.on("set", (values: { brightness: number }, done: (values: object) => void) => {
    sent.push(values.brightness);
    unanswered += 1;
    mostUnanswered = Math.max(mostUnanswered, unanswered);
    setTimeout(() => {
      unanswered -= 1;
      done(values);
    }, ANSWER_AFTER_MS);
  });
  await lamp.emitWithAck("hello", { properties: { brightness: { type: "number", minimum: 0, maximum: 1000 } } });
  const page = await open("/dashboard");
  page.on("update", (_: unknown, done: () => void) => done());
  const start = performance.now();
  for (let i = 1; i <= INPUTS; i++) {
    page.emit("set", { device: "lamp", property: "brightness", value: i } satisfies SetRequest, () => {});
    const due = start + (i * DRAG_MS) / INPUTS;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
  }
  await eventually(() => hub.hub.house.registry.get("lamp")?.reported().brightness === INPUTS);
  expect(sent.length).toBeLessThanOrEqual(6);
  expect(sent.at(-1)).toBe(INPUTS);
  expect(mostUnanswered).toBe(1);
});
