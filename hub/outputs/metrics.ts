/** The hub's figures for Prometheus (protocol 7.8). */
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Presence } from "#protocol/views.ts";
import type { House } from "../flow/house.ts";

export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
}

const PRESENCES: readonly Presence[] = ["online", "late", "offline"];

export function createMetrics(house: House): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const said = new Counter({
    name: "pharos_messages_total",
    help: "What was said, by kind.",
    labelNames: ["kind"],
    registers: [register],
  });
  house.events.on("said", ({ kind }) => said.inc({ kind }));
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
      this.set(house.store.isWritable ? 1 : 0);
    },
  });
  return { contentType: register.contentType, text: () => register.metrics() };
}
