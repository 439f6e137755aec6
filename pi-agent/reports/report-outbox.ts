/**
 * What stands between the agent's readings and the hub: nothing measured while the hub is gone is lost, within bounds.
 * Created with the agent, which gives it the readings of inputs and sensors. They are read-only properties: what waited
 * goes as `reports`, which sets no desired value (protocol 4.5).
 */
import type { Clock } from "#base/clock.ts";
import type { Values } from "#protocol/values.ts";
import { type Boot, readBoot } from "./boot.ts";
import type { Entry } from "./entry.ts";
import { Outbox, type ReportSender } from "./outbox.ts";
import { type OutboxLog, OutboxNews } from "./outbox-news.ts";
import { ReportTimes } from "./report-times.ts";
import { Ring, type RingBounds } from "./ring.ts";

export type { ReportEvents, ReportSender } from "./outbox.ts";

/** Eleven hours of a report every four seconds. */
export const DEFAULT_BOUNDS: RingBounds = { maxReports: 10_000, maxBytes: 4_000_000 };

export interface ReportOutbox {
  /** Takes a report made now. */
  add(values: Values): void;
  /**
   * The hub has welcomed this device: what waits goes out.
   * @param hubTime `time` of its welcome, which counts on a Pi whose clock nobody has set
   */
  connected(hubTime?: number): void;
  disconnected(): void;
  /** Says no more, and writes what is left. */
  close(): Promise<void>;
}

export interface ReportOutboxParts {
  readonly clock: Clock;
  readonly log: OutboxLog;
  readonly send: ReportSender;
  /** A folder of its own, made when it is needed; one for each device id. */
  readonly folder: string;
  readonly bounds?: RingBounds;
  readonly boot?: Boot;
  /** Tells the hub's log what was lost; nothing waits for it. */
  tellHub?(text: string): void;
}

/** Takes up what an earlier run left. Faults of the disk are told, and end nothing. */
export function createReportOutbox(parts: ReportOutboxParts): ReportOutbox {
  const { clock, log, send, folder, bounds = DEFAULT_BOUNDS, boot = readBoot(clock) } = parts;
  const ring = new Ring(folder, bounds);
  const news = new OutboxNews(log, folder, (text) => parts.tellHub?.(text));
  const times = new ReportTimes(clock, boot, load(ring, news));
  const outbox = new Outbox({ clock, boot, ring, times, news, send });
  outbox.start();
  return outbox;
}

/** For agents that keep nothing: what the hub does not hear is lost. */
export function createForgetfulReports(send: ReportSender): ReportOutbox {
  return {
    add: (values) => void send("report", [values], () => {}),
    connected: () => {},
    disconnected: () => {},
    close: async () => {},
  };
}

function load(ring: Ring, news: OutboxNews): readonly Entry[] {
  try {
    const kept = ring.load();
    if (kept.length > 0) news.found(kept.length);
    return kept;
  } catch (error) {
    news.unreadable(error as Error);
    return [];
  }
}
