/** The stream of times that a plain client may ask for (protocol 3.6). */
import { expect, it } from "@jest/globals";
import { TextCommands } from "../../../hub/flow/text-commands.ts";
import { testHouse } from "../../support/house.ts";

it("sends times to one client at random intervals of 0.5 to 2.5 s until it is gone", async () => {
  const { clock, house, acquisition, connect } = testHouse();
  const { session, connection } = await connect("lamp");
  const told: string[] = [];
  Object.assign(connection, { tell: (_event: string, text: string) => void told.push(text) });
  const rolls = [0, 1, 0.5];
  const commands = new TextCommands(house, acquisition, () => rolls.shift() ?? 0.5);
  expect(commands.answer(session, " GET_CLOCK ")).toBe(true);
  expect(commands.answer(session, "GET_CLOCK")).toBe(true);
  expect(told).toHaveLength(1);
  await clock.advance(500);
  expect(told).toHaveLength(2);
  await clock.advance(2_499);
  expect(told).toHaveLength(2);
  await clock.advance(1);
  expect(told).toHaveLength(3);
  for (const text of told) expect(new Date(text).toISOString()).toBe(text);
  commands.forget(connection);
  await clock.advance(10_000);
  expect(told).toHaveLength(3);
});

it("leaves every other text alone", async () => {
  const { house, acquisition, connect } = testHouse();
  const { session } = await connect("lamp");
  const commands = new TextCommands(house, acquisition);
  for (const text of ["get_time", "GET_TIME now", "SOS", ""]) expect(commands.answer(session, text)).toBe(false);
});

it("ends with its connection, also when another took its place", async () => {
  const { clock, inbound, arrivals, connect } = testHouse(["--duplicate", "takeover"]);
  const { session, connection } = await connect("lamp");
  const told: string[] = [];
  Object.assign(connection, { tell: (_event: string, text: string) => void told.push(text) });
  inbound.message(session, "GET_CLOCK");
  session.device.connection = null;
  arrivals.disconnect(session, "replaced");
  const before = told.length;
  await clock.advance(10_000);
  expect(told).toHaveLength(before);
});
