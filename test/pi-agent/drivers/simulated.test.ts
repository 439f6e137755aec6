import { createSimulatedDriver } from "../../../pi-agent/drivers/simulated.ts";
import { describePwmDriver } from "./contract.ts";

describePwmDriver({
  name: "simulated",
  held: [0, 0.4, 1],
  create: async () => {
    const driver = createSimulatedDriver(new Map([[20, 250]]));
    return { driver, powerOf: (pin) => driver.stepOf(pin) / 250, close: async () => {} };
  },
});
