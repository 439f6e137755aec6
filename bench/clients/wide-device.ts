/** A plain device that reports so many properties at once, each time other values. For benches in one process. */
import { WebSocketClient } from "./websocket-client.ts";

/** Reports that are sent before the hub has to have answered. */
const BATCH = 50;

export class WideDevice {
  readonly #client: WebSocketClient;
  readonly #names: readonly string[];
  #reports = 0;

  constructor(port: number, properties: number) {
    this.#client = new WebSocketClient({ port }, `/bridge/wide-${properties}`);
    this.#names = Array.from({ length: properties }, (_, i) => `value${i}`);
  }

  async open(): Promise<void> {
    await this.#client.open();
    const properties = Object.fromEntries(this.#names.map((name) => [name, { type: "number", readOnly: true }]));
    const welcomed = this.#acknowledged();
    this.#client.send(JSON.stringify({ event: "hello", id: 0, data: { properties } }));
    await welcomed;
  }

  /** Resolves when the hub has acknowledged the last of them. @throws when it refuses one */
  async report(times: number): Promise<void> {
    for (let sent = 0; sent < times; sent += BATCH) {
      const acknowledged = this.#acknowledged();
      const more = Math.min(BATCH, times - sent);
      for (let i = 1; i <= more; i++) this.#sendOne(i === more);
      await acknowledged;
    }
  }

  close(): void {
    this.#client.close();
  }

  #sendOne(isQuestion: boolean): void {
    this.#reports += 1;
    const values = this.#names.map((name, i) => `"${name}":${(this.#reports + i) / 100}`);
    const id = isQuestion ? `"id":${this.#reports},` : "";
    this.#client.send(`{"event":"report",${id}"data":{${values.join(",")}}}`);
  }

  #acknowledged(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#client.onClose = () => reject(new Error("the hub closed the connection"));
      this.#client.onText = (data, start, end) => {
        const { ack, event, error } = JSON.parse(data.toString("utf8", start, end)) as Record<string, unknown>;
        if (error !== undefined || event === "error") reject(new Error(data.toString("utf8", start, end)));
        else if (ack !== undefined) resolve();
      };
    });
  }
}
