/** Presence as the hub tells it, under a fake clock (protocol 6.1, 6.2). */
import { expect, it } from "@jest/globals";
import { testHouse } from "../../support/house.ts";

it("makes a device late and offline by its own beat, with the reason, and online with its next frame", async () => {
  const { clock, arrivals, attendance, inbound, connect, house } = testHouse();
  attendance.start();
  const { session } = await connect("lamp");
  const { device } = session;
  for (let i = 0; i < 10; i++) {
    inbound.heartbeat(session, {}, {});
    await clock.advance(1_000);
  }
  expect(device.presence).toBe("online");
  expect(device.beatMs).toBe(1_000);
  await clock.advance(1_600);
  expect(device.presence).toBe("late");
  await clock.advance(750);
  expect(device).toMatchObject({ presence: "offline", reason: "silent" });
  inbound.message(session, "back again");
  expect(device.presence).toBe("online");
  expect(device.log.map(({ presence }) => presence)).toEqual(["online", "late", "offline", "online"]);
  arrivals.disconnect(session, "closed");
  expect(device).toMatchObject({ presence: "offline", reason: "closed" });
  attendance.close();
  await house.close();
});

it("is not confused by a wall clock that jumps", async () => {
  const { clock, attendance, inbound, connect } = testHouse();
  attendance.start();
  const { session } = await connect("lamp");
  for (let i = 0; i < 10; i++) {
    inbound.heartbeat(session, {}, {});
    await clock.advance(1_000);
    clock.jump(clock.now() + (i % 2 === 0 ? 86_400_000 : -86_400_000));
  }
  inbound.heartbeat(session, {}, {});
  expect(session.device.log).toHaveLength(1);
  attendance.close();
});
