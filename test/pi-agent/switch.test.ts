import { describe, expect, it } from "@jest/globals";
import { createSimulatedDriver } from "../../pi-agent/drivers/simulated.ts";
import { Switch } from "../../pi-agent/switch.ts";

async function createSwitch(power = 0) {
  const driver = createSimulatedDriver(new Map([[20, power]]));
  const output = await driver.openSwitch(20);
  return { driver, relay: new Switch(output, "Pump") };
}

describe("a switch", () => {
  it("is as it finds its pin, and leaves it", async () => {
    const { relay, driver } = await createSwitch(1);
    expect(relay.value).toBe(true);
    expect(driver.powerOf(20)).toBe(1);
    expect((await createSwitch(0)).relay.value).toBe(false);
  });

  it("is on at any level above 0, and knows nothing between", async () => {
    const { relay, driver } = await createSwitch();
    await relay.set(1);
    expect([relay.value, driver.powerOf(20)]).toEqual([true, 1]);
    await relay.set(0);
    expect([relay.value, driver.powerOf(20)]).toEqual([false, 0]);
  });

  it("does not move to be found", async () => {
    const { relay, driver } = await createSwitch();
    relay.identify();
    expect(driver.powerOf(20)).toBe(0);
  });

  it("is declared as a boolean that can be written", async () => {
    expect((await createSwitch()).relay.property).toEqual({ type: "boolean", readOnly: false, title: "Pump" });
  });

  it("leaves the pin on when it is closed", async () => {
    const { relay, driver } = await createSwitch();
    await relay.set(100);
    await relay.close();
    expect(driver.powerOf(20)).toBe(1);
  });
});
