/** What the API says of itself, and the addresses that are neither devices nor rooms (protocol 7.1, 7.5, 7.8). */
import { describe, expect, it } from "@jest/globals";
import { eventually } from "../../../support/eventually.ts";
import { fault, PLAIN, restBench, SOCKET_IO } from "../../../support/rest-bench.ts";

describe("the API", () => {
  const { device, connect, call, view, hub } = restBench();

  it("describes itself for machines, every path with its parameters and answers", async () => {
    const { body } = await call("GET", "/api/openapi.json");
    const { openapi, paths } = body as { openapi: string; paths: { [path: string]: { [method: string]: object } } };
    expect(openapi).toBe("3.1.0");
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        "/api/devices",
        "/api/devices/{id}/properties/{name}",
        "/api/devices/{id}/reports",
        "/api/rooms/{room}/messages",
      ]),
    );
    for (const [path, methods] of Object.entries(paths)) {
      for (const described of Object.values(methods)) {
        const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        const { parameters } = described as { parameters: ReadonlyArray<{ name: string; in: string }> };
        expect(described).toMatchObject({ summary: expect.any(String) });
        expect(parameters.filter((one) => one.in === "path").map(({ name }) => name)).toEqual(names);
        expect(Object.keys((described as { responses: object }).responses).length).toBeGreaterThan(0);
      }
    }
    const ids = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map((m) => (m as { operationId: string }).operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("describes itself for people", async () => {
    const response = await fetch(`${hub().url}/api`, { headers: { Accept: "text/html" } });
    expect(response.headers.get("content-type")).toContain("text/html");
    const html = await response.text();
    expect(html).toContain("/api/devices/{id}/properties/{name}");
    expect(html).not.toMatch(/<script|style=/);
  });

  it("forgets a device for good", async () => {
    const lamp = await device("lamp", SOCKET_IO);
    expect(await call("DELETE", "/api/devices/lamp")).toEqual({ status: 200, body: {} });
    expect(await call("GET", "/api/devices/lamp")).toEqual(fault(404, "NO_DEVICE"));
    expect(await lamp.next("bye")).toMatchObject({ code: "DISCONNECTED" });
    await lamp.closed();
    expect(await call("DELETE", "/api/devices/lamp")).toEqual(fault(404, "NO_DEVICE"));
  });

  it("takes reports of a device without a socket, and answers with what was asked of it", async () => {
    expect(await call("POST", "/api/devices/shed/reports", { temperature: 4.5 })).toEqual({
      status: 200,
      body: { desired: {} },
    });
    expect(await view("shed")).toMatchObject({ presence: "online", door: "http", reported: { temperature: 4.5 } });
    await call("POST", "/api/devices/shed/reports", [[1_700_000_000_000, { temperature: 1 }]]);
    expect(await view("shed")).toMatchObject({ reported: { temperature: 4.5 } });
    expect(await call("POST", "/api/devices/-bad/reports", { a: 1 })).toEqual(fault(400, "BAD_ID"));
    expect(await call("POST", "/api/devices/shed/reports", { a: [1] })).toEqual(fault(422, "INVALID_VALUE"));
  });

  it("is ready, and says what it counts", async () => {
    expect(await call("GET", "/readyz")).toEqual({ status: 200, body: { status: "ready", degraded: [] } });
    await device("lamp", PLAIN);
    const metrics = await (await fetch(`${hub().url}/metrics`)).text();
    expect(metrics).toContain('pharos_devices{presence="online"} 1');
    expect(metrics).toContain("pharos_storage_writable 1");
    expect(metrics).toContain("process_resident_memory_bytes");
  });

  it("greets a client that states its name, in the way of its door", async () => {
    for (const door of [SOCKET_IO, PLAIN]) {
      const client = await connect(`client-${door.name.length}`, door);
      client.send("hello", { name: "Ana" });
      await eventually(() => client.greetings.includes("Hello, Ana!"));
    }
    await eventually(() => hub().log.filter((line) => line.includes("client Ana connected")).length === 2);
  });
});

describe("a text command", () => {
  const { device, hub } = restBench();

  it.each([SOCKET_IO, PLAIN])("is answered to the sender alone behind the $name door", async (door) => {
    const [asker, other] = [
      await device("asker", door, { rooms: ["r"] }),
      await device("other", door, { rooms: ["r"] }),
    ];
    asker.send("message", "GET_TIME");
    expect(Date.parse(String(await asker.next("message")))).toBeGreaterThan(Date.UTC(2020, 0));
    asker.send("message", "GREET_ME");
    await eventually(() => asker.greetings.includes("Hello, asker!"));
    asker.send("message", "START");
    await eventually(() => asker.heard.some(([, text]) => text === "STARTED"));
    expect(await other.next("acquire")).toEqual({ running: true });
    expect(hub().hub.house.acquiring).toBe(true);
    asker.send("message", "STOP");
    await eventually(() => asker.heard.some(([, text]) => text === "STOPPED"));
    await other.ask("heartbeat");
    expect(other.heard.map(([event]) => event)).not.toContain("message");
  });
});
