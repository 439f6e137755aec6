/** Chooses what drives the pins: the driver that was asked for, or the first of the list that works here. Called by main.ts. */
import { readFileSync } from "node:fs";
import type { Clock } from "#base/clock.ts";
import { StartError } from "#base/program.ts";
import { DriverError, type DriverName, type PwmDriver } from "./driver.ts";
import { createPigpioDriver, loadPigpio } from "./pigpio.ts";
import { createPigpiodDriver } from "./pigpiod.ts";
import { PigpiodClient } from "./pigpiod-client.ts";
import { createSimulatedDriver } from "./simulated.ts";

/** What the choice depends on. */
export interface Surroundings {
  readonly clock: Clock;
  readonly pigpiodHost: string;
  readonly pigpiodPort: number;
  /** The board by its own word, `Raspberry Pi 4 Model B Rev 1.4`; null elsewhere. */
  readonly model: string | null;
  readonly isRoot: boolean;
}

type Opener = (here: Surroundings) => Promise<PwmDriver>;

const OPENERS: Readonly<Record<DriverName, Opener>> = {
  pigpiod: (here) =>
    createPigpiodDriver(new PigpiodClient({ clock: here.clock, host: here.pigpiodHost, port: here.pigpiodPort })),
  pigpio: async () => createPigpioDriver(await loadPigpio()),
  simulated: async () => createSimulatedDriver(),
};

/** Best first; `simulated` is not among them, so a lamp that stays dark is never taken for one that shines. */
const AUTOMATIC: readonly Opener[] = [OPENERS.pigpiod, openPigpioIfPossible];

/**
 * Opens the driver `choice`, or with `auto` the first that works.
 * @throws StartError naming every driver that was tried, why it does not work, and what to install or start
 */
export async function selectDriver(choice: DriverName | "auto", here: Surroundings): Promise<PwmDriver> {
  const faults: string[] = [];
  for (const open of choice === "auto" ? AUTOMATIC : [OPENERS[choice]]) {
    try {
      return await open(here);
    } catch (error) {
      if (!(error instanceof DriverError)) throw error;
      faults.push(error.message);
    }
  }
  const headline = choice === "auto" ? "No driver can move a pin here." : `The driver ${choice} does not work here.`;
  const instead = here.model === null ? "This is not a Raspberry Pi: without an LED, use --driver simulated." : "";
  throw new StartError(
    [headline, ...faults.map((fault) => `  ${fault}`), instead].filter((line) => line !== "").join("\n"),
  );
}

/** The library takes over signals and prints for itself, so it is only tried where it can work. */
async function openPigpioIfPossible(here: Surroundings): Promise<PwmDriver> {
  const fault = whyNoPigpio(here);
  if (fault !== null) throw fault;
  return await OPENERS.pigpio(here);
}

function whyNoPigpio({ model, isRoot }: Surroundings): DriverError | null {
  const remedy = "Use pigpiod instead";
  if (model === null) return new DriverError("pigpio", null, "it works only on a Raspberry Pi 0 to 4", remedy);
  if (/Raspberry Pi (5|500|Compute Module 5)/.test(model)) {
    return new DriverError("pigpio", null, `it does not know the ${model}`, "Use a Raspberry Pi 0 to 4");
  }
  return isRoot
    ? null
    : new DriverError("pigpio", null, "it needs root", "Start the agent with sudo, or start pigpiod");
}

/** The board by its own word; null when this is not a Raspberry Pi. */
export function readPiModel(path = "/proc/device-tree/model"): string | null {
  try {
    const model = readFileSync(path, "utf8").replaceAll("\0", "").trim();
    return model.startsWith("Raspberry Pi") ? model : null;
  } catch {
    return null;
  }
}
