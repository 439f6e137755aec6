/** What every client does at the hub itself: the rows of the README's matrix are the runs of this suite, its columns these tests. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { ClientProcess } from "../support/client-process.ts";
import { eventually } from "../support/eventually.ts";
import { startHub, type TestHub } from "../support/hub.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { type ClientKit, dialArgs } from "./kits.ts";

/** Longer than a client's first pauses between tries. */
const RETURN_MS = 12_000;

export interface DeviceView {
  readonly presence: string;
  readonly door: string;
  readonly beats: readonly number[];
  readonly vitals: { readonly [name: string]: number };
  readonly properties: { readonly [name: string]: object };
  readonly actions: { readonly [name: string]: object };
  readonly reported: { readonly [name: string]: unknown };
  readonly state: { readonly [name: string]: { readonly reported: { readonly deviceTime?: number } | null } };
}

export async function viewOf(hub: TestHub, id: string): Promise<DeviceView | null> {
  // A connection that is kept would be one to the hub before its restart.
  const response = await fetch(`${hub.url}/api/devices/${id}`, { headers: { connection: "close" } });
  return response.ok ? ((await response.json()) as DeviceView) : null;
}

export async function request(hub: TestHub, method: string, path: string, body: unknown): Promise<unknown> {
  const headers = { "content-type": "application/json", connection: "close" };
  const response = await fetch(`${hub.url}/api/${path}`, { method, headers, body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

/** The suite, in its order: each cell takes the client as the one before left it. */
export function clientMatrix(kit: ClientKit): void {
  describe(`the ${kit.name} at the hub`, () => {
    const id = "client-1";
    const newFolder = temporaryFolders();
    let hub: TestHub;
    let client: ClientProcess;
    const view = (): Promise<DeviceView | null> => viewOf(hub, id);
    const ask = (method: string, path: string, body: unknown): Promise<unknown> => request(hub, method, path, body);

    const hubArgs = (): string[] => (kit.listensOn ? ["--open", ...dialArgs(kit.listensOn())] : ["--open"]);

    beforeAll(async () => {
      kit.prepare?.();
      hub = await startHub(hubArgs());
      client = kit.start({ port: hub.port, id, rooms: ["bench"], heartbeat: 0.3, reportMs: 100 }, newFolder());
    });
    afterAll(async () => {
      await client?.end();
      await hub.close();
    });

    it("connects", async () => {
      await eventually(async () => "brightness" in ((await view())?.properties ?? {}), RETURN_MS);
      expect(await view()).toMatchObject({ presence: "online", door: kit.door, rooms: ["bench"] });
      expect((await view())?.actions).toHaveProperty("identify");
    });

    it("sends SOS", async () => {
      await eventually(async () => ((await view())?.beats.length ?? 0) >= 4);
      expect((await view())?.vitals).toHaveProperty("uptime");
    });

    it("receives a broadcast", async () => {
      expect(await ask("POST", "rooms/bench/messages", { text: "hi there" })).toMatchObject({ body: { delivered: 1 } });
      await client.saw(/^< hi there$/);
    });

    it("does what a set asks", async () => {
      await ask("PUT", `devices/${id}/properties/brightness`, 37);
      await eventually(() => kit.levels(client).some((level) => Math.abs(level - kit.levelOf(37)) < 0.1));
    });

    it("acknowledges", async () => {
      const set = (value: unknown): Promise<unknown> => ask("PUT", `devices/${id}/properties/brightness`, value);
      expect(await set(40.5)).toEqual({ status: 200, body: { applied: 40.5 } });
      expect(await set({ value: 60, transition: 200 })).toEqual({ status: 200, body: { applied: 60 } });
      expect(await ask("POST", `devices/${id}/actions/identify`, {})).toMatchObject({ status: 200 });
      expect((await view())?.reported.brightness).toBe(60);
    });

    it("reports", async () => {
      const timeOf = async (): Promise<number> => (await view())?.state[kit.sensor]?.reported?.deviceTime ?? 0;
      const first = await timeOf();
      expect(first).toBeGreaterThan(0);
      await eventually(async () => (await timeOf()) > first);
    });

    it("comes back after the hub was stopped and started again", async () => {
      await hub.close();
      hub = await startHub([...hubArgs(), "--port", `${hub.port}`]);
      await eventually(async () => ((await view())?.beats.length ?? 0) >= 1, RETURN_MS);
      expect(await ask("PUT", `devices/${id}/properties/brightness`, 10)).toMatchObject({ status: 200 });
    });
  });
}
