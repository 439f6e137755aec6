/** The kinds of simulated sensors: what each says it is (protocol 4.1), how often it measures, and what. Called by `sensor.ts` and `main.ts`. */
import type { Property } from "#protocol/values.ts";
import { createAcceleration, createClimate, createRandomLevel, type Signal } from "./signals.ts";

export interface SensorKind {
  /** As in «Simulating 5 accelerometers». */
  readonly name: string;
  /** Reports a second, unless stated. */
  readonly rateHz: number;
  readonly properties: { readonly [name: string]: Property };
  /** @param seed makes the signal and its phase a device's own */
  createSignal(seed: number): Signal;
}

const axis = { type: "number", unit: "m/s2" } as const;

export const SENSOR_KINDS = {
  accelerometer: {
    name: "accelerometer",
    rateHz: 100,
    properties: {
      accel: {
        type: "object",
        title: "Acceleration",
        unit: "m/s2",
        readOnly: true,
        properties: { x: axis, y: axis, z: axis },
      },
    },
    createSignal: createAcceleration,
  },
  thermometer: {
    name: "thermometer",
    rateHz: 1,
    properties: {
      temperature: { type: "number", title: "Temperature", unit: "celsius", readOnly: true },
      humidity: { type: "number", title: "Humidity", unit: "percent", minimum: 0, maximum: 100, readOnly: true },
    },
    createSignal: createClimate,
  },
  noise: {
    name: "source of noise",
    rateHz: 10,
    properties: { level: { type: "number", title: "Level", readOnly: true } },
    createSignal: createRandomLevel,
  },
} as const satisfies { readonly [kind: string]: SensorKind };

export type SensorKindName = keyof typeof SENSOR_KINDS;
