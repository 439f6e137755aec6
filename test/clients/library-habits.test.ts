/** What the WebSocket libraries of Arduino and ESP-IDF put on the wire by themselves, byte by byte, at the hub. */
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { eventually } from "../support/eventually.ts";
import { startHub, type TestHub } from "../support/hub.ts";
import { clientFrame, RawSocket, textFrame } from "../support/raw-socket.ts";
import { viewOf } from "./matrix.ts";

const [CONTINUATION, TEXT, CLOSE, PING, PONG] = [0, 1, 8, 9, 10];
const ARDUINO = { Origin: "file://", "User-Agent": "arduino-WebSocket-Client", "Sec-WebSocket-Protocol": "arduino" };
const ESP_IDF = { "User-Agent": "ESP32 Websocket Client" };

let hub: TestHub;
let sockets: RawSocket[];

beforeEach(async () => {
  hub = await startHub();
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.close();
  await hub.close();
});

async function enter(id: string, headers: { readonly [name: string]: string }): Promise<[RawSocket, string]> {
  const socket = new RawSocket(hub.port);
  sockets.push(socket);
  return [socket, await socket.upgrade(`/bridge/${id}`, headers)];
}

it("arduinoWebSockets gets the answer it understands, says `Connected`, and pings with a zero mask and nothing in it", async () => {
  const [other] = await enter("other", {});
  other.write(textFrame("here"));
  const [socket, head] = await enter("arduino-1", ARDUINO);
  expect(head).toMatch(/^HTTP\/1\.1 101 /);
  // It compares the whole value, and takes no list.
  expect(head).toMatch(/\r\nConnection: Upgrade\r\n/i);
  socket.write(Buffer.concat([clientFrame(TEXT, "Connected"), clientFrame(PING, "")]));
  expect(await socket.frame()).toMatchObject({ opcode: PONG });
  await eventually(() => other.rest.includes("Connected"));
  socket.write(clientFrame(CLOSE, Buffer.from([0x03, 0xe8])));
  await socket.closed();
  await eventually(async () => (await viewOf(hub, "arduino-1"))?.presence === "offline");
});

it("esp_websocket_client pings with nothing, ends a message by an empty continuation, and is never sent a close frame", async () => {
  const [socket, head] = await enter("esp-1", ESP_IDF);
  expect(head.length).toBeLessThan(1024);
  const hello = '{"event":"hello","data":{"model":"ESP-IDF"}}';
  socket.write(clientFrame(TEXT, hello.slice(0, 20), { fin: false, mask: 7 }));
  socket.write(clientFrame(PING, "", { mask: 8 }));
  socket.write(clientFrame(CONTINUATION, hello.slice(20), { fin: false, mask: 9 }));
  socket.write(clientFrame(CONTINUATION, "", { mask: 10 }));
  expect(await socket.frame()).toMatchObject({ opcode: PONG });
  expect(await socket.json()).toMatchObject({ event: "welcome" });
  await hub.close();
  expect(await socket.json()).toMatchObject({ event: "bye", data: { code: "SHUTDOWN" } });
  await socket.closed();
  expect(socket.rest).toHaveLength(0);
});
