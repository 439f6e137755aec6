/** What a load is made of, and what became of it: the words between a bench and its load process. */

export interface LoadOptions {
  readonly port: number;
  readonly devices: number;
  /** A frame for each report, or one for a batch of them (protocol 4.3). */
  readonly frames: "report" | "reports";
  readonly hasTemperature: boolean;
  /** Between two reports of a device. No report is sent before its time: 1 is as fast as the hub takes, 10 is 100 a second. */
  readonly stepMs: number;
}

export interface DeviceResult {
  readonly id: string;
  /** Device time of its first report; ms since the epoch. */
  readonly from: number;
  readonly reports: number;
  /** Of the last seconds: when so many of its reports were acknowledged. */
  readonly acknowledged: ReadonlyArray<readonly [at: number, reports: number]>;
}

export interface LoadResult {
  readonly devices: readonly DeviceResult[];
  /** The longest time in which no device got an acknowledgement. */
  readonly longestGapMs: number;
  /** The longest time that one device waited for one. */
  readonly longestWaitMs: number;
  /** Devices whose connection was cut. */
  readonly cut: number;
}

export type FromLoad = { readonly kind: "running" } | { readonly kind: "result"; readonly result: LoadResult };

export function fieldsOf({ hasTemperature }: Pick<LoadOptions, "hasTemperature">): readonly string[] {
  const accel = ["accel.x", "accel.y", "accel.z"];
  return hasTemperature ? [...accel, "temperature"] : accel;
}

/** Samples of all reports that were sent: one for each field. */
export function samplesOf({ devices }: LoadResult, options: LoadOptions): number {
  return devices.reduce((sum, { reports }) => sum + reports, 0) * fieldsOf(options).length;
}
