/** Dialled devices on the page: listed with how it goes, added and removed, kept over a restart (protocol 2.5). */
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, expect, it } from "@jest/globals";
import { io, type Socket } from "socket.io-client";
import { systemClock } from "#base/clock.ts";
import { readOptions } from "#base/options.ts";
import type { Update } from "#protocol/dashboard-events.ts";
import type { DialView } from "#protocol/dials.ts";
import { HUB_OPTIONS } from "../../../hub/base/config.ts";
import { createLogger } from "../../../hub/base/logger.ts";
import { SqliteStore } from "../../../hub/devices/sqlite/sqlite-store.ts";
import { MemoryHistory } from "../../../hub/history/memory-history.ts";
import { Hub } from "../../../hub/hub.ts";
import { eventually } from "../../support/eventually.ts";
import { memoryAccess } from "../../support/hub.ts";
import { RawServer } from "../../support/raw-line.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const newFolder = temporaryFolders();
const toClose: Array<() => unknown> = [];

afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

async function start(dataDir: string): Promise<{ hub: Hub; url: string }> {
  const flags = ["--open", "--host", "127.0.0.1", "--port", "0", "--tcp-port", "auto", "--data-dir", dataDir];
  const clock = systemClock();
  const hub = new Hub(readOptions(HUB_OPTIONS, flags, {}), {
    clock,
    logger: createLogger(true, () => {}),
    pageDir: "dist/web",
    version: "0",
    store: new SqliteStore({ file: join(dataDir, "pharos.db"), clock }),
    history: new MemoryHistory({ clock }),
    ...memoryAccess(),
  });
  const port = await hub.start();
  toClose.push(() => hub.close());
  return { hub, url: `http://127.0.0.1:${port}` };
}

async function openPage(url: string): Promise<{ socket: Socket; updates: Update[]; dial: () => DialView | undefined }> {
  const socket = io(`${url}/dashboard`, { transports: ["websocket"], forceNew: true });
  const updates: Update[] = [];
  socket.on("update", (update: Update, done: () => void) => {
    updates.push(update);
    done();
  });
  await once(socket as unknown as NodeJS.EventEmitter, "connect");
  toClose.push(() => socket.close());
  return { socket, updates, dial: () => updates.findLast(({ dials }) => dials !== undefined)?.dials?.[0] };
}

it("a page dials a device, sees how that goes, and it survives a restart of the hub", async () => {
  const dataDir = newFolder();
  const first = await start(dataDir);
  const page = await openPage(first.url);
  await eventually(() => page.updates.length > 0);
  expect(page.updates[0]).toMatchObject({ dials: [], hub: { tcpPort: first.hub.tcpPort } });
  const server = await RawServer.start();
  toClose.push(() => server.close());
  const target = { id: "lamp", host: "127.0.0.1", port: server.port, mode: "lines" };
  expect(await page.socket.emitWithAck("dial", target)).toMatchObject({ ...target, isFixed: false });
  await eventually(() => page.dial()?.state === "connected");
  expect(await page.socket.emitWithAck("dial", target)).toMatchObject({ error: { code: "DUPLICATE" } });
  await first.hub.close();

  const second = await start(dataDir);
  await (await server.call(2)).heardUntilNow();
  const other = await openPage(second.url);
  await eventually(() => other.dial()?.state === "connected");
  expect(await other.socket.emitWithAck("undial", { device: "lamp" })).toEqual({});
  await eventually(() => other.updates.at(-1)?.dials?.length === 0 || other.dial() === undefined);
  expect(await other.socket.emitWithAck("undial", { device: "lamp" })).toMatchObject({ error: { code: "NOT_FOUND" } });
  await second.hub.close();

  const third = await openPage((await start(dataDir)).url);
  await eventually(() => third.updates.length > 0);
  expect(third.updates[0]?.dials).toEqual([]);
});

it("an update says nothing of dials when nothing of them changed", async () => {
  const { hub, url } = await start(newFolder());
  const page = await openPage(url);
  await eventually(() => page.updates.length > 0);
  hub.house.say({ from: null, to: [], kind: "sent", text: "x" });
  await eventually(() => page.updates.length > 1);
  expect(page.updates[1]).not.toHaveProperty("dials");
});
