/** Who may reach the hub at all: address, `Host` and `Origin` of a request, checked alike at every door and output (protocol 1.5, 2.2). */
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { hostname } from "node:os";
import { PharosError } from "#protocol/errors.ts";
import type { HubConfig } from "./config.ts";

/** Origins that clients without a browser are known to send; but a browser says `null` for a sandboxed page of anyone. */
const DEVICE_ORIGINS = new Set(["Espruino", "file://", "null"]);

/** @param wants what the request is for: to be a device, or to command devices as pages and REST do */
export type Gate = (request: IncomingMessage, wants: "device" | "control") => void;

/**
 * @returns a check that throws PharosError `UNAUTHORIZED`, `BAD_HOST` or `BAD_ORIGIN`, and returns if the request may pass
 */
export function createGate(config: HubConfig): Gate {
  const known = knownNames(config.allowHost);
  const origins = new Set(config.allowOrigin.map((origin) => origin.replace(/\/$/, "").toLowerCase()));
  return (request, wants) => {
    if (config.open !== "lan" && !isLoopback(request.socket.remoteAddress ?? "")) throw new PharosError("UNAUTHORIZED");
    const host = hostOf(request.headers.host ?? "");
    if (!isOwnHost(host, known)) throw new PharosError("BAD_HOST");
    const origin = request.headers.origin;
    if (origin === undefined || (wants === "device" && DEVICE_ORIGINS.has(origin))) return;
    if (!isAllowedOrigin(origin, host, origins)) throw new PharosError("BAD_ORIGIN");
  };
}

/** Whether an IP address is this computer's own. */
export function isLoopback(address: string): boolean {
  return address === "::1" || /^(::ffff:)?127\./.test(address);
}

/** `[::1]:5000` → `::1`, `Pi.local:80` → `pi.local`; empty when it is no host. */
export function hostOf(header: string): string {
  const bare = /^\[([^\]]*)\](:\d+)?$/.exec(header)?.[1] ?? header.replace(/:\d*$/, "");
  return bare.toLowerCase().replace(/\.$/, "");
}

function knownNames(allowed: readonly string[]): Set<string> {
  const own = hostname().toLowerCase();
  const short = own.split(".")[0] ?? own;
  return new Set(["localhost", own, short, `${short}.local`, ...allowed.map((name) => name.toLowerCase())]);
}

/** An address cannot be rebound by a foreign DNS server; a name is trusted only if it is ours. */
function isOwnHost(host: string, known: Set<string>): boolean {
  return isIP(host) !== 0 || known.has(host) || host.endsWith(".localhost");
}

function isAllowedOrigin(origin: string, host: string, allowed: Set<string>): boolean {
  if (allowed.has(origin.toLowerCase())) return true;
  const match = /^https?:\/\/([^/]+)$/i.exec(origin);
  return match?.[1] !== undefined && hostOf(match[1]) === host;
}
