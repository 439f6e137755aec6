/** Reads packets once per broadcast: the adapter hands the very same string to every receiver, so the last result serves them all. */
import type { Framing } from "./framing.ts";
import { type Outbound, readPacket } from "./translation.ts";

interface Read {
  readonly outbound: Outbound;
  /** The whole frame of an event; null when it would be empty, which the hub never sends (protocol 3.8). */
  readonly frame: Buffer | null;
  /** Length of what the frame carries. */
  readonly bytes: number;
}

/** One for all connections of a framing. */
export class PacketReader {
  readonly #framing: Framing;
  #packet = "";
  #read: Read = { outbound: { kind: "unknown" }, frame: null, bytes: 0 };
  #data: Buffer | null = null;
  #dataFrame: Buffer | null = null;

  constructor(framing: Framing) {
    this.#framing = framing;
  }

  read(packet: string): Read {
    if (packet !== this.#packet) {
      const outbound = readPacket(packet, this.#framing.isLines);
      const payload = Buffer.from(outbound.kind === "event" ? outbound.text : "");
      const frame = payload.length === 0 ? null : this.#framing.text(payload);
      this.#read = { outbound, frame, bytes: payload.length };
      this.#packet = packet;
    }
    return this.#read;
  }

  /** Null where binary cannot be sent. */
  binaryFrame(data: Buffer): Buffer | null {
    if (data !== this.#data) {
      this.#data = data;
      this.#dataFrame = this.#framing.binary(data);
    }
    return this.#dataFrame;
  }
}
