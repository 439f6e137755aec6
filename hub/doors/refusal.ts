/** Refusing an upgrade with a full HTTP answer, so that clients without a close frame see one too (protocol 2.9). */
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { ERRORS, PharosError, wireError } from "#protocol/errors.ts";

/** Writes the answer and ends the connection. Anything but a PharosError is a mistake of the hub and says no more. */
export function refuse(socket: Socket, reason: unknown): void {
  const error = reason instanceof PharosError ? reason.toWire() : wireError("INTERNAL");
  const { status } = ERRORS[reason instanceof PharosError ? reason.code : "INTERNAL"];
  const body = JSON.stringify({ error });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    "Connection: close",
    "Content-Type: application/json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  socket.destroySoon();
}
