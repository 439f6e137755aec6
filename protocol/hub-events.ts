/** What the hub tells a device (protocol section 5). */
import type { WireError } from "./errors.ts";
import type { Value, Values } from "./values.ts";

/** `{property: value, …}` and beside the values the fade in ms (protocol 5.1). */
export type SetFrame = { readonly [property: string]: Value };

/** The answer to `hello` (protocol 4.1). `time` is the hub's clock, ms since the epoch. */
export interface Welcome {
  readonly id: string;
  readonly name: string;
  readonly time: number;
  readonly rooms: readonly string[];
  readonly desired: Values;
  readonly acquiring: boolean;
  readonly protocol: 1;
  /** Once, when somebody has approved the device: it keeps it, and gives it from now on (protocol 7.9). */
  readonly token?: string;
}

export interface ActionFrame {
  readonly name: string;
  readonly input?: unknown;
}

/** A device that samples starts, or stops (protocol 5.3). */
export interface AcquireFrame {
  readonly running: boolean;
  readonly intervalMs?: number;
}

/** Event name → its data, as the hub sends it. */
export interface HubEvents {
  readonly set: SetFrame;
  readonly action: ActionFrame;
  readonly acquire: AcquireFrame;
  readonly message: string;
  readonly welcome: Welcome;
  readonly error: WireError;
  readonly bye: WireError;
  readonly pending: { readonly message: string };
}

const HUB_EVENTS: Record<keyof HubEvents, true> = {
  set: true,
  action: true,
  acquire: true,
  message: true,
  welcome: true,
  error: true,
  bye: true,
  pending: true,
};

/** Whether `event` is one that only the hub says; coming in, it is an echo and is dropped (protocol 3.1). */
export function isHubEvent(event: string): event is keyof HubEvents {
  return Object.hasOwn(HUB_EVENTS, event);
}
