/** Chooses what drives the pins: the driver that was asked for, or the first of the list that works here. Called by main.ts and the doctor. */
import { readFileSync } from "node:fs";
import { release } from "node:os";
import { type Clock, delay } from "#base/clock.ts";
import { StartError } from "#base/program.ts";
import { type BootConfig, readBootConfig } from "./boot-config.ts";
import { type DriverChoice, DriverError, type DriverName, type PinDriver } from "./driver.ts";
import { createKernelDriver } from "./kernel.ts";
import { checkKernel, mayPass, type WantedPin } from "./kernel-check.ts";
import type { KernelParts } from "./kernel-export.ts";
import { createPigpioDriver } from "./pigpio.ts";
import { loadPigpio, whyPigpioIsNotInstalled } from "./pigpio-library.ts";
import { createPigpiodDriver } from "./pigpiod.ts";
import { PigpiodClient } from "./pigpiod-client.ts";
import { createSimulatedDriver } from "./simulated.ts";
import { createSysfs, type Sysfs } from "./sysfs.ts";

/** Time for the kernel and udev to bring what config.txt names, when the agent starts with the Pi. */
const BOOT_WAIT_MS = 5_000;
const BOOT_POLL_MS = 250;

/** What the choice depends on. */
export interface Surroundings {
  readonly clock: Clock;
  /** The pins that the driver must give, and for what. */
  readonly wants: readonly WantedPin[];
  readonly pigpiodHost: string;
  readonly pigpiodPort: number;
  /** The board by its own word, `Raspberry Pi 4 Model B Rev 1.4`; null elsewhere. */
  readonly model: string | null;
  readonly isRoot: boolean;
  /** The kernel's files, its version and config.txt; those of this computer when they are not given. */
  readonly sysfs?: Sysfs;
  readonly release?: string;
  readonly bootConfig?: BootConfig;
}

export interface DriverDiagnosis {
  readonly driver: DriverName;
  /** Why it cannot drive these pins here; null when it can. */
  readonly fault: DriverError | null;
}

type Opener = (here: Surroundings) => Promise<PinDriver>;

const OPENERS: Readonly<Record<DriverName, Opener>> = {
  kernel: openKernel,
  pigpiod: openPigpiod,
  pigpio: async () => createPigpioDriver(await loadPigpio()),
  simulated: async () => createSimulatedDriver(),
};

/** Best first; `simulated` is not among them, so a lamp that stays dark is never taken for one that shines. */
const AUTOMATIC: readonly Opener[] = [openKernel, openPigpiod, openPigpioIfPossible];

/**
 * Opens the driver `choice`, or with `auto` the first that works.
 * @throws StartError naming every driver that was tried, why it does not work, and what to install or start
 */
export async function selectDriver(choice: DriverChoice, here: Surroundings): Promise<PinDriver> {
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

/** Says of each real driver, best first, whether it could drive these pins, without driving one. */
export async function diagnoseDrivers(here: Surroundings): Promise<readonly DriverDiagnosis[]> {
  const pigpiod = await faultOf(async () => await (await openPigpiod(here)).close());
  return [
    { driver: "kernel", fault: checkKernel(kernelParts(here), here.wants) },
    { driver: "pigpiod", fault: pigpiod },
    { driver: "pigpio", fault: whyNoPigpio(here) ?? whyPigpioIsNotInstalled() ?? whyNotBeside(pigpiod, here) },
  ];
}

async function openKernel(here: Surroundings): Promise<PinDriver> {
  const parts = kernelParts(here);
  const deadline = here.clock.monotonic() + BOOT_WAIT_MS;
  for (;;) {
    const fault = checkKernel(parts, here.wants);
    if (fault === null) return createKernelDriver(parts);
    if (here.clock.monotonic() >= deadline || !mayPass(parts, here.wants, fault)) throw fault;
    await delay(here.clock, BOOT_POLL_MS);
  }
}

function kernelParts({ clock, model, ...here }: Surroundings): KernelParts {
  return {
    clock,
    model,
    sysfs: here.sysfs ?? createSysfs(),
    release: here.release ?? release(),
    bootConfig: here.bootConfig ?? readBootConfig(),
  };
}

async function openPigpiod(here: Surroundings): Promise<PinDriver> {
  const { clock, pigpiodHost: host, pigpiodPort: port } = here;
  const driver = await createPigpiodDriver(new PigpiodClient({ clock, host, port }));
  const fault = whyNoHardwarePwm("pigpiod", here);
  if (fault === null) return driver;
  await driver.close();
  throw fault;
}

/** The library takes over signals and prints for itself, so it is only tried where it can work. */
async function openPigpioIfPossible(here: Surroundings): Promise<PinDriver> {
  const fault = whyNoPigpio(here);
  if (fault !== null) throw fault;
  return await OPENERS.pigpio(here);
}

function whyNoPigpio(here: Surroundings): DriverError | null {
  const { model, isRoot } = here;
  const fault = (reason: string, remedy: string) => new DriverError("pigpio", null, reason, remedy);
  if (model === null) return fault("it works only on a Raspberry Pi 0 to 4", "Use pigpiod instead");
  if (/Raspberry Pi (5|500|Compute Module 5)/.test(model)) {
    return fault(`it does not know the ${model}`, "Use the driver kernel, which does");
  }
  if (!isRoot) return fault("it needs root", "Start the agent with sudo, or start pigpiod");
  return whyNoHardwarePwm("pigpio", here);
}

function whyNoHardwarePwm(driver: DriverName, { wants }: Surroundings): DriverError | null {
  const want = wants.find(({ use }) => use === "hardware-pwm");
  if (want === undefined) return null;
  return new DriverError(driver, want.pin, "this driver does not use the hardware PWM", "Use the driver kernel for it");
}

/** @param pigpiod the daemon's fault; null when it answers */
function whyNotBeside(pigpiod: DriverError | null, { pigpiodHost }: Surroundings): DriverError | null {
  const isHere = ["localhost", "127.0.0.1", "::1"].includes(pigpiodHost);
  if (pigpiod !== null || !isHere) return null;
  const remedy = "Use the driver pigpiod, or end the daemon with: sudo killall pigpiod";
  return new DriverError("pigpio", null, "pigpiod runs, and the library cannot run beside it", remedy);
}

async function faultOf(attempt: () => Promise<void>): Promise<DriverError | null> {
  try {
    await attempt();
    return null;
  } catch (error) {
    if (error instanceof DriverError) return error;
    throw error;
  }
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
