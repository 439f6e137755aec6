/** Actions over REST: asked now, or kept for a device that is away (protocol 6.5, 7.3). */
import { describe, expect, it } from "@jest/globals";
import { eventually } from "../../../support/eventually.ts";
import { fault, LAMP, PLAIN, restBench, SOCKET_IO } from "../../../support/rest-bench.ts";

const BLINK = "/api/devices/lamp/actions/blink";
const WAITING = "/api/devices/lamp/actions";

describe.each([SOCKET_IO, PLAIN])("an action of a device behind the $name door", (door) => {
  const { device, connect, call, view } = restBench();

  /** A lamp that was here and went away. */
  async function away(): Promise<void> {
    (await device("lamp", door)).close();
    await eventually(async () => (await view("lamp")).presence === "offline");
  }

  it("is answered by the device's output", async () => {
    const lamp = await device("lamp", door);
    lamp.on("action", (frame) => ({ did: frame }));
    expect(await call("POST", BLINK, { input: 3 })).toEqual({
      status: 200,
      body: { did: { name: "blink", input: 3 } },
    });
    expect(await call("POST", "/api/devices/lamp/actions/identify")).toMatchObject({ status: 200 });
  });

  it("that the device refuses says why", async () => {
    const lamp = await device("lamp", door);
    lamp.on("action", () => ({ error: { code: "BROKEN", message: "The bulb is broken." } }));
    const { status, body } = await call("POST", BLINK, {});
    expect(status).toBe(502);
    expect(JSON.stringify(body)).toContain("The bulb is broken.");
  });

  it("times out when the device says nothing", async () => {
    await device("lamp", door);
    expect(await call("POST", BLINK, { timeoutMs: 30 })).toEqual(fault(504, "TIMEOUT"));
  });

  it("is refused when there is no such device or action, or the body is none", async () => {
    await device("lamp", door);
    expect(await call("POST", "/api/devices/none/actions/blink", {})).toEqual(fault(404, "NO_DEVICE"));
    expect(await call("POST", "/api/devices/lamp/actions/fly", {})).toEqual(fault(404, "NO_ACTION"));
    expect(await call("POST", BLINK, { timeoutMs: "soon" })).toEqual(fault(400, "BAD_REQUEST"));
  });

  it("is refused for a device that is away, unless it may wait", async () => {
    await away();
    expect(await call("POST", BLINK, {})).toEqual(fault(409, "OFFLINE"));
    expect(await call("POST", BLINK, { expiresMs: 60_000 })).toEqual({
      status: 202,
      body: { queued: expect.any(String) },
    });
  });

  it("that waits is listed, and delivered once on return", async () => {
    await away();
    await call("POST", BLINK, { expiresMs: 60_000, input: 7 });
    expect((await call("GET", WAITING)).body).toEqual([
      expect.objectContaining({ name: "blink", input: 7, by: "rest" }),
    ]);
    const lamp = await connect("lamp", door);
    lamp.on("action", () => ({}));
    await lamp.ask("hello", LAMP);
    expect(await lamp.next("action")).toEqual({ name: "blink", input: 7 });
    expect((await call("GET", WAITING)).body).toEqual([]);
    await lamp.ask("hello", LAMP);
    await lamp.ask("heartbeat");
    expect(lamp.heard.filter(([event]) => event === "action")).toHaveLength(1);
  });

  it("that waits can be looked at and cancelled", async () => {
    await away();
    const { queued } = (await call("POST", BLINK, { expiresMs: 60_000 })).body as { queued: string };
    expect(await call("GET", `${WAITING}/${queued}`)).toMatchObject({ status: 200, body: { id: queued } });
    expect(await call("DELETE", `${WAITING}/${queued}`)).toEqual({ status: 200, body: {} });
    expect(await call("DELETE", `${WAITING}/${queued}`)).toEqual(fault(404, "NOT_FOUND"));
    await call("POST", BLINK, { expiresMs: 60_000 });
    await call("DELETE", WAITING);
    expect((await call("GET", WAITING)).body).toEqual([]);
  });

  it("that waits too long is not done", async () => {
    await away();
    await call("POST", BLINK, { expiresMs: 20 });
    await eventually(async () => ((await call("GET", WAITING)).body as unknown[]).length === 0);
    const lamp = await device("lamp", door);
    await lamp.ask("heartbeat");
    expect(lamp.heard.map(([event]) => event)).not.toContain("action");
  });
});
