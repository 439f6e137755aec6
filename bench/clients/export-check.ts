/** Whether an export has what a load said: every sample that must be there, none twice, each with its value. */
import { type DeviceResult, fieldsOf, type LoadOptions, type LoadResult } from "./load-options.ts";
import type { ExportedRow } from "./recorder.ts";
import { SensorWalk } from "./sensor-walk.ts";

export interface ExportFaults {
  /** Samples that were acknowledged in time. */
  due: number;
  /** Of those, the ones that are not there. */
  missing: number;
  repeated: number;
  /** With another value than was sent, or never sent. */
  wrong: number;
  /** All that are there. */
  samples: number;
}

/** What one device said, against what came back of it; rows come in the order of time. */
class DeviceCheck {
  readonly #sent: DeviceResult;
  readonly #options: LoadOptions;
  readonly #fields: readonly string[];
  readonly #walk: SensorWalk;
  readonly #seen: Uint8Array;
  #said: readonly number[] = [];
  #walked = 0;

  constructor(sent: DeviceResult, index: number, options: LoadOptions) {
    this.#sent = sent;
    this.#options = options;
    this.#fields = fieldsOf(options);
    this.#walk = new SensorWalk(index + 1, this.#fields.length);
    this.#seen = new Uint8Array(sent.reports * this.#fields.length);
  }

  take({ deviceTimeMs, values }: ExportedRow, faults: ExportFaults): void {
    const report = (deviceTimeMs - this.#sent.from) / this.#options.stepMs;
    while (this.#walked <= report && this.#walked < this.#sent.reports) {
      this.#said = this.#walk.next();
      this.#walked++;
    }
    for (const [property, value] of Object.entries(values)) {
      const field = this.#fields.indexOf(property);
      const at = report * this.#fields.length + field;
      faults.samples++;
      if (this.#seen[at] === 1) faults.repeated++;
      else if (field < 0 || this.#said[field] !== value || this.#walked !== report + 1) faults.wrong++;
      this.#seen[at] = 1;
    }
  }

  /** @param until when the last report that must be there was acknowledged, ms since the epoch */
  end(until: number, faults: ExportFaults): void {
    const reports = this.#sent.acknowledged.findLast(([at]) => at < until)?.[1] ?? 0;
    const due = this.#seen.subarray(0, reports * this.#fields.length);
    faults.due += due.length;
    faults.missing += due.filter((seen) => seen === 0).length;
  }
}

/** @param until ms since the epoch: what was acknowledged before must be there */
export async function checkExport(
  rows: AsyncIterable<ExportedRow>,
  load: LoadResult,
  options: LoadOptions,
  until: number,
): Promise<ExportFaults> {
  const faults: ExportFaults = { due: 0, missing: 0, repeated: 0, wrong: 0, samples: 0 };
  const checks = new Map(load.devices.map((sent, i) => [sent.id, new DeviceCheck(sent, i, options)]));
  for await (const row of rows) {
    const check = checks.get(row.device);
    if (check === undefined) faults.wrong++;
    else check.take(row, faults);
  }
  for (const check of checks.values()) check.end(until, faults);
  return faults;
}
