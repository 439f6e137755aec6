/** Which chip and channel of /sys/class/pwm a pin has, and what to do when it has none. Called by kernel-pwm.ts and kernel-check.ts. */
import { addLine, HARDWARE_PWM_PINS, hardwarePwmLine, pwmGpioLine } from "./boot-config.ts";
import type { DriverError } from "./driver.ts";
import type { KernelParts } from "./kernel-export.ts";
import { explain, kernelFault } from "./kernel-faults.ts";
import { isOverlayInKernel, OVERLAY_SINCE } from "./kernel-release.ts";
import type { Sysfs } from "./sysfs.ts";

const CLASS = "class/pwm";

/** The PWM of the chip, by the name of its device: Raspberry Pi 0 to 4 (an address of 20c000 in each), and 5. */
const CHIP_UNTIL_4 = /^[0-9a-f]*20c000\.pwm$/;
const CHIP_OF_5 = /^1f00098000\.pwm$/;
const CHANNELS_UNTIL_4: ReadonlyMap<number, number> = new Map([
  [12, 0],
  [18, 0],
  [13, 1],
  [19, 1],
]);
const CHANNELS_OF_5: ReadonlyMap<number, number> = new Map([
  [12, 0],
  [13, 1],
  [18, 2],
  [19, 3],
]);

export type PwmUse = "pwm" | "hardware-pwm";

export interface PwmChannel {
  /** Its chip, by the path from the root: `class/pwm/pwmchip0`. */
  readonly chip: string;
  readonly channel: number;
  /** What appears when the channel is exported: `class/pwm/pwmchip0/pwm0`. */
  readonly folder: string;
}

/**
 * Finds the channel of a pin by the name of the device behind it; the numbers of the chips change from boot to boot.
 * @throws DriverError when there is none, saying which line of config.txt makes it
 */
export function findPwmChannel(parts: KernelParts, pin: number, use: PwmUse): PwmChannel {
  let found: PwmChannel | null;
  try {
    found = use === "pwm" ? findGpioPwm(parts.sysfs, pin) : findHardwarePwm(parts.sysfs, pin);
  } catch (error) {
    throw explain(parts.sysfs, pin, CLASS, error);
  }
  if (found !== null) return found;
  throw use === "pwm" ? noGpioPwm(parts, pin) : noHardwarePwm(parts, pin);
}

function findGpioPwm(sysfs: Sysfs, pin: number): PwmChannel | null {
  const device = new RegExp(`(^|:)pwm_gpio@${pin.toString(16)}$`);
  const chip = findChip(sysfs, device);
  return chip === null ? null : channelOf(chip, 0);
}

function channelOf(chip: string, channel: number): PwmChannel {
  return { chip, channel, folder: `${chip}/pwm${channel}` };
}

/** Whether the pin belongs to the overlay `pwm-gpio`, which lets nobody else have it. */
export function isGpioPwm(sysfs: Sysfs, pin: number): boolean {
  return findGpioPwm(sysfs, pin) !== null;
}

function findHardwarePwm(sysfs: Sysfs, pin: number): PwmChannel | null {
  for (const [device, channels] of [
    [CHIP_UNTIL_4, CHANNELS_UNTIL_4],
    [CHIP_OF_5, CHANNELS_OF_5],
  ] as const) {
    const channel = channels.get(pin);
    const chip = channel === undefined ? null : findChip(sysfs, device);
    if (channel !== undefined && chip !== null) return channelOf(chip, channel);
  }
  return null;
}

function findChip(sysfs: Sysfs, device: RegExp): string | null {
  if (!sysfs.has(CLASS)) return null;
  for (const name of sysfs.list(CLASS)) {
    const chip = `${CLASS}/${name}`;
    if (sysfs.has(`${chip}/device`) && device.test(deviceName(sysfs, chip))) return chip;
  }
  return null;
}

function deviceName(sysfs: Sysfs, chip: string): string {
  return sysfs.resolve(`${chip}/device`).replace(/^.*\//, "");
}

function noGpioPwm({ model, release, bootConfig }: KernelParts, pin: number): DriverError {
  if (model === null) return notAPi(pin);
  if (!isOverlayInKernel(release)) {
    const reason = `the kernel ${release} is too old for PWM on this pin, it came with ${OVERLAY_SINCE.join(".")}`;
    return kernelFault(
      pin,
      reason,
      "Update it (sudo apt update && sudo apt full-upgrade, then sudo reboot), or use pigpiod",
    );
  }
  return kernelFault(pin, "the kernel has no PWM for this pin", addLine(bootConfig, pwmGpioLine(pin)));
}

function noHardwarePwm({ model, bootConfig }: KernelParts, pin: number): DriverError {
  if (!HARDWARE_PWM_PINS.includes(pin)) {
    const remedy = "Use GPIO12, GPIO13, GPIO18 or GPIO19, or leave the PWM to the kernel, which can on every pin";
    return kernelFault(pin, "this pin has no hardware PWM", remedy);
  }
  if (model === null) return notAPi(pin);
  return kernelFault(pin, "the hardware PWM of this pin is not switched on", addLine(bootConfig, hardwarePwmLine(pin)));
}

export function sharedWith(pin: number, owner: number): DriverError {
  return kernelFault(
    pin,
    `it shares its PWM with GPIO${owner}, which is in use`,
    "Use one of GPIO12 and GPIO18 with one of GPIO13 and GPIO19",
  );
}

function notAPi(pin: number): DriverError {
  return kernelFault(pin, "this computer has no PWM for this pin", "Use a Raspberry Pi");
}
