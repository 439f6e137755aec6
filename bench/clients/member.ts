/** One of a crowd, the same whatever it speaks: it comes in, is in the room `bench`, says texts there and hears those of others. */
import { MqttClient } from "./mqtt-client.ts";
import { type ClientOptions, type Hear, WebSocketClient } from "./websocket-client.ts";

/** `plain`: a WebSocket that says `hello` as a device at the plain door does; a server that knows no `hello` answers it with anything. */
export type Door = "plain" | "socket.io" | "mqtt";

export interface Member {
  /** Resolves when it is in the room. */
  open(): Promise<void>;
  say(text: string): void;
  /** Calls back with each text of the room. */
  onText: Hear;
  onClose: () => void;
  /** Reads nothing more. */
  pause(): void;
  close(): void;
}

export const ROOM = "bench";

/** @param isListening whether it hears the room; only a broker lets its clients choose */
export function createMember(
  door: Door,
  options: ClientOptions,
  id: string,
  isListening: boolean,
  room = ROOM,
): Member {
  if (door === "plain") return new PlainMember(options, id, room);
  return door === "mqtt" ? new MqttMember(options, id, isListening) : new SocketIoMember(options, id);
}

class PlainMember implements Member {
  readonly #client: WebSocketClient;
  readonly #room: string;

  constructor(options: ClientOptions, id: string, room: string) {
    this.#client = new WebSocketClient(options, `/bridge/${id}`);
    this.#room = room;
  }

  set onText(hear: Hear) {
    this.#client.onText = hear;
  }

  set onClose(call: () => void) {
    this.#client.onClose = call;
  }

  async open(): Promise<void> {
    await this.#client.open();
    this.#client.send(JSON.stringify({ event: "hello", data: { rooms: [this.#room] } }));
    await heard(this.#client, () => true);
  }

  say(text: string): void {
    this.#client.send(text);
  }

  pause(): void {
    this.#client.pause();
  }

  close(): void {
    this.#client.close();
  }
}

const NAMESPACE = "/devices,";
/** What stands before the text of a message. */
const MESSAGE = `42${NAMESPACE}["message","`;

/** Socket.IO protocol 5 over Engine.IO protocol 4, as `socket.io-client` speaks it without polling first. */
class SocketIoMember implements Member {
  readonly #client: WebSocketClient;
  readonly #id: string;
  #hear: Hear = () => {};

  constructor(options: ClientOptions, id: string) {
    this.#client = new WebSocketClient(options, "/socket.io/?EIO=4&transport=websocket");
    this.#id = id;
  }

  set onText(hear: Hear) {
    this.#hear = hear;
  }

  set onClose(call: () => void) {
    this.#client.onClose = call;
  }

  async open(): Promise<void> {
    // It may come together with the answer to the handshake.
    const greeting = heard(this.#client, (packet) => packet.startsWith("0"));
    await Promise.all([this.#client.open(), greeting]);
    this.#client.send(`40${NAMESPACE}${JSON.stringify({ id: this.#id })}`);
    await heard(this.#client, (packet) => packet.startsWith(`40${NAMESPACE}`));
    this.#client.send(`42${NAMESPACE}${JSON.stringify(["hello", { rooms: [ROOM] }])}`);
    await heard(this.#client, (packet) => packet.startsWith(`42${NAMESPACE}["welcome"`));
    this.#client.onText = (data, start, end) => {
      if (end - start === 1) this.#client.send("3");
      else this.#hear(data, start + MESSAGE.length, end - 2);
    };
  }

  say(text: string): void {
    this.#client.send(`42${NAMESPACE}${JSON.stringify(["message", text])}`);
  }

  pause(): void {
    this.#client.pause();
  }

  close(): void {
    this.#client.close();
  }
}

class MqttMember implements Member {
  readonly #client: MqttClient;
  readonly #isListening: boolean;

  constructor(options: ClientOptions, id: string, isListening: boolean) {
    this.#client = new MqttClient(options, id, ROOM);
    this.#isListening = isListening;
  }

  set onText(hear: Hear) {
    this.#client.onText = hear;
  }

  set onClose(call: () => void) {
    this.#client.onClose = call;
  }

  open(): Promise<void> {
    return this.#client.open(this.#isListening);
  }

  say(text: string): void {
    this.#client.send(text);
  }

  pause(): void {}

  close(): void {
    this.#client.close();
  }
}

/** Resolves with the first text that is the one; then hears nothing until somebody else listens. */
function heard(client: WebSocketClient, isIt: (text: string) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let last = "nothing";
    client.onClose = () => reject(new Error(`closed before it was in the room; it heard ${last}`));
    client.onText = (data, start, end) => {
      const text = data.toString("utf8", start, end);
      last = text;
      if (text === "2") client.send("3");
      if (!isIt(text)) return;
      client.onText = () => {};
      resolve();
    };
  });
}
