/** A course page for a test: a Socket.IO client of version 2 or 4 on the default namespace, with what it heard. */
import { io, type ManagerOptions, type SocketOptions } from "socket.io-client";
import io2 from "socket.io-client-2";
import { eventually } from "./eventually.ts";

export interface CourseClient {
  /** Levels that it was told, oldest first. */
  readonly levels: unknown[];
  readonly errors: unknown[];
  readonly isConnected: boolean;
  send(level: unknown): void;
  emit(event: string, ...args: unknown[]): void;
  /** Waits for the `n`th level, from 1. */
  told(n: number): Promise<unknown>;
  close(): void;
}

export interface CourseKit {
  readonly name: string;
  /** Resolves when it is connected; rejects with the hub's sentence. */
  connect(url: string, options?: Partial<ManagerOptions & SocketOptions>): Promise<CourseClient>;
}

export const COURSE_CLIENTS: readonly CourseKit[] = [
  { name: "Socket.IO 2", connect: (url, options) => connect(io2, url, options) },
  { name: "Socket.IO 2 polling", connect: (url) => connect(io2, url, { transports: ["polling"] }) },
  { name: "Socket.IO 4", connect: (url, options) => connect(io, url, options) },
  { name: "Socket.IO 4 polling", connect: (url) => connect(io, url, { transports: ["polling"] }) },
];

/** What the clients of all versions have in common. */
interface CommonSocket {
  readonly connected: boolean;
  on(event: string, listener: (data: unknown) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  close(): unknown;
}

type Open = (url: string, options: object) => CommonSocket;

async function connect(open: Open, url: string, options: object = {}): Promise<CourseClient> {
  const socket = open(url, { forceNew: true, reconnection: false, ...options });
  const levels: unknown[] = [];
  const errors: unknown[] = [];
  socket.on("led", (data) => levels.push((data as { level: unknown }).level));
  socket.on("error", (error) => errors.push(error));
  const refused = new Promise<never>((_, reject) => {
    for (const event of ["connect_error", "error"]) {
      socket.on(event, (error) => reject(error instanceof Error ? error : new Error(JSON.stringify(error))));
    }
  });
  refused.catch(() => socket.connected || socket.close());
  await Promise.race([new Promise<void>((resolve) => void socket.on("connect", () => resolve())), refused]);
  return {
    levels,
    errors,
    get isConnected() {
      return socket.connected;
    },
    send: (level) => void socket.emit("led", { level }),
    emit: (event, ...args) => void socket.emit(event, ...args),
    async told(n) {
      await eventually(() => levels.length >= n);
      return levels[n - 1];
    },
    close: () => void socket.close(),
  };
}
