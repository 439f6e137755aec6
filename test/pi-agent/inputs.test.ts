import { afterEach, describe, expect, it } from "@jest/globals";
import { DriverError } from "../../pi-agent/drivers/driver.ts";
import { createSimulatedDriver } from "../../pi-agent/drivers/simulated.ts";
import { Inputs } from "../../pi-agent/inputs.ts";
import type { InputWiring } from "../../pi-agent/wiring.ts";
import { fakeClock } from "../support/fake-clock.ts";

const BUTTON: InputWiring = {
  name: "button",
  pin: 16,
  pull: "up",
  activeLow: true,
  debounceMs: 30,
  message: "button pressed",
};

let inputs: Inputs;
afterEach(() => inputs.close());

async function open(...wirings: InputWiring[]) {
  const clock = fakeClock();
  const driver = createSimulatedDriver();
  const told: unknown[] = [];
  inputs = new Inputs({ clock, driver, onChange: (...change) => told.push(change) });
  await inputs.open(wirings);
  return { clock, driver, told };
}

describe("an input", () => {
  it("tells a press and a release of a button to ground once each, the press with its message", async () => {
    const { clock, driver, told } = await open(BUTTON);
    expect(inputs.values).toEqual({ button: false });
    driver.hold(16, false);
    await clock.advance(50);
    expect(inputs.values).toEqual({ button: true });
    driver.hold(16, null);
    await clock.advance(1000);
    expect(told).toEqual([
      ["button", true, "button pressed"],
      ["button", false, null],
    ]);
  });

  it("tells nothing of a contact that only bounces", async () => {
    const { clock, driver, told } = await open(BUTTON);
    for (let i = 0; i < 20; i++) {
      driver.hold(16, i % 2 === 0);
      await clock.advance(20);
    }
    expect(told).toEqual([]);
  });

  it("begins with the level it finds, and tells no change of it", async () => {
    const clock = fakeClock();
    const driver = createSimulatedDriver();
    driver.hold(16, false);
    const told: unknown[] = [];
    inputs = new Inputs({ clock, driver, onChange: (...change) => told.push(change) });
    await inputs.open([BUTTON]);
    await clock.advance(100);
    expect([inputs.values, told]).toEqual([{ button: true }, []]);
  });

  it("counts high as true where it is wired so", async () => {
    const door = { ...BUTTON, name: "door", pin: 17, pull: "down" as const, activeLow: false, message: null };
    const { clock, driver, told } = await open(BUTTON, door);
    driver.hold(17, true);
    await clock.advance(50);
    expect(told).toEqual([["door", true, null]]);
  });

  it("is declared as a boolean to be read", async () => {
    await open({ ...BUTTON, title: "Bell" });
    expect(Object.fromEntries(inputs.properties)).toEqual({
      button: { type: "boolean", readOnly: true, title: "Bell" },
    });
  });

  it("keeps its value while the driver cannot tell, and follows when it can again", async () => {
    const clock = fakeClock();
    const driver = createSimulatedDriver();
    let isGone = false;
    const openInput: typeof driver.openInput = async (pin, pull) => {
      const input = await driver.openInput(pin, pull);
      const gone = new DriverError("simulated", pin, "it is gone", "Wait");
      return { ...input, read: () => (isGone ? Promise.reject(gone) : input.read()) };
    };
    const told: unknown[] = [];
    inputs = new Inputs({ clock, driver: { ...driver, openInput }, onChange: (...change) => told.push(change) });
    await inputs.open([BUTTON]);
    isGone = true;
    driver.hold(16, false);
    await clock.advance(500);
    expect(told).toEqual([]);
    isGone = false;
    await clock.advance(50);
    expect(told).toEqual([["button", true, "button pressed"]]);
  });
});
