/** A plain device in rooms of its own choice, for benches that need many of them in one process. */
import { type Hear, WebSocketClient } from "./websocket-client.ts";

export class RoomListener {
  readonly #client: WebSocketClient;
  readonly #hello: string;

  constructor(port: number, id: string, rooms: readonly string[]) {
    this.#client = new WebSocketClient({ port }, `/bridge/${id}`);
    this.#hello = JSON.stringify({ event: "hello", data: { rooms } });
  }

  /** Calls back with each text of its rooms. */
  set onText(hear: Hear) {
    this.#client.onText = hear;
  }

  /** Resolves when it is in its rooms. */
  async open(): Promise<void> {
    await this.#client.open();
    await new Promise<void>((resolve, reject) => {
      this.#client.onClose = () => reject(new Error("closed before it was in its rooms"));
      this.#client.onText = () => resolve();
      this.#client.send(this.#hello);
    });
    this.#client.onText = () => {};
  }

  say(text: string): void {
    this.#client.send(text);
  }

  close(): void {
    this.#client.close();
  }
}
