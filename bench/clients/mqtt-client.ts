/** The least of an MQTT 3.1.1 client: one topic, QoS 0. Like `websocket-client.ts`, so that brokers are put under the same load. */
import { once } from "node:events";
import { Socket } from "node:net";
import type { ClientOptions, Hear } from "./websocket-client.ts";

const PACKET = { connect: 0x10, connack: 0x20, publish: 0x30, subscribe: 0x82, suback: 0x90 } as const;

export class MqttClient {
  readonly #socket = new Socket();
  readonly #port: number;
  readonly #id: string;
  readonly #topic: string;
  #rest: Buffer | null = null;
  #onPacket: (kind: number) => void = () => {};
  /** Called with the payload of each message. */
  onText: Hear = () => {};
  onClose: () => void = () => {};

  constructor({ port }: ClientOptions, id: string, topic: string) {
    this.#id = id;
    this.#topic = topic;
    this.#port = port;
    this.#socket.on("error", () => {});
    this.#socket.on("data", (data) => this.#take(data));
    this.#socket.on("close", () => this.onClose());
  }

  /** @param isListening whether it hears the topic */
  async open(isListening: boolean): Promise<void> {
    this.#socket.setNoDelay(true).connect(this.#port, "127.0.0.1");
    await once(this.#socket, "connect");
    // Protocol level 4, clean session, no keep-alive.
    await this.#ask(packet(PACKET.connect, text("MQTT"), Buffer.from([4, 2, 0, 0]), text(this.#id)), PACKET.connack);
    const filter = packet(PACKET.subscribe, Buffer.from([0, 1]), text(this.#topic), Buffer.from([0]));
    if (isListening) await this.#ask(filter, PACKET.suback);
  }

  send(message: string): void {
    this.#socket.write(packet(PACKET.publish, text(this.#topic), Buffer.from(message)));
  }

  close(): void {
    this.#socket.destroy();
  }

  #ask(question: Buffer, answer: number): Promise<void> {
    this.#socket.write(question);
    return new Promise((resolve) => {
      this.#onPacket = (kind) => {
        if (kind === answer) resolve();
      };
    });
  }

  #take(chunk: Buffer): void {
    const data = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = null;
    let at = 0;
    for (;;) {
      const body = bodyOf(data, at);
      if (body === null) break;
      if (data[at] === PACKET.publish) this.onText(data, body.start + 2 + data.readUInt16BE(body.start), body.end);
      else this.#onPacket(data[at] ?? 0);
      at = body.end;
    }
    if (at < data.length) this.#rest = data.subarray(at);
  }
}

function packet(kind: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const head = length < 128 ? [kind, length] : [kind, 0x80 | (length & 0x7f), length >> 7];
  return Buffer.concat([Buffer.from(head), body]);
}

function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([value.length >> 8, value.length & 0xff]), Buffer.from(value)]);
}

/** Where the packet at `at` has its body; null while it is not all there. */
function bodyOf(data: Buffer, at: number): { start: number; end: number } | null {
  let length = 0;
  for (let i = 1; i <= 4; i++) {
    const byte = data[at + i];
    if (byte === undefined) return null;
    length += (byte & 0x7f) << (7 * (i - 1));
    if (byte >= 0x80) continue;
    const start = at + 1 + i;
    return data.length < start + length ? null : { start, end: start + length };
  }
  return null;
}
