/** What the agent can do with anything that it drives, a light or a switch; outputs.ts holds them by name. */
import type { Property } from "#protocol/values.ts";

export interface Output {
  /** How it is declared to the hub. */
  readonly property: Property;
  /** What was asked for last: brightness 0 to 100, or on and off. */
  readonly value: number | boolean;
  /**
   * Goes to a level from the present one, whatever it was doing.
   * @param level 0 to 100; for a switch everything above 0 is on
   * @param transitionMs length of the fade; 0 is at once, and a switch knows nothing else
   * @returns when the pin has taken the first step of it
   * @throws DriverError when the pin cannot be driven now
   */
  set(level: number, transitionMs?: number): Promise<void>;
  /** Makes itself seen for three seconds, where that harms nothing. */
  identify(): void;
  /** Leaves the pin as it is and lets go of it. */
  close(): Promise<void>;
}

/** The level that stands for a value: what the file of last levels keeps. */
export function levelOf(value: number | boolean): number {
  return typeof value === "number" ? value : value ? 100 : 0;
}
