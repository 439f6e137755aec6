/** config.json and the Wi-Fi of the MicroPython client: what it says about faults, and that it joins again. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "@jest/globals";
import type { ClientProcess } from "../../support/client-process.ts";
import { eventually } from "../../support/eventually.ts";
import { startPlainHub } from "../../support/plain-hub.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { type Interpreter, interpreters, micropythonBoard } from "../kits.ts";

const newFolder = temporaryFolders();
const [python] = interpreters() as [Interpreter];
let client: ClientProcess;

afterEach(() => client.end());

function start(config: object): string {
  const folder = newFolder();
  micropythonBoard(folder, { port: 1, id: "esp32-1" }, config);
  client = python.run(folder, "main");
  return folder;
}

it.each([
  [{ server: "http://192.168.1.5:5000" }, /server must look like ws:\/\//],
  [{ sever: "ws://x" }, /there is no setting 'sever'/],
])("%j is refused with a sentence", async (config, sentence) => {
  start(config);
  await client.saw(sentence);
  await eventually(() => client.hasEnded);
});

it.each([
  ["ws://127.0.0.1:PORT", "/bridge/esp32-1"],
  ["ws://127.0.0.1:PORT/", "/bridge/esp32-1"],
  ["ws://127.0.0.1:PORT/ws/17?x=1", "/ws/17?x=1"],
])("server %s leads to the door %s", async (server, path) => {
  const hub = await startPlainHub();
  start({ server: server.replace("PORT", `${hub.port}`) });
  await hub.greeted();
  expect(hub.paths[0]).toBe(path);
  await hub.close();
});

it("joins the Wi-Fi in several attempts, and again when it was gone", async () => {
  const hub = await startPlainHub();
  const folder = start({ server: `ws://127.0.0.1:${hub.port}/` });
  await hub.greeted();
  const attempts = (): number => client.lines.filter((line) => line === "Wi-Fi: joining Lab").length;
  expect(attempts()).toBe(2);
  writeFileSync(join(folder, "wifi-down"), "");
  hub.drop("killed");
  await eventually(() => attempts() === 3);
  expect(hub.paths).toHaveLength(1);
  rmSync(join(folder, "wifi-down"));
  await hub.greeted(2);
  await hub.close();
});

it("needs no Wi-Fi where the network is there", async () => {
  const hub = await startPlainHub();
  start({ server: `ws://127.0.0.1:${hub.port}/`, wifi: null });
  await hub.greeted();
  expect(client.console).not.toContain("Wi-Fi");
  await hub.close();
});
