/** Reads packets once per broadcast: the adapter hands the very same string to every receiver, so the last result serves them all. */
import { type Outbound, readPacket } from "./translation.ts";
import { encodeFrame, OPCODE } from "./websocket-frame.ts";

interface Read {
  readonly outbound: Outbound;
  /** The whole WebSocket frame of an event; null when it would be empty, which the hub never sends (protocol 3.8). */
  readonly frame: Buffer | null;
  /** Length of what the frame carries. */
  readonly bytes: number;
}

export class PacketReader {
  #packet = "";
  #read: Read = { outbound: { kind: "unknown" }, frame: null, bytes: 0 };
  #data: Buffer | null = null;
  #dataFrame: Buffer = Buffer.alloc(0);

  read(packet: string): Read {
    if (packet !== this.#packet) {
      const outbound = readPacket(packet);
      const payload = Buffer.from(outbound.kind === "event" ? outbound.text : "");
      const frame = payload.length === 0 ? null : encodeFrame(OPCODE.text, payload);
      this.#read = { outbound, frame, bytes: payload.length };
      this.#packet = packet;
    }
    return this.#read;
  }

  binaryFrame(data: Buffer): Buffer {
    if (data !== this.#data) {
      this.#data = data;
      this.#dataFrame = encodeFrame(OPCODE.binary, data);
    }
    return this.#dataFrame;
  }
}
