/** Reports of a device that has no socket, over HTTP (protocol 7.5): it is there as long as it reports in its beat. */
import type { Reports } from "#protocol/device-events.ts";
import { PharosError } from "#protocol/errors.ts";
import { isId } from "#protocol/names.ts";
import type { Values } from "#protocol/values.ts";
import type { Arrivals } from "./arrivals.ts";
import type { Inbound } from "./inbound.ts";

export class HttpReports {
  readonly #arrivals: Arrivals;
  readonly #inbound: Inbound;

  constructor(arrivals: Arrivals, inbound: Inbound) {
    this.#arrivals = arrivals;
    this.#inbound = inbound;
  }

  /**
   * Takes one live report, or a batch.
   * @returns what was last asked of the device
   * @throws PharosError `BAD_ID`, `INVALID_VALUE`; then nothing of it is kept
   */
  take(id: string, body: Values | Reports): Values {
    if (!isId(id)) throw new PharosError("BAD_ID");
    const device = this.#arrivals.visit(id);
    if (Array.isArray(body)) this.#inbound.takeBatch(device, body as Reports);
    else this.#inbound.takeReport(device, body as Values, undefined);
    return device.desired();
  }
}
