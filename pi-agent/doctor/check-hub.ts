/** Whether the hub can be reached, and how far its clock is from ours. Called by diagnose.ts. */
import { type Finding, fail, note, ok } from "./finding.ts";
import { exists, type Machine } from "./machine.ts";

const TIMEOUT_MS = 5_000;
/** The `Date` header counts whole seconds. */
const CLOCK_TOLERANCE_MS = 5_000;
const SET_CLOCK = "sudo timedatectl set-ntp true";
const CLOCK_IS_SET_FROM = Date.UTC(2024, 0, 1);

export interface HubFindings {
  readonly findings: readonly Finding[];
  /** The hub's clock minus ours, ms; null when it did not tell. */
  readonly clockDifferenceMs: number | null;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly clockDifferenceMs: number | null;
}

export async function checkHub(machine: Machine, hub: string): Promise<HubFindings> {
  try {
    const answer = await ask(machine, `${hub}/healthz`);
    const finding = await judge(machine, hub, answer);
    return { findings: [finding], clockDifferenceMs: answer.clockDifferenceMs };
  } catch (error) {
    return { findings: [unreachable(hub, error)], clockDifferenceMs: null };
  }
}

/** @param clockDifferenceMs as `checkHub` found it */
export function checkClock(machine: Machine, clockDifferenceMs: number | null): readonly Finding[] {
  const time = new Date(machine.now())
    .toISOString()
    .replace(/\.\d+Z$/, " UTC")
    .replace("T", " ");
  if (machine.now() < CLOCK_IS_SET_FROM) {
    const what = `The clock is not set: ${time}; reports get the hub's time`;
    return [note("clock", what, SET_CLOCK)];
  }
  const seconds = Math.round(Math.abs(clockDifferenceMs ?? 0) / 1000);
  if (clockDifferenceMs !== null && Math.abs(clockDifferenceMs) > CLOCK_TOLERANCE_MS) {
    const what = `The clock is ${seconds} s ${clockDifferenceMs > 0 ? "behind" : "ahead of"} the hub's: ${time}`;
    return [note("clock", what, `${SET_CLOCK} (here and on the hub's computer)`)];
  }
  const isSystemd = exists(machine, "/run/systemd/timesync");
  if (isSystemd && !exists(machine, "/run/systemd/timesync/synchronized")) {
    return [note("clock", `The clock was not synchronised since the start: ${time}`, SET_CLOCK)];
  }
  return [ok("clock", clockDifferenceMs === null ? `The clock says ${time}` : "The clock agrees with the hub's")];
}

async function ask(machine: Machine, url: string): Promise<Answer> {
  const sentAt = machine.now();
  const { status, date: header, text } = await machine.get(url, TIMEOUT_MS);
  const date = Date.parse(header ?? "");
  const clockDifferenceMs = Number.isNaN(date) ? null : date - (sentAt + machine.now()) / 2;
  return { status, body: fromJson(text), clockDifferenceMs };
}

async function judge(machine: Machine, hub: string, { status, body }: Answer): Promise<Finding> {
  const error = fieldOf(body, "error");
  const [code, message] = [fieldOf(error, "code"), fieldOf(error, "message")];
  if (typeof code === "string" && typeof message === "string") return refused(hub, code, message);
  if (status !== 200 || fieldOf(body, "status") !== "ok") return notPharos(hub, status);
  return await withVersion(machine, hub);
}

/** In the hub's own words. */
function refused(hub: string, code: string, message: string): Finding {
  const remedies: { readonly [code: string]: string | undefined } = {
    UNAUTHORIZED:
      "On the hub's page: open Add a device, and approve this one while the agent runs; or give it a token with --token",
    FORBIDDEN: "This token is that of another device: make one for this id on the hub's page, under Add a device",
    BAD_HOST: `On the hub's computer: pharos hub --allow-host ${new URL(hub).hostname}`,
    TOO_MANY: "Wait a minute, then run the doctor again",
  };
  const remedy = remedies[code] ?? "See the hub's log, on its computer: journalctl -u pharos-hub -n 30";
  return fail("hub", `The hub at ${hub} refuses this computer: ${message.replace(/\.$/, "")} (${code})`, remedy);
}

/** Others answer `/healthz` the same way. */
async function withVersion(machine: Machine, hub: string): Promise<Finding> {
  const about = await ask(machine, `${hub}/api/openapi.json`).catch(() => null);
  const info = fieldOf(about?.body, "info");
  if (about !== null && fieldOf(info, "title") !== "Pharos") return notPharos(hub, about.status);
  const version = fieldOf(info, "version");
  return ok("hub", `The hub at ${hub} answers${version === undefined ? "" : `: Pharos ${version}`}`);
}

function notPharos(hub: string, status: number): Finding {
  return fail(
    "hub",
    `What answers at ${hub} is no Pharos hub (status ${status})`,
    "Name the hub: --hub http://ADDRESS:5000",
  );
}

function unreachable(hub: string, error: unknown): Finding {
  const { hostname, port, protocol } = new URL(hub);
  const code = codeOf(error);
  const at = `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN": {
      const isLocal = hostname.endsWith(".local");
      const remedy = isLocal
        ? "sudo apt install -y libnss-mdns"
        : "Name the hub by its address: --hub http://ADDRESS:5000";
      return fail("hub", `There is no computer by the name ${hostname} (${code})`, remedy);
    }
    case "ECONNREFUSED":
      return fail("hub", `Nothing listens at ${at} (${code})`, "Start the hub there: pharos hub");
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return fail("hub", `There is no way to ${hostname} (${code})`, `Check the network: ip route get ${hostname}`);
    case "ETIMEDOUT":
      return fail(
        "hub",
        `${at} does not answer within ${TIMEOUT_MS / 1000} s`,
        `Check address and firewall: ping -c 3 ${hostname}`,
      );
    default:
      return fail("hub", `What answers at ${at} is no Pharos hub (${code})`, "Name the hub: --hub http://ADDRESS:5000");
  }
}

/** The system's word. @throws what is no fault of the network */
function codeOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return code;
}

function fieldOf(object: unknown, name: string): unknown {
  return typeof object === "object" && object !== null
    ? (object as { readonly [name: string]: unknown })[name]
    : undefined;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
