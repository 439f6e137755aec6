/** Reads packets once per broadcast: the adapter hands the very same string to every receiver, so that the last result serves all of them in this turn. */
import type { SentTexts } from "./echo-memory.ts";
import type { Framing } from "./framing.ts";
import type { Turn } from "./outbox.ts";
import { type Outbound, readPacket } from "./translation.ts";

interface Read {
  readonly outbound: Outbound;
  /** The whole frame of an event; null when it would be empty, which the hub never sends (protocol 3.8). */
  readonly frame: Buffer | null;
  /** Length of what the frame carries. */
  readonly bytes: number;
  /** Of a message, since it may come back as an echo: its number among the texts that are sent; else 0. */
  readonly sent: number;
}

/** One for all connections of a framing. */
export class PacketReader {
  readonly #framing: Framing;
  readonly #texts: SentTexts;
  readonly #turn: Turn;
  #packet = "";
  /** The turn in which it was read: said again later, it is another one. */
  #readIn = -1;
  #read: Read = { outbound: { kind: "unknown" }, frame: null, bytes: 0, sent: 0 };
  #data: Buffer | null = null;
  #dataFrame: Buffer | null = null;

  constructor(framing: Framing, texts: SentTexts, turn: Turn) {
    this.#framing = framing;
    this.#texts = texts;
    this.#turn = turn;
  }

  read(packet: string): Read {
    if (packet !== this.#packet || this.#readIn !== this.#turn.count) {
      const outbound = readPacket(packet, this.#framing.isLines);
      const payload = Buffer.from(outbound.kind === "event" ? outbound.text : "");
      const frame = payload.length === 0 ? null : this.#framing.text(payload);
      const isMessage = outbound.kind === "event" && outbound.event === "message";
      const sent = isMessage ? this.#texts.add(outbound.text) : 0;
      this.#read = { outbound, frame, bytes: payload.length, sent };
      this.#packet = packet;
      this.#readIn = this.#turn.count;
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
