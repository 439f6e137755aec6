/** One simulated sensor: says what it is, measures all the time, beats, and does what the hub asks. Called by `simulate/sensor.ts`. */
import type { Clock, Timer } from "#base/clock.ts";
import { wireError } from "#protocol/errors.ts";
import { formatAck, formatEvent, type Inbound } from "#protocol/frames.ts";
import type { AcquireFrame, Welcome } from "#protocol/hub-events.ts";
import type { SensorKind } from "./kinds.ts";
import { seedOf } from "./noise.ts";
import { Outbox } from "./outbox.ts";
import { PlainLink } from "./plain-link.ts";
import { type RingBounds, SampleRing } from "./sample-ring.ts";
import { Sampler } from "./sampler.ts";

/** An interval that the hub asks for lies within these. */
const INTERVAL_MS = { least: 1, most: 3_600_000 };

export interface SensorParts {
  /** `http://HOST:PORT` */
  readonly hub: string;
  readonly id: string;
  readonly kind: SensorKind;
  readonly token: string | null;
  readonly rooms: readonly string[];
  readonly heartbeatSeconds: number;
  readonly rateHz: number;
  readonly bounds: RingBounds;
  readonly clock: Clock;
  /** Takes one line for people. */
  readonly log: (line: string) => void;
}

export class Sensor {
  readonly #parts: SensorParts;
  readonly #ring: SampleRing;
  readonly #link: PlainLink;
  readonly #outbox: Outbox;
  readonly #sampler: Sampler;
  #beat: Timer | null = null;
  #toldDropped = 0;
  #wasWelcomed = false;
  /** What the hub said last, so that the same fault of a hundred reports a second is one line. */
  #heard = "";

  constructor(parts: SensorParts) {
    this.#parts = parts;
    const { clock, kind, id } = parts;
    this.#ring = new SampleRing(parts.bounds);
    this.#link = new PlainLink({
      ...parts,
      onOpen: () => this.#hello(),
      onFrame: (frame) => this.#onFrame(frame),
      onClosed: () => this.#onClosed(),
    });
    this.#outbox = new Outbox({
      clock,
      ring: this.#ring,
      signal: kind.createSignal(seedOf(id)),
      send: (text) => this.#link.send(text),
      giveUp: () => this.#link.drop(),
    });
    this.#sampler = new Sampler({
      clock,
      intervalMs: 1000 / parts.rateHz,
      onDue: (times, isStalled) => this.#outbox.add(times, isStalled),
    });
  }

  /** Begins to measure, and to look for the hub. */
  start(): void {
    this.#link.open();
    this.#sampler.start();
  }

  async close(): Promise<void> {
    this.#sampler.stop();
    this.#beat?.cancel();
    await this.#link.close();
  }

  #hello(): void {
    const { kind, heartbeatSeconds, rooms } = this.#parts;
    const hello = {
      model: `Simulated ${kind.name}`,
      software: "pharos-simulate",
      heartbeat: heartbeatSeconds,
      rooms,
      properties: kind.properties,
      actions: { identify: { title: "Identify", description: "Says so in the simulator's terminal." } },
    };
    this.#link.send(formatEvent("hello", hello));
  }

  #onClosed(): void {
    this.#beat?.cancel();
    this.#outbox.disconnected();
  }

  #onFrame(frame: Inbound): void {
    if (frame.kind === "ack") {
      if (frame.error !== undefined) this.#say("The hub refuses samples", frame.error);
      this.#outbox.acknowledged(frame.id);
    } else if (frame.kind === "event") {
      const answer = this.#onEvent(frame.event, frame.data);
      if (frame.id !== undefined) this.#link.send(formatAck(frame.id, answer));
    }
  }

  /** @returns the acknowledgement, where one is wanted */
  #onEvent(event: string, data: unknown): unknown {
    switch (event) {
      case "welcome":
        this.#onWelcome(data as Welcome);
        return {};
      case "acquire":
        this.#acquire(data as AcquireFrame);
        return {};
      case "action":
        return this.#act((data as { readonly name?: unknown } | undefined)?.name);
      case "set":
        return { error: wireError("READ_ONLY", "A sensor's properties can be read but not set.") };
      case "bye":
      case "error":
      case "pending":
        this.#say(event === "bye" ? "The hub says goodbye" : "The hub says", data);
        return {};
      default:
        return {};
    }
  }

  #onWelcome({ acquiring }: Welcome): void {
    const { clock, heartbeatSeconds, log } = this.#parts;
    this.#link.welcomed();
    this.#heard = "";
    // What it was asked to do before may have ended meanwhile; what is asked now follows (protocol 5.3).
    if (!acquiring) this.#acquire({ running: false });
    const { length, dropped } = this.#ring;
    if (dropped > this.#toldDropped) log(`${dropped - this.#toldDropped} samples were too many to keep and are lost.`);
    this.#toldDropped = dropped;
    // The few of the first moments are no news.
    if (this.#wasWelcomed && length > 0) log(`Sends ${length} samples that it kept.`);
    this.#wasWelcomed = true;
    this.#outbox.connected();
    this.#link.send("SOS");
    this.#beat?.cancel();
    this.#beat = clock.every(heartbeatSeconds * 1000, () => this.#link.send("SOS"));
  }

  #acquire({ running, intervalMs }: AcquireFrame): void {
    const own = 1000 / this.#parts.rateHz;
    const asked = running && typeof intervalMs === "number" && Number.isFinite(intervalMs) ? intervalMs : own;
    this.#sampler.setInterval(Math.min(Math.max(asked, INTERVAL_MS.least), INTERVAL_MS.most));
  }

  #act(name: unknown): unknown {
    if (name !== "identify") return { error: wireError("NO_ACTION", "This device can identify.") };
    this.#parts.log("Here I am: somebody asked this device to identify itself.");
    return {};
  }

  #say(what: string, data: unknown): void {
    const { code, message } = (data ?? {}) as { readonly code?: unknown; readonly message?: unknown };
    const line = `${what}: ${message ?? "it does not say why"}${code === undefined ? "" : ` (${code})`}`;
    if (line !== this.#heard) this.#parts.log(line);
    this.#heard = line;
  }
}
