/** The hub by TLS, its second port for devices alone, and what every answer tells a browser. */
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { request as ask } from "node:https";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { io, type Socket } from "socket.io-client";
import { WebSocket } from "ws";
import { makeCertificate } from "../support/certificate.ts";
import { eventually } from "../support/eventually.ts";
import { startHub, type TestHub } from "../support/hub.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();
let files: { readonly cert: string; readonly key: string };
let hub: TestHub | null = null;
const sockets: Array<Socket | WebSocket> = [];

beforeAll(() => {
  files = makeCertificate(newFolder());
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await hub?.close();
  hub = null;
});

async function start(...args: string[]): Promise<TestHub> {
  hub = await startHub(args);
  return hub;
}

const secure = (): string[] => ["--tls-cert", files.cert, "--tls-key", files.key, "--device-port", "auto"];

/** A request that trusts the test's certificate. */
async function fetchSecurely(port: number, path: string, method = "GET", body = "") {
  const request = ask({ host: "127.0.0.1", port, path, method, ca: readFileSync(files.cert) });
  request.end(body);
  const [response] = (await once(request, "response")) as [import("node:http").IncomingMessage];
  let text = "";
  for await (const piece of response) text += String(piece);
  return { status: response.statusCode, headers: response.headers, text };
}

async function opened(url: string): Promise<WebSocket> {
  const ws = new WebSocket(url, { ca: readFileSync(files.cert) });
  sockets.push(ws);
  await once(ws, "open");
  return ws;
}

describe("a hub with a certificate", () => {
  it("serves page, REST, pages and devices by TLS, and nothing there without it", async () => {
    const { port } = await start(...secure());
    expect(await fetchSecurely(port, "/")).toMatchObject({ status: 200 });
    expect((await fetchSecurely(port, "/")).headers).toHaveProperty("strict-transport-security");
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
    const board = await opened(`wss://127.0.0.1:${port}/bridge/board`);
    board.send('{"event":"hello","data":{}}');
    await eventually(() => hub?.hub.house.registry.get("board") !== undefined);
    const page = io(`https://127.0.0.1:${port}/dashboard`, {
      transports: ["websocket"],
      ca: readFileSync(files.cert, "utf8"),
    } as object);
    sockets.push(page);
    await once(page as unknown as NodeJS.EventEmitter, "connect");
  });

  it("gives its cookie to TLS alone", async () => {
    const { port, hub: one } = await start(...secure(), "--open", "none");
    const body = JSON.stringify({ key: one.setupKey });
    const { headers } = await fetchSecurely(port, "/api/session", "POST", body);
    expect(headers["set-cookie"]?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
  });

  it("says what is wrong with the files, all at once and before it listens", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "bad.pem"), "no certificate");
    const other = makeCertificate(folder);
    const start = (...args: string[]): Promise<TestHub> => startHub(args);
    await expect(start("--tls-cert", files.cert)).rejects.toThrow("Give both");
    await expect(start("--tls-cert", "/no/file", "--tls-key", files.key)).rejects.toThrow("cannot read /no/file");
    await expect(start("--tls-cert", join(folder, "bad.pem"), "--tls-key", files.key)).rejects.toThrow("do not work");
    await expect(start("--tls-cert", files.cert, "--tls-key", other.key)).rejects.toThrow("do not work");
  });
});

describe("the port for devices alone", () => {
  it("lets devices in without TLS, by WebSocket, Socket.IO and HTTP reports", async () => {
    await start(...secure());
    const port = hub?.hub.devicePort;
    await opened(`ws://127.0.0.1:${port}/bridge/board`);
    const agent = io(`http://127.0.0.1:${port}/devices`, { auth: { id: "agent" } });
    sockets.push(agent);
    await once(agent as unknown as NodeJS.EventEmitter, "connect");
    const report = await fetch(`http://127.0.0.1:${port}/api/devices/meter/reports`, {
      method: "POST",
      body: '{"n":1}',
    });
    expect(report.status).toBe(200);
    expect(await (await fetch(`http://127.0.0.1:${port}/healthz`)).json()).toEqual({ status: "ok" });
    const ids = hub?.hub.house.registry.all().map(({ id }) => id);
    expect(ids?.sort()).toEqual(["agent", "board", "meter"]);
  });

  it("shows nobody a page, and takes no command", async () => {
    await start(...secure());
    const url = `http://127.0.0.1:${hub?.hub.devicePort}`;
    for (const path of ["/", "/data", "/api/devices", "/metrics", "/led", "/api/session", "/assets/none"]) {
      expect([path, (await fetch(url + path)).status]).toEqual([path, 404]);
    }
    for (const namespace of ["/dashboard", "/"]) {
      const page = io(url + namespace, { reconnection: false, forceNew: true });
      sockets.push(page);
      const [error] = (await once(page as unknown as NodeJS.EventEmitter, "connect_error")) as [{ data: object }];
      expect(error.data).toMatchObject({ code: "NO_DOOR" });
    }
  });
});

describe("every answer", () => {
  it("keeps a browser to the hub's own scripts, out of frames, and silent about addresses", async () => {
    const { url } = await start();
    for (const path of ["/", "/api/devices", "/none", "/healthz"]) {
      const { headers } = await fetch(url + path);
      expect(headers.get("content-security-policy")).toContain("default-src 'self'");
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("strict-transport-security")).toBeNull();
      expect(headers.get("x-powered-by")).toBeNull();
    }
  });
});
