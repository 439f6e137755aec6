/** Which parts `pharos start` runs on this machine, and with which words. Pure; called by the house. */
import { idOfHost } from "#base/host-id.ts";

export interface HouseOptions {
  readonly host: string;
  readonly port: number;
  readonly open: string;
  readonly dataDir: string;
  readonly simulate: boolean;
  readonly jsonLogs: boolean;
}

/** A part beside the hub. */
export interface Part {
  readonly name: string;
  /** The id by which it is a device. */
  readonly device: string;
  /** Words after `pharos`. */
  readonly args: readonly string[];
}

export interface Plan {
  readonly parts: readonly Part[];
  /** What the user should know about the choice. */
  readonly notes: readonly string[];
}

export function hubArgs(options: HouseOptions): readonly string[] {
  const { host, port, open, dataDir } = options;
  return ["hub", "--host", host, "--port", `${port}`, "--open", open, "--data-dir", dataDir, "--json-logs"];
}

/**
 * @param raspberryPi its model; null on other machines
 * @param hub address of the hub for parts on the same machine
 * @param hostname of this machine, by which its agent names itself
 */
export function planParts(simulate: boolean, raspberryPi: string | null, hub: string, hostname: string): Plan {
  const parts: Part[] = [];
  const notes: string[] = [];
  const agent = { name: "agent", device: idOfHost(hostname) };
  if (raspberryPi !== null) {
    parts.push({ ...agent, args: ["agent", "--hub", hub] });
    notes.push(`${raspberryPi}: the agent drives the real GPIO21.`);
  } else if (simulate) {
    parts.push({ ...agent, args: ["agent", "--hub", hub, "--driver", "simulated"] });
    notes.push("This is not a Raspberry Pi: the LED is a simulated one. --no-simulate leaves simulated parts out.");
  } else {
    notes.push("This is not a Raspberry Pi and --no-simulate was given: only the hub runs.");
  }
  if (simulate) parts.push({ name: "esp32", device: "esp32-1", args: ["simulate", "esp32", "--hub", hub] });
  return { parts, notes };
}

/** Where parts on the same machine reach a hub that listens on `host`. */
export function hubUrl(host: string, port: number): string {
  const every = host === "::" || host === "0.0.0.0" || host === "";
  const address = every ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return `http://${address}:${port}`;
}

/** What the hub and its parts are told of each other, where others cannot read it: a token for each part, made anew at each start. */
export function partSecrets(devices: readonly string[], newToken: () => string): ReadonlyMap<string, string> {
  return new Map(devices.map((device) => [device, newToken()]));
}

/** The option `--device-token` of the hub, as its environment takes it. @param others that the user gave */
export function deviceTokens(secrets: ReadonlyMap<string, string>, others = ""): string {
  return [...(others === "" ? [] : [others]), ...[...secrets].map(([device, token]) => `${device}=${token}`)].join(",");
}
