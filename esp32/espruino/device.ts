/** The device as the hub knows it: says hello, beats, and answers what it is asked. */
import { type Alarm, createAlarm } from "./alarm.ts";
import { type Fields, isFields, obey } from "./commands.ts";
import type { Pharos } from "./config.ts";
import type { Light } from "./light.ts";
import { Link } from "./link.ts";
import { acknowledgement, hello, vitals } from "./words.ts";

/** Every so many beats one goes with vitals instead of the bare SOS. */
const VITALS_EVERY = 12;
const MAX_PRINTED = 100;

export class Device {
  readonly link: Link;
  private readonly pharos: Pharos;
  private readonly light: Light;
  private readonly startedAt: number;
  private readonly heart: Alarm;
  private beats: number;

  constructor(pharos: Pharos, light: Light) {
    this.pharos = pharos;
    this.light = light;
    this.startedAt = getTime();
    this.beats = 0;
    this.heart = createAlarm(() => this.beat());
    this.link = new Link(pharos, {
      opened: () => this.greet(),
      received: (text) => this.receive(text),
      lost: () => this.heart.stop(),
    });
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
    return vitals(Math.round(getTime() - this.startedAt), this.pharos.wifi.getDetails().rssi);
  }

  /** Text that is no event is talk of the room: shown on the console, and nothing comes of it. */
  private receive(text: string): void {
    const frame = this.read(text);
    if (frame && typeof frame.event === "string") this.handle(frame.event, frame.data, frame.id);
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
    if (event === "welcome") this.link.welcomed();
    else if (event === "bye" || event === "error" || event === "pending" || event === "message") this.hear(event, data);
    else if (typeof id === "number" || typeof id === "string") {
      this.link.send(acknowledgement(id, obey(this.light, event, data)));
    } else obey(this.light, event, data);
  }

  private hear(event: string, data: unknown): void {
    print(`${event}: ${JSON.stringify(data)}`.slice(0, MAX_PRINTED));
    if (event === "bye" && isFields(data)) this.link.dismissed(data.code);
  }
}
