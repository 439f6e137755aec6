/** Simulated sensors to play with: accelerometers, thermometers, noise, each a device of its own at the plain WebSocket door. Called by main.ts and by tests. */
import type { Clock } from "#base/clock.ts";
import { SENSOR_KINDS, type SensorKindName } from "./sensors/kinds.ts";
import { doorOf } from "./sensors/plain-link.ts";
import { DEFAULT_BOUNDS, type RingBounds } from "./sensors/sample-ring.ts";
import { Sensor } from "./sensors/sensor.ts";

export interface SensorOptions {
  readonly kind: SensorKindName;
  /** `http://HOST:PORT` */
  readonly hub: string;
  readonly ids: readonly string[];
  readonly token?: string | null;
  readonly rooms?: readonly string[];
  /** Seconds between two beats. */
  readonly heartbeat?: number;
  /** Reports a second; else what the kind is used to. */
  readonly rateHz?: number | null;
  /** What is kept while the hub is away. */
  readonly bounds?: RingBounds;
  readonly clock: Clock;
  /** One line of a device. */
  readonly log: (line: string) => void;
}

const HEARTBEAT_SECONDS = 5;

/**
 * Switches the sensors on; they connect, and come back, by themselves.
 * @throws StartError when the hub's address is none
 */
export function startSimulatedSensors(options: SensorOptions): { close(): Promise<void> } {
  const kind = SENSOR_KINDS[options.kind];
  for (const id of options.ids) doorOf(options.hub, id);
  const sensors = options.ids.map(
    (id) =>
      new Sensor({
        hub: options.hub,
        id,
        kind,
        token: options.token ?? null,
        rooms: options.rooms ?? [],
        heartbeatSeconds: options.heartbeat ?? HEARTBEAT_SECONDS,
        rateHz: options.rateHz ?? kind.rateHz,
        bounds: options.bounds ?? DEFAULT_BOUNDS,
        clock: options.clock,
        log: (line) => options.log(`${id}: ${line}`),
      }),
  );
  for (const sensor of sensors) sensor.start();
  return {
    async close() {
      await Promise.all(sensors.map((sensor) => sensor.close()));
    },
  };
}
