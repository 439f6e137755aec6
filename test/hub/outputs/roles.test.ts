/** Who may what: every route, every event of a page and every other output, against every role. Made of the tables themselves. */
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { io, type Socket } from "socket.io-client";
import { isAtLeast, ROLES, type Role } from "#protocol/access.ts";
import { apiRoutes } from "../../../hub/outputs/api/create-api.ts";
import type { Route } from "../../../hub/outputs/api/route.ts";
import { PAGE_RULES } from "../../../hub/outputs/page-rules.ts";
import { testHouse } from "../../support/house.ts";
import { startHub, type TestHub } from "../../support/hub.ts";

/** Who asks: nobody, each role, a device of its own, another device. */
const ASKERS = ["nobody", ...ROLES, "board", "other"] as const;
type Asker = (typeof ASKERS)[number];

const { house, access, ...flows } = testHouse();
const ROUTES = apiRoutes({ house, access, ...flows, version: "0" });

function roleOf(asker: Asker): Role | null {
  return (ROLES as readonly string[]).includes(asker) ? (asker as Role) : null;
}

/** 0 when it may, else the status that it gets. */
function refusal({ rule }: Route, asker: Asker): number {
  if (rule === "public") return 0;
  const needed = rule === "device" ? "operator" : rule;
  if (isAtLeast(roleOf(asker), needed) || (rule === "device" && asker === "board")) return 0;
  return asker === "nobody" ? 401 : 403;
}

describe("a closed hub", () => {
  let hub: TestHub;
  const tokens = new Map<Asker, string>();
  const sockets: Socket[] = [];

  beforeAll(async () => {
    hub = await startHub(["--open", "none"]);
    const { tokens: all } = hub.hub.house.access;
    for (const role of ROLES) tokens.set(role, all.create({ kind: "program", label: role, role }).token);
    for (const device of ["board", "other"] as const) tokens.set(device, all.create({ kind: "device", device }).token);
  });
  afterAll(async () => {
    for (const socket of sockets) socket.close();
    await hub.close();
  });

  function headersOf(asker: Asker): { [name: string]: string } {
    const token = tokens.get(asker);
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  it("has a rule for every route, and no route that everybody may beside signing in and out", () => {
    expect(ROUTES.length).toBeGreaterThan(45);
    const open = ROUTES.filter(({ rule }) => rule === "public").map(({ method, path }) => `${method} ${path}`);
    expect(open.sort()).toEqual(["delete /session", "get /session", "post /session"]);
  });

  it.each(ROUTES.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
    "answers %s to whom it may",
    async (_, route) => {
      const path = route.path.replace("{id}", "board").replace(/\{\w+\}/g, "none");
      for (const asker of ASKERS) {
        // A device that was removed a moment ago has no token any more.
        if (asker === "board")
          tokens.set(asker, hub.hub.house.access.tokens.create({ kind: "device", device: asker }).token);
        const method = route.method.toUpperCase();
        const { status } = await fetch(`${hub.url}/api${path}`, { method, headers: headersOf(asker) });
        const refused = refusal(route, asker);
        if (refused > 0) expect([asker, status]).toEqual([asker, refused]);
        else expect([asker, status === 401 || status === 403]).toEqual([asker, false]);
      }
    },
  );

  it.each([
    ["GET", "/metrics", "viewer"],
    ["GET", "/led", "viewer"],
    ["POST", "/led", "operator"],
  ] as const)("answers %s %s to whom it may", async (method, path, needed) => {
    for (const asker of ASKERS) {
      const { status } = await fetch(hub.url + path, { method, headers: headersOf(asker) });
      const may = isAtLeast(roleOf(asker), needed);
      expect([asker, status === 401 || status === 403]).toEqual([asker, !may]);
    }
  });

  it("says to everybody that it lives, and shows the page, which knows nothing yet", async () => {
    for (const path of ["/healthz", "/readyz", "/", "/data", "/api", "/api/openapi.json", "/favicon.svg"]) {
      expect([path, (await fetch(hub.url + path)).status]).toEqual([path, 200]);
    }
  });

  async function open(namespace: string, asker: Asker): Promise<Socket> {
    const token = tokens.get(asker);
    const auth = token === undefined ? {} : { token };
    const socket = io(hub.url + namespace, { transports: ["websocket"], forceNew: true, reconnection: false, auth });
    sockets.push(socket);
    socket.on("update", (_, done: () => void) => done());
    await Promise.race([
      once(socket as unknown as NodeJS.EventEmitter, "connect"),
      once(socket as unknown as NodeJS.EventEmitter, "connect_error").then(([error]) => {
        throw new Error((error as { data?: { code?: string } }).data?.code ?? String(error));
      }),
    ]);
    return socket;
  }

  it.each(["/dashboard", "/"])("lets pages into %s by their role, and no device", async (namespace) => {
    await expect(open(namespace, "nobody")).rejects.toThrow("UNAUTHORIZED");
    for (const device of ["board", "other"] as const) {
      tokens.set(device, hub.hub.house.access.tokens.create({ kind: "device", device }).token);
      await expect(open(namespace, device)).rejects.toThrow("FORBIDDEN");
    }
    for (const role of ROLES) expect((await open(namespace, role)).connected).toBe(true);
  });

  it("takes from a page what its role allows, every event", async () => {
    for (const role of ROLES) {
      const page = await open("/dashboard", role);
      for (const [event, needed] of Object.entries(PAGE_RULES)) {
        const answer = await page
          .timeout(300)
          .emitWithAck(event, null)
          .catch(() => "taken");
        const isRefused = (answer as { error?: { code: string } } | null)?.error?.code === "FORBIDDEN";
        expect([role, event, isRefused]).toEqual([role, event, !isAtLeast(role, needed)]);
      }
    }
  });

  it("drops what a page is not known to ask", async () => {
    const page = await open("/dashboard", "admin");
    await expect(page.timeout(100).emitWithAck("constructor", {})).rejects.toThrow("timed out");
  });

  it("lets the course page look, and only operators set the light", async () => {
    const viewer = await open("/", "viewer");
    expect(await viewer.emitWithAck("led", { level: 5 })).toMatchObject({ error: { code: "FORBIDDEN" } });
    const operator = await open("/", "operator");
    expect(await operator.emitWithAck("led", { level: 5 })).toEqual({ level: 5 });
  });

  it("cuts a page whose token ends", async () => {
    const { id, token } = hub.hub.house.access.tokens.create({ kind: "program", label: "short", role: "viewer" });
    tokens.set("nobody", token);
    const page = await open("/dashboard", "nobody");
    tokens.delete("nobody");
    const closed = once(page as unknown as NodeJS.EventEmitter, "disconnect");
    hub.hub.house.access.tokens.revoke(id);
    expect(await closed).toEqual(["io server disconnect", undefined]);
  });
});
