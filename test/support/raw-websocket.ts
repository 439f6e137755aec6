/** A WebSocket server of which a test writes every byte itself, for what happens between the bytes. */
import { createHash } from "node:crypto";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { eventually } from "./eventually.ts";

export interface RawPeer {
  /** The request as it came, to the empty line. */
  readonly head: string;
  /** All that came after it. */
  received(): Buffer;
  /** Answers 101, with `bytes` in the same write. */
  accept(bytes?: Buffer): void;
  write(bytes: Buffer | string): void;
  end(): void;
  isClosed(): boolean;
}

export interface RawServer {
  readonly port: number;
  /** The `n`th client, from 1, as soon as it is there. */
  peer(n?: number): Promise<RawPeer>;
  close(): Promise<void>;
}

/** A server's frame; opcode and FIN are the test's to choose. */
export function frame(opcode: number, payload: string | Buffer, fin = true): Buffer {
  const body = Buffer.from(payload);
  const first = (fin ? 0x80 : 0) | opcode;
  if (body.length < 126) return Buffer.concat([Buffer.from([first, body.length]), body]);
  if (body.length < 65_536) {
    return Buffer.concat([Buffer.from([first, 126, body.length >> 8, body.length & 255]), body]);
  }
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(body.length));
  return Buffer.concat([Buffer.from([first, 127]), length, body]);
}

export interface ClientFrame {
  readonly opcode: number;
  readonly masked: boolean;
  readonly payload: Buffer;
}

/** The whole frames that a client sent. */
export function readFrames(bytes: Buffer): ClientFrame[] {
  const frames: ClientFrame[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const masked = ((bytes[at + 1] ?? 0) & 128) !== 0;
    let length = (bytes[at + 1] ?? 0) & 127;
    let start = at + 2;
    if (length === 126 && start + 2 <= bytes.length) {
      length = bytes.readUInt16BE(start);
      start += 2;
    }
    const mask = bytes.subarray(start, start + 4);
    if (masked) start += 4;
    if (start + length > bytes.length) break;
    const payload = Buffer.from(bytes.subarray(start, start + length));
    if (masked) for (let i = 0; i < length; i++) payload[i] = (payload[i] ?? 0) ^ (mask[i & 3] ?? 0);
    frames.push({ opcode: (bytes[at] ?? 0) & 15, masked, payload });
    at = start + length;
  }
  return frames;
}

export async function startRawServer(): Promise<RawServer> {
  const peers: RawPeer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    serve(socket, (peer) => peers.push(peer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async peer(n = 1) {
      await eventually(() => peers.length >= n);
      return peers[n - 1] as RawPeer;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function serve(socket: Socket, ready: (peer: RawPeer) => void): void {
  let bytes = Buffer.alloc(0);
  let head: string | null = null;
  let closed = false;
  socket.on("error", () => {});
  socket.on("close", () => {
    closed = true;
  });
  socket.on("data", (piece) => {
    bytes = Buffer.concat([bytes, piece]);
    const end = bytes.indexOf("\r\n\r\n");
    if (head !== null || end < 0) return;
    head = bytes.subarray(0, end).toString("latin1");
    bytes = bytes.subarray(end + 4);
    ready({
      head,
      received: () => bytes,
      accept: (extra = Buffer.alloc(0)) => void socket.write(Buffer.concat([answer(head ?? ""), extra])),
      write: (more) => void socket.write(more),
      end: () => void socket.end(),
      isClosed: () => closed,
    });
  });
}

function answer(head: string): Buffer {
  const key = /^Sec-WebSocket-Key: (.*)$/im.exec(head)?.[1] ?? "";
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  return Buffer.from(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
}
