import { createSimulatedDriver } from "../../../pi-agent/drivers/simulated.ts";
import { CONTRACT_PINS, describeDriver } from "./contract.ts";

describeDriver({
  name: "simulated",
  held: [0, 0.4, 1],
  create: async () => {
    const { LIGHTS, SWITCHES } = CONTRACT_PINS;
    const driver = createSimulatedDriver(new Map([LIGHTS.on, SWITCHES.on].map((pin) => [pin, 1])));
    return { driver, powerOf: driver.powerOf, hold: driver.hold, close: async () => {} };
  },
});
