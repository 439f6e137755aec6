/**
 * Thirty devices of all doors that have a connection, in one room: one word reaches all, one value is applied by all that
 * have the property, and whichever dies, the others do not notice (protocol 2.3).
 */
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { type DeviceClient, DOORS } from "../support/device-client.ts";
import { eventually } from "../support/eventually.ts";
import { startHub, type TestHub } from "../support/hub.ts";

const OF_EACH = 6;
const ROOM = "bench";
const BRIGHTNESS = { brightness: { type: "number", minimum: 0, maximum: 100 } };

interface Member {
  readonly id: string;
  readonly client: DeviceClient;
  readonly isLamp: boolean;
  /** What it was set to, in order. */
  readonly values: unknown[];
}

let hub: TestHub;
const members: Member[] = [];

beforeAll(async () => {
  hub = await startHub();
  for (let n = 0; n < OF_EACH; n++) {
    for (const [i, door] of DOORS.entries())
      members.push(await enter(`${n}-${i}`, await door.connect(hub, `${n}-${i}`), n > 0));
  }
});
afterAll(async () => {
  for (const { client } of members) client.close();
  await hub.close();
});

async function enter(id: string, client: DeviceClient, isLamp: boolean): Promise<Member> {
  const values: unknown[] = [];
  client.on("set", (data) => {
    values.push((data as { brightness: unknown }).brightness);
    return data;
  });
  await client.ask("hello", { rooms: [ROOM], ...(isLamp && { properties: BRIGHTNESS }) });
  return { id, client, isLamp, values };
}

async function say(text: string): Promise<unknown> {
  const response = await fetch(`${hub.url}/api/rooms/${ROOM}/messages`, {
    method: "POST",
    body: JSON.stringify({ text }),
  });
  return response.json();
}

async function set(value: number): Promise<{ readonly [id: string]: unknown }> {
  const response = await fetch(`${hub.url}/api/rooms/${ROOM}/properties/brightness`, {
    method: "PUT",
    body: String(value),
  });
  return ((await response.json()) as { results: { [id: string]: unknown } }).results;
}

function countHeard({ client }: Member, text: string): number {
  return client.heard.filter(([event, data]) => event === "message" && data === text).length;
}

it("are thirty, online, behind four kinds of door", () => {
  const devices = members.map(({ id }) => hub.hub.house.registry.get(id));
  expect(devices.map((device) => device?.presence)).toEqual(Array(30).fill("online"));
  expect(new Set(devices.map((device) => device?.door))).toEqual(new Set(["socket.io", "websocket", "tcp", "dial"]));
});

it("all hear one broadcast, once", async () => {
  expect(await say("one for all 🚨")).toEqual({ delivered: 30 });
  await eventually(() => members.every((member) => countHeard(member, "one for all 🚨") === 1));
});

it("all but the speaker hear what one says, at whichever door it says it", async () => {
  for (const [i, door] of DOORS.entries()) {
    const text = `said at ${door.name}`;
    members[i]?.client.send("message", text);
    await eventually(() => members.every((member, j) => countHeard(member, text) === (i === j ? 0 : 1)));
  }
});

it("all that have the property apply one set of the room", async () => {
  const lamps = members.filter(({ isLamp }) => isLamp);
  expect(lamps).toHaveLength(25);
  expect(await set(42)).toEqual(Object.fromEntries(lamps.map(({ id }) => [id, { applied: 42 }])));
  expect(lamps.map(({ values }) => values)).toEqual(lamps.map(() => [42]));
});

it("none is disturbed by the death of another, whichever it is", async () => {
  const alive = [...members];
  for (let n = 1; alive.length > 1; n++) {
    // Of one door after the other.
    const [dead] = alive.splice((n * 7) % alive.length, 1);
    dead?.client.drop();
    await say(`round ${n}`);
    const results = await set(n);
    await eventually(() => alive.every((member) => countHeard(member, `round ${n}`) === 1));
    for (const { id, isLamp } of alive) if (isLamp) expect([id, results[id]]).toEqual([id, { applied: n }]);
    for (const { id, client } of alive) expect([id, client.isClosed]).toEqual([id, false]);
  }
}, 90_000);
