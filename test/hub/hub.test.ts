/** The whole hub: what no frame, however odd, may do to it. */
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { WebSocket } from "ws";
import { eventually } from "../support/eventually.ts";
import { startHub, type TestHub } from "../support/hub.ts";

describe("the hub", () => {
  let hub: TestHub;
  let ws: WebSocket;
  let frames: Array<{ event?: string; data?: { code?: string } }>;

  beforeEach(async () => {
    hub = await startHub();
    ws = new WebSocket(`ws://127.0.0.1:${hub.port}/bridge/lamp`);
    frames = [];
    ws.on("message", (text) => frames.push(JSON.parse(String(text)) as { event?: string }));
    await once(ws, "open");
  });
  afterEach(async () => {
    ws.terminate();
    await hub.close();
  });

  const DEEP = "[".repeat(30_000) + "]".repeat(30_000);

  it.each([
    ["an event", `{"event":"report","data":${DEEP}}`],
    ["an answer", `{"ack":0,"data":${DEEP}}`],
    ["a report", `{"x":${DEEP}}`],
  ])("answers %s that nests too deeply, and goes on with the connection", async (_, frame) => {
    ws.send(frame);
    await eventually(() => frames.some(({ event, data }) => event === "error" && data?.code === "BAD_FRAME"));
    ws.send('{"event":"report","data":{"x":1}}');
    await eventually(() => hub.hub.house.registry.get("lamp")?.reported().x === 1);
    expect(hub.log.filter((line) => line.includes('"level":50'))).toEqual([]);
  });

  it("keeps a device of 64 properties and text of any script as they are", async () => {
    const values = Object.fromEntries(Array.from({ length: 64 }, (_, i) => [`п${i}`, `☀️\ud83d${i}\u0000`]));
    ws.send(JSON.stringify({ event: "report", data: values }));
    await eventually(() => hub.hub.house.registry.get("lamp")?.state.size === 64);
    const view = (await (await fetch(`${hub.url}/api/devices/lamp`)).json()) as { reported: object };
    expect(view.reported).toEqual(values);
  });

  it("closes twice without harm", async () => {
    await hub.close();
    await hub.close();
  });
});
