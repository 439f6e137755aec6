/** What dialling needs of the rest of the hub. */
import type { Clock } from "#base/clock.ts";
import type { Access } from "../access/access.ts";
import type { HubConfig } from "../base/config.ts";
import type { Arrivals } from "../flow/arrivals.ts";
import type { Attendance } from "../flow/attendance.ts";
import type { Dials } from "../flow/dials.ts";
import type { Streams } from "../flow/streams.ts";
import type { PlainEngine } from "./plain-engine.ts";

export interface DialParts {
  readonly config: HubConfig;
  readonly clock: Clock;
  readonly access: Access;
  readonly engine: PlainEngine;
  readonly arrivals: Arrivals;
  readonly attendance: Attendance;
  readonly dials: Dials;
  readonly streams: Streams;
  /** The ports at which this hub listens: two ends of one hub would talk to each other for ever. */
  readonly ownPorts: () => readonly (number | null)[];
}
