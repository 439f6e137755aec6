/**
 * One plain connection in the shape of an Engine.IO connection, so that Socket.IO serves it like any other client.
 * Inbound text becomes a packet of namespace `/bridge`; packets become frames (protocol section 3).
 */
import { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Clock } from "#base/clock.ts";
import { isDeviceEvent } from "#protocol/device-events.ts";
import { ERRORS, type ErrorCode, wireError } from "#protocol/errors.ts";
import { type FrameId, formatAck, formatEvent, type Inbound, parseFrame } from "#protocol/frames.ts";
import { isHubEvent } from "#protocol/hub-events.ts";
import type { HubConfig } from "../base/config.ts";
import { LIMITS } from "../base/limits.ts";
import { EchoMemory, type SentTexts } from "./echo-memory.ts";
import type { Entrance } from "./entrance.ts";
import { isHttpRequest, readHelloLine } from "./hello-line.ts";
import { createLiveness, type Liveness } from "./liveness.ts";
import { Outbox, type Turn } from "./outbox.ts";
import type { PacketReader } from "./packet-reader.ts";
import type { PlainTransport } from "./plain-transport.ts";
import { Strikes } from "./strikes.ts";
import { ackPacket, BINARY_PACKET, connectPacket, eventPacket } from "./translation.ts";

export interface PlainParts {
  readonly id: string;
  readonly transport: PlainTransport;
  readonly request: IncomingMessage;
  readonly config: HubConfig;
  readonly clock: Clock;
  readonly turn: Turn;
  readonly reader: PacketReader;
  readonly texts: SentTexts;
}

/** Who asks for entry. */
export interface Visitor {
  readonly id: string;
  /** Whether the hub made the id, so that the device may still name itself. */
  readonly nameless: boolean;
  readonly entrance: Entrance;
}

export class PlainConnection extends EventEmitter {
  readonly protocol = 4;
  readonly id: string;
  readonly request: IncomingMessage;
  readonly remoteAddress: string;
  readonly door: PlainTransport["door"];
  readonly transport: { readonly name: "websocket"; readonly writable: boolean };
  readonly liveness: Liveness;
  readyState: "open" | "closing" | "closed" = "open";
  /** Null until it starts. */
  entrance: Entrance | null = null;
  /** Largest frame the device takes, bytes (protocol 1.3). */
  maxFrameBytes: number;
  readonly #transport: PlainTransport;
  readonly #clock: Clock;
  readonly #reader: PacketReader;
  readonly #outbox: Outbox;
  readonly #echoes: EchoMemory;
  readonly #strikes: Strikes;
  /** Questions of the device that wait for an answer: our number → its id, oldest first. */
  readonly #questions = new Map<number, FrameId>();
  #asked = 0;
  /** The reason of the `bye` that went out. */
  #bye: ErrorCode | null = null;
  #attachment: string | null = null;
  /** Whether the next line may be `HELLO ID` (protocol 2.4). */
  #awaitsName = false;

