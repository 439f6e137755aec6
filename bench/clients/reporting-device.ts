/** A device at the plain door that reports as fast as the hub acknowledges, but never ahead of its time. Made by the load process. */
import { once } from "node:events";
import { WebSocket } from "ws";
import { type DeviceResult, fieldsOf, type LoadOptions } from "./load-options.ts";
import { SensorWalk } from "./sensor-walk.ts";

/** Reports of one `reports` frame, and single reports for one acknowledgement. */
const BATCH_REPORTS = 100;
const ROUND_REPORTS = 50;
/** Frames with an `id` that may be unanswered. */
const OPEN_QUESTIONS = 2;
/** How long it is remembered when something was acknowledged. */
const KEPT_MS = 5_000;

const NUMBER = { type: "number" };
const PROPERTIES = {
  accel: { type: "object", properties: { x: NUMBER, y: NUMBER, z: NUMBER }, unit: "m/s2", readOnly: true },
  temperature: { type: "number", unit: "degree Celsius", readOnly: true },
};

export class ReportingDevice {
  readonly #options: LoadOptions;
  readonly #index: number;
  readonly #id: string;
  readonly #walk: SensorWalk;
  readonly #ws: WebSocket;
  readonly #onAcknowledged: (waitMs: number) => void;
  /** When the frames that are unanswered were sent, oldest first. */
  readonly #asked: number[] = [];
  #acknowledged: Array<readonly [at: number, reports: number]> = [];
  #from = Number.POSITIVE_INFINITY;
  #reports = 0;
  #isStopping = false;

  constructor(options: LoadOptions, index: number, onAcknowledged: (waitMs: number) => void) {
    this.#options = options;
    this.#index = index;
    this.#id = `load-${index}`;
    this.#walk = new SensorWalk(index + 1, fieldsOf(options).length);
    this.#ws = new WebSocket(`ws://127.0.0.1:${options.port}/bridge/${this.#id}`, { perMessageDeflate: false });
    this.#onAcknowledged = onAcknowledged;
  }

  get isCut(): boolean {
    return this.#ws.readyState !== WebSocket.OPEN;
  }

  /** Whether everything that was sent is acknowledged, and nothing more will be. */
  get isDone(): boolean {
    return this.isCut || (this.#isStopping && this.#asked.length === 0);
  }

  get result(): DeviceResult {
    return { id: this.#id, from: this.#from, reports: this.#reports, acknowledged: this.#acknowledged };
  }

  async connect(): Promise<void> {
    await once(this.#ws, "open");
    this.#ws.send(JSON.stringify({ event: "hello", data: { properties: PROPERTIES } }));
    await once(this.#ws, "message");
    this.#ws.on("message", (data) => this.#hear(String(data)));
    // A hub that is killed resets its connections; `isCut` says so.
    this.#ws.on("error", () => {});
  }

  /** @param from device time of the first report */
  start(from: number): void {
    this.#from = from;
  }

  /** Sends what is due, as far as the hub has acknowledged. */
  pump(): void {
    while (!this.#isStopping && !this.isCut && this.#asked.length < OPEN_QUESTIONS && this.#isDue()) this.#send();
  }

  /** The last report of all has an `id`. */
  stop(): void {
    const isAsked = this.#options.frames === "reports" || this.#reports === 0 || this.#isQuestion(this.#reports - 1);
    if (!isAsked && !this.isCut) this.#sendOne(true);
    this.#isStopping = true;
  }

  #isDue(): boolean {
    const ahead = this.#options.frames === "reports" ? BATCH_REPORTS - 1 : 0;
    return this.#timeOf(this.#reports + ahead) <= Date.now();
  }

  #send(): void {
    if (this.#options.frames === "reports") this.#sendBatch();
    else this.#sendOne(this.#isQuestion(this.#reports));
  }

  /** Each device asks at another report than its neighbour, so that the answers do not come in waves. */
  #isQuestion(report: number): boolean {
    return (report + this.#index) % ROUND_REPORTS === 0;
  }

  #sendBatch(): void {
    const batch: string[] = [];
    for (let i = 0; i < BATCH_REPORTS; i++) batch.push(`[${this.#timeOf(this.#reports++)},${this.#measure()}]`);
    this.#asked.push(performance.now());
    this.#ws.send(`{"event":"reports","id":${this.#reports},"data":[${batch.join(",")}]}`);
  }

  #sendOne(isQuestion: boolean): void {
    const time = this.#timeOf(this.#reports++);
    if (isQuestion) this.#asked.push(performance.now());
    const id = isQuestion ? `"id":${this.#reports},` : "";
    this.#ws.send(`{"event":"report",${id}"time":${time},"data":${this.#measure()}}`);
  }

  #measure(): string {
    const [x, y, z, temperature] = this.#walk.next();
    const rest = temperature === undefined ? "" : `,"temperature":${temperature}`;
    return `{"accel":{"x":${x},"y":${y},"z":${z}}${rest}}`;
  }

  #timeOf(report: number): number {
    return this.#from + report * this.#options.stepMs;
  }

  /** An `id` is the number of reports that were sent with it and before. */
  #hear(text: string): void {
    const { ack, event, data, error } = JSON.parse(text) as Record<string, unknown>;
    if (error !== undefined || event === "error" || event === "bye") {
      throw new Error(`The hub refused what ${this.#id} said: ${JSON.stringify(error ?? data)}`);
    }
    if (ack === undefined) return;
    this.#onAcknowledged(performance.now() - (this.#asked.shift() ?? 0));
    const now = Date.now();
    this.#acknowledged.push([now, Number(ack)]);
    // The newest of those that are too old stays.
    while ((this.#acknowledged[1]?.[0] ?? now) < now - KEPT_MS) this.#acknowledged.shift();
    this.pump();
  }
}
