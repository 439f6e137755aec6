/**
 * TCP as Espruino has it: connecting blocks until it is known how it ends, and throws when it fails. Node cannot do
 * that on one thread, so the sockets of all simulated boards live on a second one; the interpreters use it through here.
 */
import { Worker } from "node:worker_threads";

/** Real boards give up after some 18 s; nothing else of this process runs meanwhile. */
const CONNECT_LIMIT_MS = 10_000;
const PENDING = 0;
const CONNECTED = 1;

export interface TcpEvents {
  /** @param bytes one character a byte, as in Espruino */
  data(bytes: string): void;
  close(): void;
}

export interface TcpSocket {
  write(bytes: string): void;
  /** Sends what is left, then closes both ways. */
  end(): void;
}

export interface SocketThread {
  /**
   * Blocks until connected. Events come later, never from inside the call.
   * @throws Error when the host is unknown, refuses, or does not answer within 10 s
   */
  connect(host: string, port: number, events: TcpEvents): TcpSocket;
  close(): Promise<void>;
}

type Order =
  | {
      readonly op: "open";
      readonly id: number;
      readonly host: string;
      readonly port: number;
      readonly signal: Int32Array;
    }
  | { readonly op: "write"; readonly id: number; readonly bytes: string }
  | { readonly op: "end"; readonly id: number };
type Report = { readonly id: number; readonly bytes: string | null };

/** Starts the thread. It keeps the process alive until it is closed. */
export function createSocketThread(): SocketThread {
  const source = `(${runThread.toString()})(require("node:net"), require("node:worker_threads").parentPort)`;
  const worker = new Worker(source, { eval: true });
  const open = new Map<number, TcpEvents>();
  let lastId = 0;
  const order = (what: Order): void => worker.postMessage(what);
  worker.on("message", ({ id, bytes }: Report) => {
    const events = open.get(id);
    if (bytes !== null) events?.data(bytes);
    else if (open.delete(id)) events?.close();
  });

  return {
    connect(host, port, events) {
      const id = ++lastId;
      const signal = new Int32Array(new SharedArrayBuffer(4));
      order({ op: "open", id, host, port, signal });
      Atomics.wait(signal, 0, PENDING, CONNECT_LIMIT_MS);
      if (Atomics.load(signal, 0) !== CONNECTED) {
        order({ op: "end", id });
        throw new Error(`InternalError: Unable to connect to ${host}:${port}`);
      }
      open.set(id, events);
      return { write: (bytes) => order({ op: "write", id, bytes }), end: () => order({ op: "end", id }) };
    },
    close: async () => {
      await worker.terminate();
    },
  };
}

/** Runs on the thread from its source text, so it may use nothing but its parameters. */
function runThread(net: typeof import("node:net"), port: import("node:worker_threads").MessagePort): void {
  const sockets = new Map<number, import("node:net").Socket>();

  function open(id: number, host: string, tcpPort: number, signal: Int32Array): void {
    const tell = (outcome: number): void => {
      // Only the first outcome counts: 0 is pending, 1 connected, 2 failed.
      if (Atomics.compareExchange(signal, 0, 0, outcome) === 0) Atomics.notify(signal, 0);
    };
    const socket = net.connect({ host, port: tcpPort, family: 4 });
    sockets.set(id, socket);
    socket.setNoDelay(true);
    socket.on("connect", () => tell(1));
    socket.on("error", () => tell(2));
    socket.on("data", (bytes) => port.postMessage({ id, bytes: bytes.toString("latin1") }));
    socket.on("close", () => {
      sockets.delete(id);
      port.postMessage({ id, bytes: null });
    });
  }

  port.on("message", (order: Order) => {
    if (order.op === "open") open(order.id, order.host, order.port, order.signal);
    else if (order.op === "write") sockets.get(order.id)?.write(Buffer.from(order.bytes, "latin1"));
    else {
      const socket = sockets.get(order.id);
      if (socket?.connecting) socket.destroy();
      else socket?.end(() => socket.destroy());
    }
  });
}
