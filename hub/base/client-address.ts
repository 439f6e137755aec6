/** Where a request comes from, also behind a proxy that is trusted. Called by the gate, the doors and the outputs. */
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

const FORWARDING = ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded", "x-real-ip"];

/** The peer's address; behind a trusted proxy the one that the proxy saw. */
export function clientAddress(request: IncomingMessage, trustProxy: boolean): string {
  const peer = plainAddress(request.socket.remoteAddress ?? "");
  if (!trustProxy) return peer;
  // The last one is the proxy's own word; those before it are the client's.
  const seen = headerOf(request, "x-forwarded-for").split(",").at(-1)?.trim() ?? "";
  return isIP(seen) === 0 ? peer : plainAddress(seen);
}

/** Whether it was passed on by something in between: its peer's address then says nothing of who asks. */
export function isForwarded(request: IncomingMessage): boolean {
  return FORWARDING.some((name) => request.headers[name] !== undefined);
}

/** Whether the client speaks TLS, to this hub or to a trusted proxy. */
export function isSecure(request: IncomingMessage, trustProxy: boolean): boolean {
  if ("encrypted" in request.socket && request.socket.encrypted === true) return true;
  return trustProxy && headerOf(request, "x-forwarded-proto").split(",").at(-1)?.trim() === "https";
}

/** Whether an IP address is this computer's own. */
export function isLoopback(address: string): boolean {
  return address === "::1" || /^(::ffff:)?127\./.test(address);
}

/** The name or address by which the client called the hub, without its port. */
export function calledHost(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? (headerOf(request, "x-forwarded-host").split(",").at(-1)?.trim() ?? "") : "";
  return hostOf(forwarded || (request.headers.host ?? ""));
}

/** `[::1]:5000` → `::1`, `Pi.local:80` → `pi.local`; empty when it is no host. */
export function hostOf(header: string): string {
  const bare = /^\[([^\]]*)\](:\d+)?$/.exec(header)?.[1] ?? header.replace(/:\d*$/, "");
  return bare.toLowerCase().replace(/\.$/, "");
}

/** `::ffff:10.0.0.1` → `10.0.0.1` */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, "");
}

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(",") : (value ?? "");
}
