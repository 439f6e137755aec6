/** What is said of a device that has no connection. */
import { expect, it } from "@jest/globals";
import { testHouse } from "../../support/house.ts";

const NOT_CONNECTED = "The device reports, but has no open connection by which it could be reached.";

it("is not called offline while it reports over HTTP, whether it is asked or told something", async () => {
  const { actions, sayings, httpReports } = testHouse();
  httpReports.take("kitchen", { temperature: 21.5 });
  const refusal = { code: "OFFLINE", message: NOT_CONNECTED };
  await expect(actions.act({ device: "kitchen", action: "identify", by: "page" })).rejects.toMatchObject(refusal);
  expect(() => sayings.toDevice("kitchen", "hello")).toThrow(NOT_CONNECTED);
});

it("is called offline once it is", async () => {
  const { actions, connect, arrivals } = testHouse();
  arrivals.disconnect((await connect("lamp")).session, "closed");
  const refusal = { code: "OFFLINE", message: "The device is offline." };
  await expect(actions.act({ device: "lamp", action: "identify", by: "page" })).rejects.toMatchObject(refusal);
});
