/** Devices that are TCP servers, which the hub dials (protocol 2.5): how they are given, and how pages and REST show them. */
import * as z from "zod";

const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9.])?$|^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%[\w.-]{1,32})?$/;
const MODES = ["lines", "stream"] as const;

/** `lines`: one frame a line, as at the TCP door. `stream`: any bytes, as text of a terminal. */
export type DialMode = (typeof MODES)[number];

/** Whom to dial, and which device answers there. */
export interface DialTarget {
  /** The device's id. */
  readonly id: string;
  /** A name or an address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly mode: DialMode;
}

export type DialState = "connecting" | "connected" | "waiting";

/** A dialled device as pages and REST show it. */
export interface DialView extends DialTarget {
  /** `tcp://192.168.1.7:10000?id=lamp`, as `--dial` takes it. */
  readonly url: string;
  /** Whether it stands in the hub's own options; only there it can be taken out. */
  readonly isFixed: boolean;
  /** `waiting`: for the next try. */
  readonly state: DialState;
  /** When the state changed last. */
  readonly since: number;
  /** When the next try is made, if it waits; else null. */
  readonly retryAt: number | null;
  /** Why the last try failed or the last connection ended, as a sentence; null while all is well. */
  readonly fault: string | null;
}

/** Body of `POST /api/dials`. The id is judged as at the other doors. */
export const dialRequest = z
  .object({
    id: z.string().max(256),
    host: z.string().regex(HOST, "a host is a name or an IP address"),
    port: z.number().int().min(1).max(65_535),
    mode: z.enum(MODES).default("lines"),
  })
  .strict();

/** What the page types into the terminal of a device. */
export const typeRequest = z.object({ device: z.string().max(64), text: z.string().min(1).max(4096) });
export const undialRequest = z.object({ device: z.string().max(64) });
export const terminalRequest = z.object({ device: z.string().max(64).nullable() });

/** Reads `tcp://HOST:PORT?id=ID`, with `&mode=stream` for a terminal. Null when it is none. */
export function parseDialUrl(text: string): DialTarget | null {
  const match = /^tcp:\/\/(\[[^\]]*\]|[^/:?#@[\]]*):(\d{1,5})\/?\?([^#]*)$/i.exec(text.trim());
  if (match === null) return null;
  const [, host = "", port = "", query = ""] = match;
  const given = Object.fromEntries(new URLSearchParams(query));
  const result = dialRequest.safeParse({ ...given, host: host.replace(/^\[|\]$/g, ""), port: Number(port) });
  return result.success ? result.data : null;
}

export function formatDialUrl({ id, host, port, mode }: DialTarget): string {
  const authority = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  return `tcp://${authority}?id=${id}${mode === "stream" ? "&mode=stream" : ""}`;
}
