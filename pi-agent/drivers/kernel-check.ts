/** Whether the kernel can give all the pins that are wanted, found out without touching one. Called by select.ts. */
import { addLine, hardwarePwmLine, pwmGpioLine } from "./boot-config.ts";
import { DriverError, type PinUse } from "./driver.ts";
import type { KernelParts } from "./kernel-export.ts";
import { explain, joinFaults, kernelFault } from "./kernel-faults.ts";
import { findGpioBase, GPIO_EXPORT, gpioFolder, usedBySomeone } from "./kernel-gpio.ts";
import { findPwmChannel, isGpioPwm, sharedWith } from "./kernel-pwm-chips.ts";
import { codeOf, type Sysfs, whyNotWritable } from "./sysfs.ts";

export interface WantedPin {
  readonly pin: number;
  readonly use: PinUse;
}

/** @returns why not all of them can be had, with every line of config.txt that is missing; null when they can */
export function checkKernel(parts: KernelParts, wants: readonly WantedPin[]): DriverError | null {
  const folders = new Map<string, number>();
  const faults = wants.map((want) => faultOf(() => checkPin(parts, want, folders)));
  return joinFaults(withPairLine(parts, wants, faults).filter((fault) => fault !== null));
}

/** Whether a fault may pass by itself soon after the Pi was started: the kernel still loads what config.txt names, or udev still grants it. */
export function mayPass({ bootConfig }: KernelParts, wants: readonly WantedPin[], fault: DriverError): boolean {
  if (codeOf(fault.cause) === "EACCES") return true;
  return wants.some(({ pin, use }) => use === "pwm" && bootConfig.lines.includes(pwmGpioLine(pin)));
}

function faultOf(check: () => void): DriverError | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof DriverError) return error;
    throw error;
  }
}

/** @param folders the PWM channels that the pins before this one have */
function checkPin(parts: KernelParts, { pin, use }: WantedPin, folders: Map<string, number>): void {
  const { sysfs } = parts;
  if (use === "pwm" || use === "hardware-pwm") {
    const { chip, folder } = findPwmChannel(parts, pin, use);
    const owner = folders.get(folder);
    if (owner !== undefined) throw sharedWith(pin, owner);
    folders.set(folder, pin);
    checkWritable(sysfs, pin, sysfs.has(folder) ? `${folder}/duty_cycle` : `${chip}/export`);
    return;
  }
  const folder = gpioFolder(findGpioBase(sysfs, pin) + pin);
  if (isGpioPwm(sysfs, pin)) throw usedBySomeone(sysfs, pin);
  checkWritable(sysfs, pin, sysfs.has(folder) ? `${folder}/direction` : GPIO_EXPORT);
}

function checkWritable(sysfs: Sysfs, pin: number, path: string): void {
  const fault = whyNotWritable(sysfs, path);
  if (fault !== null) throw explain(sysfs, pin, path, fault);
}

/** Two pins of the chip's PWM need one line together, not a line each. */
function withPairLine(
  { bootConfig }: KernelParts,
  wants: readonly WantedPin[],
  faults: readonly (DriverError | null)[],
): readonly (DriverError | null)[] {
  const missing = wants.filter(
    ({ use }, index) => use === "hardware-pwm" && faults[index]?.remedy.includes("dtoverlay"),
  );
  // The overlay gives its first place to GPIO12 or GPIO18, its second to GPIO13 or GPIO19.
  const first = missing.find(({ pin }) => pin === 12 || pin === 18);
  const second = missing.find(({ pin }) => pin === 13 || pin === 19);
  if (first === undefined || second === undefined) return faults;
  const remedy = addLine(bootConfig, hardwarePwmLine(first.pin, second.pin));
  return faults.map((fault, index) => {
    const isPart = wants[index] === first || wants[index] === second;
    return fault !== null && isPart ? kernelFault(fault.pin, fault.reason, remedy) : fault;
  });
}
