/** What all test devices share, and those that speak in text frames (protocol section 3), whatever carries them. */
import { eventually } from "./eventually.ts";

export type Handler = (data: unknown) => unknown;

export interface DeviceClient {
  /** Every event that arrived, oldest first: `["message", "SOS"]`; but for greetings. */
  readonly heard: Array<readonly [string, unknown]>;
  /** How the hub greeted it by its name. */
  readonly greetings: string[];
  send(event: string, data?: unknown, time?: number): void;
  /** Sends and waits for the acknowledgement. */
  ask(event: string, data?: unknown): Promise<unknown>;
  /** The first event of that name, also one that arrived already. */
  next(event: string): Promise<unknown>;
  /** Answers a hub event; what it returns is the acknowledgement. */
  on(event: string, answer: Handler): void;
  readonly isClosed: boolean;
  closed(): Promise<void>;
  close(): void;
  /** Breaks the connection without a word, as far as its kind allows. */
  drop(): void;
}

/** Where a hub is. */
export interface HubAddress {
  readonly url: string;
  readonly tcpPort: number | null;
}

export interface DoorKit {
  readonly name: string;
  /** Where its sockets are in Socket.IO. */
  readonly namespace: "/devices" | "/bridge";
  /** Whether a frame that is too large ends the connection, or only that frame is dropped. */
  readonly endsWhenTooBig: boolean;
  /** Resolves when the door let the device in; rejects with the refusal. */
  connect(hub: HubAddress, id: string, token?: string): Promise<DeviceClient>;
}

export abstract class BaseClient {
  readonly heard: Array<readonly [string, unknown]> = [];
  readonly greetings: string[] = [];
  readonly handlers = new Map<string, Handler>();

  protected hear(event: string, data: unknown): void {
    if (event === "message" && /^Hello, .*!$/.test(String(data))) this.greetings.push(String(data));
    else this.heard.push([event, data]);
  }

  async next(event: string): Promise<unknown> {
    await eventually(() => this.heard.some(([name]) => name === event));
    return this.heard.find(([name]) => name === event)?.[1];
  }

  on(event: string, answer: Handler): void {
    this.handlers.set(event, answer);
  }
}

export abstract class TextClient extends BaseClient implements DeviceClient {
  readonly #answers = new Map<number, (answer: unknown) => void>();
  #asked = 0;

  abstract readonly isClosed: boolean;
  abstract close(): void;
  abstract drop(): void;
  /** Sends one frame. */
  protected abstract write(text: string): void;

  send(event: string, data?: unknown, time?: number): void {
    this.write(JSON.stringify({ event, data, time }));
  }

  ask(event: string, data?: unknown): Promise<unknown> {
    this.#asked += 1;
    const id = this.#asked;
    this.write(JSON.stringify({ event, data, id }));
    return new Promise((resolve) => this.#answers.set(id, resolve));
  }

  closed(): Promise<void> {
    return eventually(() => this.isClosed);
  }

  protected take(text: string): void {
    const frame = parse(text);
    if (frame === null || !("event" in frame || "ack" in frame)) this.hear("message", text);
    else if ("ack" in frame) this.#answers.get(Number(frame.ack))?.(frame.error ? { error: frame.error } : frame.data);
    else this.#onEvent(frame);
  }

  #onEvent(frame: { event?: unknown; data?: unknown; id?: unknown }): void {
    const event = String(frame.event);
    this.hear(event, frame.data);
    const handler = this.handlers.get(event);
    if (frame.id === undefined || handler === undefined) return;
    this.write(JSON.stringify({ ack: frame.id, data: handler(frame.data) }));
  }
}

export function parse(text: string): { [key: string]: unknown } | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? (value as { [key: string]: unknown }) : null;
  } catch {
    return null;
  }
}
