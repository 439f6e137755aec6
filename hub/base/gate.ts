/** By which name and from which web page a request may come: `Host` and `Origin`, checked alike at every door and output (protocol 2.2). */
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { hostname } from "node:os";
import { PharosError } from "#protocol/errors.ts";
import { calledHost, hostOf } from "./client-address.ts";
import type { HubConfig } from "./config.ts";

/** Origins that clients without a browser are known to send; but a browser says `null` for a sandboxed page of anyone. */
const DEVICE_ORIGINS = new Set(["Espruino", "file://", "null"]);

/**
 * @param wants what the request is for: to be a device, or to command devices as pages and REST do
 * @param hasToken a valid token came with it, which no foreign page has: then a device may come from any origin
 */
export type Gate = (request: IncomingMessage, wants: "device" | "control", hasToken?: boolean) => void;

/**
 * @param devicePort the port that is for devices alone; null without one
 * @returns a check that throws PharosError `BAD_HOST` or `BAD_ORIGIN`, and returns if the request may pass
 */
export function createGate(
  { allowHost, allowOrigin, trustProxy }: HubConfig,
  devicePort: () => number | null = none,
): Gate {
  const known = knownNames(allowHost);
  const origins = new Set(allowOrigin.map((origin) => origin.replace(/\/$/, "").toLowerCase()));
  // By which port a poll came is known only while its connection stands; its session is asked about later.
  const forDevices = new WeakSet<IncomingMessage>();
  return (request, wants, hasToken = false) => {
    if (isAt(request, devicePort())) forDevices.add(request);
    if (wants === "control" && forDevices.has(request)) throw new PharosError("NO_DOOR");
    const host = calledHost(request, trustProxy);
    if (!isOwnHost(host, known)) throw new PharosError("BAD_HOST");
    const origin = request.headers.origin;
    if (origin === undefined || (wants === "device" && (hasToken || DEVICE_ORIGINS.has(origin)))) return;
    if (!isAllowedOrigin(origin, host, origins)) throw new PharosError("BAD_ORIGIN");
  };
}

function none(): null {
  return null;
}

function isAt({ socket }: IncomingMessage, port: number | null): boolean {
  return port !== null && socket.localPort === port;
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
