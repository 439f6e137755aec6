/** The hub's figures for Prometheus (protocol 7.8). */
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Presence } from "#protocol/views.ts";
import type { House, SaidLine } from "../flow/house.ts";
import type { HistoryUsage } from "../history/store.ts";

export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
}

const PRESENCES: readonly Presence[] = ["online", "late", "offline"];

export function createMetrics(house: House): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const said = new Map<SaidLine["kind"], number>();
  house.events.on("said", ({ kind }) => said.set(kind, (said.get(kind) ?? 0) + 1));
  new Counter({
    name: "pharos_messages_total",
    help: "What was said, by kind.",
    labelNames: ["kind"],
    registers: [register],
    collect() {
      this.reset();
      for (const [kind, count] of said) this.inc({ kind }, count);
    },
  });
  new Gauge({
    name: "pharos_devices",
    help: "Devices the hub knows, by presence.",
    labelNames: ["presence"],
    registers: [register],
    collect() {
      for (const presence of PRESENCES) this.set({ presence }, house.registry.count(presence));
    },
  });
  new Gauge({
    name: "pharos_storage_writable",
    help: "1 while the disk takes what is to be kept, else 0.",
    registers: [register],
    collect() {
      this.set(house.store.isWritable && house.history.isWritable ? 1 : 0);
    },
  });
  describeHistory(house, register);
  return { contentType: register.contentType, text: () => register.metrics() };
}

function describeHistory({ history, samples: intake }: House, register: Registry): void {
  const count = (name: string, help: string, read: () => number): void => {
    const counter = new Counter({
      name,
      help,
      registers: [register],
      collect() {
        counter.reset();
        counter.inc(read());
      },
    });
  };
  count("pharos_history_samples_total", "Samples that went into the history.", () => intake.taken);
  count("pharos_history_dropped_total", "Samples that found no room in it and are lost.", () => history.dropped);
  let asked: Promise<HistoryUsage> | null = null;
  /** Asked once for all figures of one look. */
  const usage = (): Promise<HistoryUsage> => {
    asked ??= history.usage().finally(() => {
      asked = null;
    });
    return asked;
  };
  const gauge = (name: string, help: string, read: (usage: HistoryUsage) => number): void => {
    new Gauge({
      name,
      help,
      registers: [register],
      async collect() {
        try {
          this.set(read(await usage()));
        } catch {
          // What was known last stands: `pharos_storage_writable` says that something is wrong.
        }
      },
    });
  };
  gauge("pharos_history_stored_samples", "Samples kept at full rate.", ({ samples }) => samples);
  gauge("pharos_history_bytes", "Bytes of the history's file.", ({ bytes }) => bytes);
  gauge("pharos_history_free_bytes", "Bytes of it that are empty.", ({ freeBytes }) => freeBytes);
  new Gauge({
    name: "pharos_history_queue_ratio",
    help: "How full the queue of samples before the disk is, 0 to 1.",
    registers: [register],
    collect() {
      this.set(history.pressure);
    },
  });
}
