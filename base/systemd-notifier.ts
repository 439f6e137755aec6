/** What a service tells systemd: that it is ready, what it does, and its watchdog while it really works. Called by the main.ts of hub and agent. */
import { spawn } from "node:child_process";
import type { Clock, Timer } from "./clock.ts";

export interface Notifier {
  /** The service works: `systemctl start` returns, and from now on the watchdog is fed while the probe passes. */
  ready(status: string): Promise<void>;
  /** One line for `systemctl status`; the newest wins. */
  status(text: string): void;
  /** The service ends by itself or on a signal: the watchdog is fed no longer. Resolves when systemd knows. */
  stopping(): Promise<void>;
}

type Environment = { readonly [name: string]: string | undefined };

export interface NotifierParts {
  readonly clock: Clock;
  /** That of the process; without `NOTIFY_SOCKET` nobody listens, and nothing is sent or probed. */
  readonly env: Environment;
  /** Resolves when the parts that matter answer. While it fails or hangs the watchdog is not fed, and systemd restarts the service. */
  probe(): Promise<void>;
  /** The probe failed, or systemd cannot be told; at most once for each try. */
  onFault(fault: Error): void;
  /** How the variables get to systemd: by `systemd-notify` if not given. */
  readonly send?: (variables: readonly string[], env: Environment) => Promise<void>;
}

/** systemd's own advice: twice in the time that it waits. */
const PINGS_PER_WATCHDOG = 2;
const MAX_STATUS = 200;
const SEND_TIMEOUT_MS = 5_000;

/** Creates the notifier; it sends nothing before `ready` or `status`. */
export function createNotifier(parts: NotifierParts): Notifier {
  const { clock, env, onFault } = parts;
  const send = parts.send ?? ((variables: readonly string[]) => systemdNotify(clock, variables, env));
  const isHeard = (env.NOTIFY_SOCKET ?? "") !== "";
  const pingMs = watchdogMs(env) / PINGS_PER_WATCHDOG;
  // By variable, so that what waits is bounded: a newer status replaces the older.
  const waiting = new Map<string, string>();
  let sending: Promise<void> = Promise.resolve();
  let watchdog: Timer | null = null;
  let isProbing = false;

  function tell(name: string, value: string): void {
    if (!isHeard) return;
    if (waiting.size === 0) sending = sending.then(flush);
    waiting.set(name, value);
  }

  async function flush(): Promise<void> {
    const variables = [...waiting].map(([name, value]) => `${name}=${value}`);
    waiting.clear();
    await send(variables, env).catch(onFault);
  }

  async function ping(): Promise<void> {
    if (isProbing) return;
    isProbing = true;
    try {
      await within(clock, pingMs, parts.probe());
      if (watchdog !== null) tell("WATCHDOG", "1");
    } catch (error) {
      onFault(new Error(`The watchdog is not fed: ${(error as Error).message}`));
    } finally {
      isProbing = false;
    }
  }

  return {
    async ready(status) {
      tell("READY", "1");
      tell("STATUS", oneLine(status));
      if (isHeard && Number.isFinite(pingMs)) watchdog ??= clock.every(pingMs, () => void ping());
      await sending;
    },
    status: (text) => tell("STATUS", oneLine(text)),
    async stopping() {
      watchdog?.cancel();
      watchdog = null;
      tell("STOPPING", "1");
      await sending;
    },
  };
}

/** Ms in which systemd wants a ping from this process; infinite where it wants none. */
function watchdogMs(env: Environment): number {
  const isForUs = env.WATCHDOG_PID === undefined || env.WATCHDOG_PID === String(process.pid);
  const ms = Number(env.WATCHDOG_USEC) / 1000;
  return isForUs && ms > 0 ? ms : Number.POSITIVE_INFINITY;
}

/** @throws Error when `work` has not ended after `ms` */
function within(clock: Clock, ms: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(ms, () => reject(new Error(`no answer within ${Math.round(ms)} ms`)));
    work.then(resolve, reject).finally(() => timer.cancel());
  });
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, MAX_STATUS);
}

/** Node has no datagrams of Unix: systemd's own tool sends them, and returns when systemd has taken them. */
function systemdNotify(clock: Clock, variables: readonly string[], env: Environment): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("systemd-notify", [...variables], { env: { ...env }, stdio: ["ignore", "ignore", "pipe"] });
    const timer = clock.after(SEND_TIMEOUT_MS, () => child.kill("SIGKILL"));
    let fault = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      fault = (fault + text).slice(0, 1_000);
    });
    child.on("error", (error) => {
      timer.cancel();
      reject(new Error(`systemd-notify cannot be run: ${error.message}`));
    });
    child.on("close", (code, signal) => {
      timer.cancel();
      if (code === 0) resolve();
      else reject(new Error(`systemd-notify failed (${signal ?? `exit code ${code}`}): ${oneLine(fault)}`));
    });
  });
}
