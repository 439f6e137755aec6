/** Asks the kernel for a PWM channel or a GPIO line and waits until its files can be used. Called by kernel-pwm.ts and kernel-gpio.ts. */
import { type Clock, delay } from "#base/clock.ts";
import type { BootConfig } from "./boot-config.ts";
import { explain } from "./kernel-faults.ts";
import { codeOf, type Sysfs, type SysfsFile, writeValue } from "./sysfs.ts";

export interface KernelParts {
  readonly clock: Clock;
  readonly sysfs: Sysfs;
  /** As `uname -r` says it: `6.6.62+rpt-rpi-v8`. */
  readonly release: string;
  /** The board by its own word; null when it is no Raspberry Pi. */
  readonly model: string | null;
  readonly bootConfig: BootConfig;
}

export const KERNEL_LIMITS = {
  /** udev gives new files to the group gpio a moment after they appear: 361 ms were seen. */
  readyMs: 3_000,
  pollMs: 20,
} as const;

export interface Exportable<Name extends string> {
  readonly pin: number;
  /** The attribute that takes `number`, and the folder that then appears. */
  readonly exporter: string;
  readonly number: number;
  readonly folder: string;
  /** Attributes in the folder to open for reading and writing. */
  readonly files: readonly Name[];
}

export type Files<Name extends string> = Readonly<Record<Name, SysfsFile>>;

/**
 * Asks for `wanted`, unless it is there already, and opens its files.
 * @returns the files by their names
 * @throws DriverError when the kernel refuses, or when the files cannot be used in time
 */
export async function exportAndOpen<Name extends string>(
  parts: KernelParts,
  wanted: Exportable<Name>,
): Promise<Files<Name>> {
  const { clock, sysfs } = parts;
  requestExport(sysfs, wanted);
  const deadline = clock.monotonic() + KERNEL_LIMITS.readyMs;
  for (;;) {
    try {
      return openAll(sysfs, wanted);
    } catch (error) {
      if (clock.monotonic() >= deadline || !isNotReady(error)) throw error;
    }
    await delay(clock, KERNEL_LIMITS.pollMs);
  }
}

/** What is there stays as it is: an earlier agent left it so, and its power with it. */
function requestExport(sysfs: Sysfs, { pin, exporter, number, folder }: Exportable<string>): void {
  if (sysfs.has(folder)) return;
  try {
    writeValue(sysfs, exporter, `${number}`);
  } catch (error) {
    // Somebody else may have asked for it in the same moment.
    if (codeOf(error) === "EBUSY" && sysfs.has(folder)) return;
    throw explain(sysfs, pin, codeOf(error) === "EBUSY" ? folder : exporter, error);
  }
}

/** All or none. */
function openAll<Name extends string>(sysfs: Sysfs, { pin, folder, files }: Exportable<Name>): Files<Name> {
  const opened = new Map<Name, SysfsFile>();
  for (const name of files) {
    const path = `${folder}/${name}`;
    try {
      opened.set(name, sysfs.open(path, "both"));
    } catch (error) {
      for (const file of opened.values()) file.close();
      throw explain(sysfs, pin, path, error);
    }
  }
  return Object.fromEntries(opened) as Files<Name>;
}

function isNotReady(fault: unknown): boolean {
  const code = fault instanceof Error ? codeOf(fault.cause) : undefined;
  return code === "EACCES" || code === "ENOENT";
}

/** Uses `file`. @throws DriverError when the kernel refuses */
export function useFile<T>(sysfs: Sysfs, pin: number, file: SysfsFile, use: (file: SysfsFile) => T): T {
  try {
    return use(file);
  } catch (error) {
    throw explain(sysfs, pin, file.path, error);
  }
}
