/** Socket.IO packets to frames of the plain door and back, as text. Pure. (Socket.IO protocol v5; protocol 3.1, 3.7) */
import { formatEvent, formatMessage } from "#protocol/frames.ts";

const NAMESPACE = "/bridge,";

/** A packet of the hub, read. */
export type Outbound =
  | { readonly kind: "connected" }
  | { readonly kind: "disconnect" }
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "event"; readonly event: string; readonly data: unknown; readonly text: string }
  | { readonly kind: "ack"; readonly id: number; readonly answer: unknown }
  | { readonly kind: "binary"; readonly event: string }
  | { readonly kind: "unknown" };

/**
 * Reads an encoded packet of namespace `/bridge`.
 * @param isLines whether the text is for a door whose frames end with a line feed
 */
export function readPacket(packet: string, isLines: boolean): Outbound {
  switch (packet[0]) {
    case "0":
      return { kind: "connected" };
    case "1":
      return { kind: "disconnect" };
    case "2":
      return readEvent(packet, isLines);
    case "3":
      return readAck(packet);
    case "4":
      return { kind: "refused", code: refusalCode(packet) };
    case "5":
      return { kind: "binary", event: String((body(packet).data as unknown[])[0]) };
    default:
      return { kind: "unknown" };
  }
}

/** `0/bridge,{…}`: asks the hub to let the connection into the namespace. */
export function connectPacket(auth: { readonly id: string; readonly nameless: boolean }): string {
  return `0${NAMESPACE}${JSON.stringify(auth)}`;
}

/** `2/bridge,["report",{…},{…}]`; with `question`, the hub answers by an acknowledgement of that number. */
export function eventPacket(args: readonly [string, ...unknown[]], question?: number): string {
  return `2${NAMESPACE}${question ?? ""}${JSON.stringify(args)}`;
}

/** `3/bridge,7[answer]`: the device's answer to what the hub asked under that number. */
export function ackPacket(id: number, answer: unknown): string {
  return `3${NAMESPACE}${id}${JSON.stringify([answer ?? null])}`;
}

/** The head of a binary message; its one attachment follows as a Buffer. */
export const BINARY_PACKET = `51-${NAMESPACE}["binary",{"_placeholder":true,"num":0}]`;

function readEvent(packet: string, isLines: boolean): Outbound {
  const { id, data } = body(packet);
  const [event, argument] = data as [string, unknown];
  const text =
    event === "message" && typeof argument === "string"
      ? formatMessage(argument, isLines)
      : formatEvent(event, argument, id);
  return { kind: "event", event, data: argument, text };
}

function readAck(packet: string): Outbound {
  const { id, data } = body(packet);
  return id === undefined ? { kind: "unknown" } : { kind: "ack", id, answer: (data as unknown[])[0] };
}

function refusalCode(packet: string): string {
  const { data } = body(packet).data as { data?: { code?: string } };
  return data?.code ?? "DISCONNECTED";
}

/** What follows the namespace: an optional number and JSON. */
function body(packet: string): { id: number | undefined; data: unknown } {
  const start = packet.indexOf(NAMESPACE) + NAMESPACE.length;
  let json = start;
  while (isDigit(packet.charCodeAt(json))) json += 1;
  const digits = packet.slice(start, json);
  return { id: digits === "" ? undefined : Number(digits), data: JSON.parse(packet.slice(json)) };
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
