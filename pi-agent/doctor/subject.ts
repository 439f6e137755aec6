/** What the doctor is asked about: the options of an agent, as far as they are checked. Made from them by the agent's main.ts. */
import type { DriverChoice, PinUse, Pull } from "../drivers/driver.ts";

export interface SubjectPin {
  /** The property. */
  readonly name: string;
  readonly pin: number;
  readonly use: PinUse;
  /** Of an input. */
  readonly pull?: Pull;
}

export interface Subject {
  readonly driver: DriverChoice;
  readonly pins: readonly SubjectPin[];
  /** `http://192.168.1.5:5000` */
  readonly hub: string;
  readonly dataDir: string;
  readonly pigpiodHost: string;
  readonly pigpiodPort: number;
  /** Where the options come from. */
  readonly source: "options" | "service";
}

/** Whether the driver of the kernel may be the one that is used. */
export function mayUseKernel({ driver }: Subject): boolean {
  return driver === "auto" || driver === "kernel";
}
