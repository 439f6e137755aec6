/** The hub behind Caddy and nginx, as `docs/operations.md` says: pages, devices, addresses and the cookie are right. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { request as ask } from "node:https";
import { afterEach, describe, expect, it } from "@jest/globals";
import { io, type Socket } from "socket.io-client";
import { WebSocket } from "ws";
import { makeCertificate } from "../support/certificate.ts";
import { eventually } from "../support/eventually.ts";
import { freePort } from "../support/free-port.ts";
import { startHub, type TestHub } from "../support/hub.ts";
import { PROXIES } from "../support/proxies.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();
const ends: Array<() => unknown> = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

describe.each(PROXIES.filter(({ isThere }) => isThere))("behind $name", (proxy) => {
  async function start(...args: string[]) {
    const hub: TestHub = await startHub(["--open", "none", ...args]);
    ends.push(() => hub.close());
    const folder = newFolder();
    const files = makeCertificate(folder);
    const port = await freePort();
    ends.push(await proxy.start({ folder, port, hubPort: hub.port, ...files }));
    const ca = readFileSync(files.cert);

    /** From an address that is not the proxy's. */
    async function call(method: string, path: string, body?: object, headers = {}) {
      const where = { host: "127.0.0.1", port, localAddress: "127.0.0.2", servername: "localhost", ca };
      const request = ask({ ...where, method, path, headers: { host: "localhost", ...headers } });
      request.end(body === undefined ? undefined : JSON.stringify(body));
      const [response] = (await once(request, "response")) as [IncomingMessage];
      let text = "";
      for await (const piece of response) text += String(piece);
      return { status: response.statusCode, headers: response.headers, text };
    }
    return { hub, port, ca, call };
  }

  it("a browser signs in, its cookie is for TLS alone, and the audit log knows where it came from", async () => {
    const { hub, call } = await start("--trust-proxy");
    const { headers, status } = await call("POST", "/api/session", { key: hub.hub.setupKey });
    expect(status).toBe(200);
    expect(headers["set-cookie"]?.[0]).toMatch(/; Secure$/);
    const cookie = headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    const origin = "https://localhost";
    expect(await call("GET", "/api/devices", undefined, { cookie, origin })).toMatchObject({ status: 200 });
    const evil = { cookie, origin: "https://evil.example" };
    expect(await call("POST", "/api/acquisition/start", {}, evil)).toMatchObject({ status: 403 });
    expect((await call("GET", "/api/audit", undefined, { cookie })).text).toContain('"from":"127.0.0.2"');
  });

  it("pages and devices hold their connections by WebSocket", async () => {
    const { hub, port, ca } = await start("--trust-proxy");
    const { tokens } = hub.hub.house.access;
    const { token } = tokens.create({ kind: "program", label: "page", role: "viewer" });
    const page: Socket = io(`https://localhost:${port}/dashboard`, {
      transports: ["websocket"],
      auth: { token },
      ca: String(ca),
    } as object);
    ends.push(() => page.close());
    await once(page as unknown as NodeJS.EventEmitter, "connect");
    const board = new WebSocket(
      `wss://localhost:${port}/bridge/board?token=${tokens.create({ kind: "device", device: "board" }).token}`,
      { ca },
    );
    ends.push(() => board.close());
    await once(board, "open");
    board.send('{"event":"report","data":{"n":1},"id":1}');
    const [ack] = (await once(board, "message")) as [Buffer];
    expect(JSON.parse(String(ack))).toMatchObject({ ack: 1 });
    await eventually(() => hub.hub.house.registry.get("board")?.link().presence === "online");
  });

  it("what the proxy says is not believed unless the hub was told to", async () => {
    const { hub, call } = await start();
    const { headers } = await call("POST", "/api/session", { key: hub.hub.setupKey });
    expect(headers["set-cookie"]?.[0]).not.toContain("Secure");
    const cookie = headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    expect((await call("GET", "/api/audit", undefined, { cookie })).text).not.toContain("127.0.0.2");
  });

  it("a hub that is open to its own computer is open to nobody who comes by the proxy", async () => {
    const { hub, call } = await start("--open", "loopback");
    expect((await fetch(`${hub.url}/api/devices`)).status).toBe(200);
    expect(await call("GET", "/api/devices")).toMatchObject({ status: 401 });
  });
});
