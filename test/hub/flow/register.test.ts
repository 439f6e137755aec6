/** What people decide stays decided: what is removed is gone for good, and what they value makes room for nobody. */
import { describe, expect, it } from "@jest/globals";
import { testHouse } from "../../support/house.ts";

describe("a device that was removed while it was connected", () => {
  it("is gone from the store too, whatever its connection's end would write down", async () => {
    const { house, register, connect, clock } = testHouse();
    const { session, connection } = await connect("lamp");
    register.rename("lamp", "Desk", "page");
    register.remove("lamp");
    expect(connection.dismissed).toEqual(["DISCONNECTED"]);
    expect(house.registry.get("lamp")).toBeUndefined();
    await house.store.committed();
    expect(house.store.load(clock.now()).devices).toEqual([]);
    expect(session.device.connection).toBeNull();
  });
});

describe("a hub that can keep no more devices", () => {
  it("forgets one that nobody values, and refuses a newcomer rather than one that somebody does", async () => {
    const { register, arrivals, house, connect } = testHouse(["--max-devices", "2"]);
    for (const id of ["named", "plain"]) arrivals.disconnect((await connect(id)).session, "closed");
    register.rename("named", "Mine", "page");
    await connect("third");
    expect(house.registry.all().map(({ id }) => id)).toEqual(["named", "third"]);
    await expect(connect("fourth")).rejects.toMatchObject({ code: "TOO_MANY" });
    expect(house.registry.get("named")).toBeDefined();
  });
});
