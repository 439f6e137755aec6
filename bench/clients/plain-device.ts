/** A device at the plain door that does nothing wrong: it says what it is told to, and counts how long the hub takes to answer its reports. */
import { once } from "node:events";
import { WebSocket } from "ws";

/** Who is not answered within is not answered. */
const ANSWER_MS = 10_000;

export class PlainDevice {
  readonly #ws: WebSocket;
  /** Ms until the hub acknowledged each report. */
  readonly waits: number[] = [];
  /** Reports that were not acknowledged. */
  unanswered = 0;
  #asked = 0;

  private constructor(ws: WebSocket) {
    this.#ws = ws;
    ws.on("error", () => {});
  }

  /** Resolves when the hub has welcomed it. */
  static async connect(port: number, id: string, hello: object = {}): Promise<PlainDevice> {
    const ws = new WebSocket(`ws://127.0.0.1:${port}/bridge/${id}`);
    await once(ws, "open");
    ws.send(JSON.stringify({ event: "hello", data: hello }));
    await once(ws, "message");
    return new PlainDevice(ws);
  }

  get isCut(): boolean {
    return this.#ws.readyState !== WebSocket.OPEN;
  }

  send(text: string): void {
    this.#ws.send(text);
  }

  /** Reports, and waits until that is acknowledged. */
  async ask(): Promise<void> {
    const id = ++this.#asked;
    const begin = performance.now();
    if (!this.isCut) this.send(JSON.stringify({ event: "report", data: { n: id }, id }));
    if (await this.#hears(id)) this.waits.push(performance.now() - begin);
    else this.unanswered++;
  }

  close(): void {
    this.#ws.terminate();
  }

  /** @returns false when it is cut, or has waited long enough */
  #hears(id: number): Promise<boolean> {
    if (this.isCut) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (isAnswered: boolean): void => {
        clearTimeout(timer);
        this.#ws.off("message", hear).off("close", cut);
        resolve(isAnswered);
      };
      const hear = (data: Buffer): void => {
        if (new RegExp(`"ack":${id}[,}]`).test(String(data))) end(true);
      };
      const cut = (): void => end(false);
      const timer = setTimeout(cut, ANSWER_MS);
      this.#ws.on("message", hear).on("close", cut);
    });
  }
}