  constructor({ id, transport, request, config, clock, turn, reader, texts }: PlainParts) {
    super();
    this.id = id;
    this.request = request;
    this.remoteAddress = transport.remoteAddress;
    this.door = transport.door;
    this.maxFrameBytes = transport.maxFrameBytes;
    this.#transport = transport;
    this.#clock = clock;
    this.#reader = reader;
    this.#outbox = new Outbox(transport.socket, turn, config.maxQueuedBytes, () => this.#overflow());
    this.#echoes = new EchoMemory(texts);
    this.#strikes = new Strikes(config.strikes, clock);
    const { ping } = transport.framing;
    this.liveness = createLiveness(config, clock, ping === null ? null : () => this.#outbox.push(ping));
    const isReading = (): boolean => this.#outbox.unsentBytes < config.highWaterMark;
    this.transport = {
      name: "websocket",
      get writable() {
        return isReading();
      },
    };
  }

  /** Listens, and asks for entry to the namespace. Frames wait until it is granted. */
  start({ id, nameless, entrance }: Visitor): void {
    this.entrance = entrance;
    this.#awaitsName = nameless && this.door === "tcp";
    this.#transport.listen({
      text: (text) => this.#onFrame(text, (frame) => this.#onText(frame)),
      binary: (data) => this.#onFrame(data, (frame) => this.#onBinary(frame)),
      fault: (code, message) => this.#onFrame(message, () => this.#fault(code, message, undefined)),
      tooBig: () => this.close("TOO_BIG"),
      heard: () => this.liveness.heard(),
      answered: () => this.liveness.answered(),
      ended: () => this.#onEnded(),
      closed: () => this.#onClosed(),
    });
    this.#clock.after(LIMITS.holdFirstFrameMs, () => this.speak());
    this.emit("data", connectPacket({ id, nameless }));
  }

  /** The first silence is over (protocol 3.9). */
  speak(): void {
    this.#outbox.release();
  }

  /** Socket.IO's way out: one encoded packet, or the attachment of the one before. */
  write(packet: string | Buffer): void {
    if (this.readyState !== "open") return;
    if (typeof packet === "string") this.#writePacket(packet);
    else this.#writeAttachment(packet);
  }

  /** Says `bye` unless it was said, then closes with the reason, always (protocol 3.8). */
  close(reason: ErrorCode = this.#bye ?? "DISCONNECTED"): void {
    if (this.readyState !== "open") return;
    if (this.#bye === null) this.#push(formatEvent("bye", wireError(reason)));
    this.#hangUp(reason);
  }

  #hangUp(reason: ErrorCode): void {
    if (this.readyState !== "open") return;
    this.readyState = "closing";
    this.#outbox.release();
    this.#outbox.flush();
    this.#transport.close(reason);
    this.#clock.after(LIMITS.closeMs, () => this.#transport.terminate());
  }

  #writePacket(packet: string): void {
    const { outbound, frame, bytes, sent } = this.#reader.read(packet);
    switch (outbound.kind) {
      case "connected":
        // Socket.IO knows the socket only after this call returns.
        process.nextTick(() => this.#transport.resume());
        break;
      case "event":
        if (outbound.event === "bye") this.#bye = byeCode(outbound.data);
        if (sent !== 0) this.#echoes.remember(sent);
        if (frame !== null && bytes <= this.maxFrameBytes) this.#outbox.push(frame);
        break;
      case "ack":
        this.#answer(outbound.id, outbound.answer);
        break;
      case "binary":
        this.#attachment = outbound.event;
        break;
      case "disconnect":
        this.close();
        break;
      case "refused":
        this.close(outbound.code in ERRORS ? (outbound.code as ErrorCode) : "DISCONNECTED");
        break;
      case "unknown":
        break;
      default:
        outbound satisfies never;
    }
  }

  #writeAttachment(data: Buffer): void {
    if (this.#attachment !== "binary" || data.length > this.maxFrameBytes || data.length === 0) return;
    const frame = this.#reader.binaryFrame(data);
    if (frame !== null) this.#outbox.push(frame);
  }

  #answer(question: number, answer: unknown): void {
    const id = this.#questions.get(question);
    if (id === undefined) return;
    this.#questions.delete(question);
    this.#push(formatAck(id, answer));
  }

  #push(text: string): void {
    this.#outbox.push(this.#transport.framing.text(Buffer.from(text)));
  }

  /** Any frame proves life and ends the first silence; an empty one does no more. */
  #onFrame<T extends string | Buffer>(frame: T, take: (frame: T) => void): void {
    this.liveness.heard();
    this.speak();
    if (this.readyState === "open" && frame.length > 0) take(frame);
  }

  #onBinary(data: Buffer): void {
    this.emit("data", BINARY_PACKET);
    this.emit("data", data);
  }

  #onText(text: string): void {
    if (this.#awaitsName && this.#takesName(text)) return;
    const frame = parseFrame(text);
    const relayed = frame.kind !== "event" && this.#echoes.isEcho(text) ? undefined : text;
    switch (frame.kind) {
      case "event":
        this.#onEvent(frame);
        break;
      case "ack":
        this.#onAck(frame);
        break;
      case "heartbeat":
        this.emit("data", eventPacket(["heartbeat", {}, { text: relayed }]));
        break;
      case "report":
        this.emit("data", eventPacket(["report", frame.values, { text: relayed, time: frame.time }]));
        break;
      case "message":
        if (relayed !== undefined) this.emit("data", eventPacket(["message", text]));
        break;
      case "malformed":
        this.#fault("BAD_FRAME", frame.reason, undefined);
        break;
      default:
        frame satisfies never;
    }
  }

  /** The first line may be for the door. @returns whether it was */
  #takesName(text: string): boolean {
    this.#awaitsName = false;
    const name = readHelloLine(text);
    if (name !== null) this.emit("data", eventPacket(["name", name.id]));
    else if (isHttpRequest(text)) this.close("NO_DOOR");
    return name !== null || this.readyState !== "open";
  }

  #onEvent({ event, data, id, time }: Inbound & { kind: "event" }): void {
    if (isDeviceEvent(event)) {
      this.emit(
        "data",
        eventPacket([event, data ?? null, { time }], id === undefined ? undefined : this.#question(id)),
      );
    } else if (!isHubEvent(event)) {
      this.#fault("UNKNOWN_EVENT", `\`${event.slice(0, 64)}\`: ${ERRORS.UNKNOWN_EVENT.message}`, id);
    }
  }

  #onAck({ id, data, error }: Inbound & { kind: "ack" }): void {
    // The hub asks by whole numbers; a device may write them as text.
    if (!/^\d{1,15}$/.test(String(id))) return;
    this.emit("data", ackPacket(Number(id), error === undefined ? data : { error }));
  }

  #question(id: FrameId): number {
    this.#asked += 1;
    this.#questions.set(this.#asked, id);
    const [oldest] = this.#questions.keys();
    if (this.#questions.size > LIMITS.openQuestions && oldest !== undefined) this.#questions.delete(oldest);
    return this.#asked;
  }

  /** A faulty frame is answered and dropped; too many in a minute end the connection (protocol 3.10). */
  #fault(code: ErrorCode, message: string, id: FrameId | undefined): void {
    const error = wireError(code, message);
    this.#push(id === undefined ? formatEvent("error", error) : formatAck(id, { error }));
    if (this.#strikes.isOut()) this.close("STRIKES");
  }

  /** The peer does not read: what is queued is dropped, and there is no use in a `bye`. */
  #overflow(): void {
    this.#bye = "TOO_SLOW";
    this.close("TOO_SLOW");
  }

  /** The peer said its last, but may wait for answers; it is gone soon, and needs no `bye`. */
  #onEnded(): void {
    this.liveness.ended();
    this.#clock.after(LIMITS.halfOpenMs, () => this.#hangUp("DISCONNECTED"));
  }

  #onClosed(): void {
    this.readyState = "closed";
    this.emit("close", this.liveness.isSilent ? "ping timeout" : "transport close");
  }
}

function byeCode(data: unknown): ErrorCode {
  const code = (data as { code?: string } | null)?.code ?? "";
  return code in ERRORS ? (code as ErrorCode) : "DISCONNECTED";
}
