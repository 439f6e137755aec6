/** The device as the hub knows it: says hello, beats, reports, and answers what it is asked. */
import { type Alarm, createAlarm } from "./alarm.ts";
import { type Answer, type Fields, isFields, obey } from "./commands.ts";
import type { Pharos } from "./config.ts";
import { createDelivery, type Delivery } from "./delivery.ts";
import type { Light } from "./light.ts";
import { Link } from "./link.ts";
import { createReporter, type Reporter } from "./reporter.ts";
import type { Sensor } from "./sensor.ts";
import { keepToken } from "./token.ts";
import { createUptime, type Uptime } from "./uptime.ts";
import { acknowledgement, hello, vitals } from "./words.ts";

/** Every so many beats one goes with vitals instead of the bare SOS. */
const VITALS_EVERY = 12;
const MAX_PRINTED = 100;

export class Device {
  readonly link: Link;
  private readonly pharos: Pharos;
  private readonly light: Light;
  private readonly uptime: Uptime;
  private readonly delivery: Delivery | null;
  /** Null, as its delivery, where there is nothing to measure. */
  private readonly reporter: Reporter | null;
  private readonly heart: Alarm;
  private beats: number;

  constructor(pharos: Pharos, light: Light, sensor: Sensor | null) {
    this.pharos = pharos;
    this.light = light;
    this.uptime = createUptime();
    this.beats = 0;
    this.heart = createAlarm(() => this.beat());
    this.link = new Link(pharos, {
      opened: () => this.greet(),
      received: (text) => this.receive(text),
      lost: () => this.lose(),
    });
    this.delivery = sensor && createDelivery((text) => this.link.send(text));
    this.reporter = sensor && this.delivery && createReporter(sensor, this.uptime, pharos.config.report, this.delivery);
  }

  /** Begins to measure; the link is opened when the network is there. */
  start(): void {
    this.reporter?.start();
  }

  private lose(): void {
    this.heart.stop();
    this.delivery?.lost();
  }

  private greet(): void {
    print("Hub: connected");
    this.beats = 0;
    if (this.link.send(hello(this.pharos.config, this.light))) this.beat();
  }

  /** An alarm and no interval: after a connect that blocked, intervals make up for every beat they missed. */
  private beat(): void {
    this.beats++;
    this.heart.set(this.pharos.config.heartbeat * 1000);
    if (this.link.send(this.beats % VITALS_EVERY === 2 ? this.health() : "SOS")) this.light.blink(1);
  }

  private health(): string {
    return vitals(Math.round(this.uptime() / 1000), this.pharos.wifi.getDetails().rssi);
  }

  /** Text that is no event is talk of the room: shown on the console, and nothing comes of it. */
  private receive(text: string): void {
    const frame = this.read(text);
    if (frame && typeof frame.event === "string") this.handle(frame.event, frame.data, frame.id);
    else if (frame && typeof frame.ack === "number") this.delivery?.acknowledged(frame.ack, frame.error);
    else print(`< ${text.slice(0, MAX_PRINTED)}`);
  }

  private read(text: string): Fields | null {
    if (!text.startsWith("{") || !text.endsWith("}")) return null;
    try {
      const frame = JSON.parse(text);
      return isFields(frame) ? frame : null;
    } catch (_error) {
      return null;
    }
  }

  private handle(event: string, data: unknown, id: unknown): void {
    if (event === "welcome") this.welcome(data);
    else if (event === "bye" || event === "error" || event === "pending" || event === "message") this.hear(event, data);
    else if (typeof id === "number" || typeof id === "string") {
      this.link.send(acknowledgement(id, this.obey(event, data)));
    } else this.obey(event, data);
  }

  private welcome(data: unknown): void {
    this.link.welcomed();
    if (isFields(data) && typeof data.token === "string") keepToken(this.pharos, data.token);
    this.reporter?.welcomed(isFields(data) && data.acquiring);
  }

  private obey(event: string, data: unknown): Answer {
    if (event !== "acquire" || !isFields(data)) return obey(this.light, event, data);
    this.reporter?.acquire(data);
    return { data: null };
  }

  private hear(event: string, data: unknown): void {
    print(`${event}: ${JSON.stringify(data)}`.slice(0, MAX_PRINTED));
    if (event === "bye" && isFields(data)) this.link.dismissed(data.code);
  }
}
