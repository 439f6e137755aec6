/** `watch.py` on the device's console: a terminal stream that the hub has dialled (protocol 2.5). */
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import type { ClientProcess } from "../support/client-process.ts";
import { eventually } from "../support/eventually.ts";
import { startHub, type TestHub } from "../support/hub.ts";
import { type RawLine, RawServer } from "../support/raw-line.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { interpreters, micropythonBoard } from "./kits.ts";
import { viewOf } from "./matrix.ts";

const newFolder = temporaryFolders();
let server: RawServer;
let hub: TestHub;
let film: RawLine;
let client: ClientProcess;

beforeEach(async () => {
  server = await RawServer.start();
  hub = await startHub(["--open", "--dial", `tcp://127.0.0.1:${server.port}?id=starwars&mode=stream`]);
  film = await server.call();
});
afterEach(async () => {
  await client.end();
  server.close();
  await hub.close();
});

it.each(interpreters())("plays a telnet animation as it comes, $name", async (interpreter) => {
  const folder = newFolder();
  micropythonBoard(folder, { port: hub.port, id: "esp32-1", heartbeat: 0.2 }, { watch: "starwars" });
  client = interpreter.run(folder, "watch");
  await eventually(async () => ((await viewOf(hub, "esp32-1-watch"))?.beats.length ?? 0) >= 2, 8000);

  const frame = '\x1b[H\x1b[2J  A long time ago\r\n{"event":"bye"}\r\n  ★ far, far away \r\n';
  await film.pieces(frame.slice(0, 9), frame.slice(9, 30), frame.slice(30));
  film.write(`${"=".repeat(3000)}\r\n`);
  await eventually(() => client.console.includes(frame) && client.console.includes(`${"=".repeat(3000)}\r\n`));
  // Its heartbeat is nothing that the stream hears.
  expect(film.rest.toString()).toBe("");
});
