/** Random and broken frames and requests at every door, from fixed seeds: no crash, no mistake of the hub, and others are served. The long run is `npm run bench -- fuzz`. */
import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { io } from "socket.io-client";
import { WebSocket } from "ws";
import { Mutations } from "../../bench/clients/mutations.ts";
import type { DeviceClient } from "../support/device-client.ts";
import { eventually } from "../support/eventually.ts";
import { startHub, type TestHub } from "../support/hub.ts";
import { PLAIN } from "../support/rest-bench.ts";

const FRAMES = 1_500;

let hub: TestHub;
let witness: DeviceClient;

beforeEach(async () => {
  hub = await startHub(["--no-limits", "--strikes", "1000000"]);
  witness = await PLAIN.connect(hub, "witness");
  await witness.ask("hello", {});
});
afterEach(async () => {
  // What the hub did not foresee it logs as an error.
  const mistakes = hub.log.filter((line) => (JSON.parse(line) as { level: number }).level >= 50);
  witness.close();
  await hub.close();
  expect(mistakes).toEqual([]);
});

/** Others are served, and nothing that came in is other than a value. */
async function isWell(): Promise<void> {
  for (let n = 0; n < 3; n++) expect(await witness.ask("report", { n })).toEqual({});
  const response = await fetch(`${hub.url}/api/devices`);
  expect(response.status).toBe(200);
  const text = await response.text();
  expect(() => JSON.parse(text) as unknown).not.toThrow();
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
}

it.each([1, 2, 3])(
  "over plain WebSockets, seed %i",
  async (seed) => {
    const fuzz = new Mutations(seed);
    for (let sent = 0; sent < FRAMES; ) {
      const ws = new WebSocket(`${hub.url.replace("http", "ws")}/bridge/fuzz-${seed}`);
      ws.on("error", () => {});
      await Promise.race([once(ws, "open"), once(ws, "close")]);
      for (let i = 0; i < 100 && ws.readyState === WebSocket.OPEN; i++, sent++) {
        ws.send(fuzz.below(20) === 0 ? fuzz.bytes(300) : fuzz.frame());
      }
      await isWell();
      ws.close();
      await eventually(() => ws.readyState === WebSocket.CLOSED);
    }
  },
  60_000,
);

it.each([1, 2])("over bytes that are no WebSocket frames, seed %i", async (seed) => {
  const fuzz = new Mutations(seed);
  for (let i = 0; i < 60; i++) {
    const socket = connect(hub.port, "127.0.0.1");
    socket.on("error", () => {}).resume();
    await once(socket, "connect");
    socket.write(
      `GET /${fuzz.pick(["bridge/raw", "echo", ""])} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
    await new Promise((resolve) => setTimeout(resolve, 2));
    for (let j = 0; j < 5; j++) if (socket.writable) socket.write(fuzz.bytes(400));
    socket.end();
    socket.destroySoon();
  }
  await isWell();
});

it.each([1, 2])(
  "over lines of TCP, seed %i",
  async (seed) => {
    const fuzz = new Mutations(seed);
    for (let sent = 0; sent < FRAMES; ) {
      const socket = connect(hub.tcpPort ?? 0, "127.0.0.1");
      socket.on("error", () => {}).resume();
      await once(socket, "connect");
      for (let i = 0; i < 100 && socket.writable; i++, sent++) {
        socket.write(fuzz.below(10) === 0 ? fuzz.bytes(300) : `${fuzz.frame()}\n`);
      }
      await isWell();
      socket.end();
      socket.destroySoon();
    }
  },
  60_000,
);

it.each([1, 2])(
  "over Socket.IO, events and packets, seed %i",
  async (seed) => {
    const fuzz = new Mutations(seed);
    for (const namespace of ["/devices", "/dashboard", "/"]) {
      const socket = io(hub.url + namespace, { auth: { id: "sio" }, transports: ["websocket"], forceNew: true });
      await once(socket as unknown as NodeJS.EventEmitter, "connect");
      const events = [
        "hello",
        "report",
        "reports",
        "set",
        "hold",
        "act",
        "say",
        "plot",
        "watch",
        "mark",
        "terminal",
        "led",
        "dial",
        "rename",
        "x",
      ];
      for (let i = 0; i < 300; i++) {
        const text = fuzz.frame();
        let data: unknown = text;
        try {
          data = JSON.parse(text) as unknown;
        } catch {
          // As text.
        }
        if (fuzz.below(8) === 0) socket.io.engine.write(fuzz.pick(["2", "4", "2/devices,", "51-", ""]) + text);
        else if (fuzz.below(2) === 0) socket.emit(fuzz.pick(events), data);
        else socket.emit(fuzz.pick(events), data, () => {});
        if (i % 100 === 0) await isWell();
      }
      socket.close();
      await isWell();
    }
  },
  60_000,
);

it.each([1, 2])(
  "over HTTP, seed %i",
  async (seed) => {
    const fuzz = new Mutations(seed);
    for (let i = 0; i < 300; i++) {
      const socket = connect(hub.port, "127.0.0.1");
      socket.on("error", () => {}).resume();
      await once(socket, "connect");
      socket.write(fuzz.request(), "latin1");
      if (i % 10 === 0) await isWell();
      socket.end();
      setTimeout(() => socket.destroy(), 100);
    }
    await isWell();
  },
  60_000,
);
