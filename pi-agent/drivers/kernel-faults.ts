/** What the kernel driver says when the kernel refuses: a `DriverError` for each error of a file under /sys. */
import { DriverError } from "./driver.ts";
import { codeOf, type Sysfs } from "./sysfs.ts";

interface Explanation {
  readonly reason: string;
  readonly remedy: string;
}

const LOOK = "See what the kernel says: sudo dmesg | tail";

const EXPLANATIONS: { readonly [code: string]: Explanation | undefined } = {
  EACCES: {
    reason: "may not be used by this user",
    remedy:
      "Put the user in the group gpio (sudo usermod -aG gpio $USER, then log in again), or start the agent with sudo",
  },
  EROFS: {
    reason: "cannot be written, /sys is read-only here",
    remedy:
      "In a service, allow it: ReadWritePaths=-/sys/class/pwm -/sys/class/gpio -/sys/devices; in a container, mount /sys writable",
  },
  EBUSY: { reason: "is in use by another program or driver", remedy: "End it, or choose another pin" },
  ENOENT: { reason: "is not there", remedy: "Restart the Pi; if it stays away, check the overlays in config.txt" },
  ENODEV: { reason: "has gone", remedy: "Restart the Pi; if it stays away, check the overlays in config.txt" },
  EINVAL: { reason: "does not take this value", remedy: LOOK },
  EPERM: { reason: "was changed by another program", remedy: "Let only one program use the pin" },
  EIO: { reason: "does not work", remedy: LOOK },
};

/**
 * @param error what a call of `Sysfs` threw
 * @param path of the file it was about
 * @returns the fault for people; an error that is no system's is returned as it is, so that no bug looks like a loose wire
 */
export function explain(sysfs: Sysfs, pin: number, path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === undefined || error instanceof DriverError) return error;
  const { reason, remedy } = EXPLANATIONS[code] ?? { reason: "cannot be used", remedy: LOOK };
  return Object.assign(kernelFault(pin, `${sysfs.root}/${path} ${reason} (${code})`, remedy), { cause: error });
}

export function kernelFault(pin: number | null, reason: string, remedy: string): DriverError {
  return new DriverError("kernel", pin, reason, remedy);
}

/** Several faults as one, so that one restart mends them all. */
export function joinFaults(faults: readonly DriverError[]): DriverError | null {
  const [first] = faults;
  if (first === undefined || faults.length === 1) return first ?? null;
  const together = (of: (fault: DriverError) => string): string => [...new Set(faults.map(of))].join(". ");
  const reasons = faults.map(({ pin, reason }) => (pin === null ? reason : `GPIO${pin}: ${reason}`));
  return kernelFault(
    null,
    reasons.join("; "),
    together(({ remedy }) => remedy),
  );
}
