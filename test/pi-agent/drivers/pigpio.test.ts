/** The npm package's own JavaScript over a stand-in of its addon: what the C library really does needs a Pi. */
import { existsSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { createPigpioDriver, type Signals } from "../../../pi-agent/drivers/pigpio.ts";
import { loadPigpio } from "../../../pi-agent/drivers/pigpio-library.ts";
import { hasPigpioPackage, loadPigpioStandIn } from "../../support/pigpiod-addon.ts";
import { Board, levelOf } from "../../support/pigpiod-board.ts";
import { CONTRACT_PINS, describeDriver } from "./contract.ts";

const NO_SIGNALS: Signals = { listeners: () => [], on: () => {}, off: () => {} };

function boardWithLight(): Board {
  const board = new Board();
  for (const pin of [CONTRACT_PINS.LIGHTS.on, CONTRACT_PINS.SWITCHES.on]) board.write(pin, 1);
  return board;
}

function powerOf(board: Board, gpio: number): number {
  const pin = board.pin(gpio);
  return pin.duty === null ? levelOf(pin) : pin.duty / pin.range;
}

function hold(board: Board, gpio: number, high: boolean | null): void {
  board.pin(gpio).held = high;
}

if (hasPigpioPackage) {
  describeDriver({
    name: "pigpio",
    held: [0, 1],
    create: async () => {
      const { library, board } = loadPigpioStandIn(boardWithLight());
      const driver = createPigpioDriver(library, NO_SIGNALS);
      return {
        driver,
        powerOf: (pin) => powerOf(board, pin),
        hold: (pin, high) => hold(board, pin, high),
        close: async () => {},
      };
    },
  });
}

(hasPigpioPackage ? describe : describe.skip)("the pigpio driver", () => {
  it("opens no port to the network: interfaces are configured before the library starts", () => {
    const { library, calls } = loadPigpioStandIn();
    createPigpioDriver(library, NO_SIGNALS);
    const DISABLE_FIFO_IF_AND_SOCK_IF = 3;
    expect(calls).toEqual([`gpioCfgInterfaces ${DISABLE_FIFO_IF_AND_SOCK_IF}`, "gpioInitialise"]);
  });

  it("sets frequency and range once, before the first duty", async () => {
    const { library, calls } = loadPigpioStandIn();
    const output = await createPigpioDriver(library, NO_SIGNALS).openPwm(21);
    await output.set(3);
    await output.set(4);
    expect(calls.slice(-4)).toEqual([
      "gpioSetPWMfrequency 21 800",
      "gpioSetPWMrange 21 250",
      "gpioPWM 21 3",
      "gpioPWM 21 4",
    ]);
    expect(calls.filter((call) => call.startsWith("gpioSetPWMrange"))).toHaveLength(1);
  });

  it("gives the signal handlers that the library has taken back to Node", () => {
    const { library, calls } = loadPigpioStandIn();
    const handler = (): void => {};
    const signals: Signals = {
      listeners: (signal) => (signal === "SIGTERM" ? [handler] : []),
      on: (signal, listener) => calls.push(`on ${signal} ${listener === handler}`),
      off: (signal, listener) => calls.push(`off ${signal} ${listener === handler}`),
    };
    createPigpioDriver(library, signals);
    expect(calls.slice(-3)).toEqual(["gpioInitialise", "off SIGTERM true", "on SIGTERM true"]);
  });

  it("switches a light off that it cannot hold, and then ends the library", async () => {
    const { library, board, calls } = loadPigpioStandIn();
    const driver = createPigpioDriver(library, NO_SIGNALS);
    await (await driver.openPwm(21)).set(100);
    await driver.close();
    expect(powerOf(board, 21)).toBe(0);
    expect(calls.slice(-2)).toEqual(["gpioWrite 21 0", "gpioTerminate"]);
  });

  it("says why the library does not start, and what to do", () => {
    const { library } = loadPigpioStandIn(new Board(), -1);
    expect(() => createPigpioDriver(library, NO_SIGNALS)).toThrow(
      /^pigpio: the library does not start \(pigpio error -1 in gpioInitialise\)\. It needs root, .*--driver pigpiod/,
    );
  });

  // Where the C library is there, the package is whole.
  (existsSync("/usr/include/pigpio.h") ? it.skip : it)(
    "says what to install when the package came without its C library",
    async () => {
      const empty = await loadPigpio();
      expect(() => createPigpioDriver(empty, NO_SIGNALS)).toThrow(
        "pigpio: the pigpio C library was missing when the npm package was installed. Install it with: sudo apt install libpigpio-dev && npm rebuild pigpio.",
      );
    },
  );

  it("switches without pulses, and leaves a switch as it is when it ends", async () => {
    const { library, board, calls } = loadPigpioStandIn();
    const driver = createPigpioDriver(library, NO_SIGNALS);
    await (await driver.openSwitch(26)).set(1);
    await driver.close();
    expect(powerOf(board, 26)).toBe(1);
    expect(calls.slice(2)).toEqual(["gpioGetMode 26", "gpioWrite 26 1", "gpioTerminate"]);
  });

  it("makes a pin an input before it pulls it", async () => {
    const { library, calls } = loadPigpioStandIn();
    const PULL_UP = 2;
    await createPigpioDriver(library, NO_SIGNALS).openInput(16, "up");
    expect(calls.slice(2)).toEqual(["gpioSetMode 16 0", `gpioSetPullUpDown 16 ${PULL_UP}`]);
  });

  it("leaves the chip's own PWM to the kernel", async () => {
    const { library } = loadPigpioStandIn();
    await expect(createPigpioDriver(library, NO_SIGNALS).openPwm(18, "hardware-pwm")).rejects.toThrow(
      "Use the driver kernel for it",
    );
  });
});
