/** `pharos hub`: the process around the hub. */
import { accessSync, constants, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Clock, systemClock } from "#base/clock.ts";
import { makeFolder } from "#base/folder.ts";
import { aborted, type Program, runCommands, StartError } from "#base/program.ts";
import { serviceCommands } from "#base/service/commands.ts";
import { thisMachine } from "#base/service/machine.ts";
import { createNotifier } from "#base/systemd-notifier.ts";
import { AuditFile } from "./access/audit-file.ts";
import { SqliteAccessStore } from "./access/sqlite/sqlite-access-store.ts";
import { Backup } from "./backup/backup.ts";
import { type BackupCommandParts, runBackup, runRestore } from "./backup/backup-commands.ts";
import { lanAddresses } from "./base/addresses.ts";
import { HUB_OPTIONS, type HubConfig } from "./base/config.ts";
import { LinePrinter } from "./base/line-printer.ts";
import { createLogger, type Logger } from "./base/logger.ts";
import { DATA_FILES } from "./data-files.ts";
import { SqliteStore } from "./devices/sqlite/sqlite-store.ts";
import { DEFAULT_SETTINGS } from "./history/history-limits.ts";
import { workerPort } from "./history/sqlite/port.ts";
import { SqliteHistory } from "./history/sqlite/sqlite-history.ts";
import { Hub } from "./hub.ts";
import { runUser, type UserParts } from "./people/user-commands.ts";
import { hubService } from "./service/hub-service.ts";
import { callOneself } from "./service/self-call.ts";

/** From the bundle's folder, `dist/bundles/`. */
const PAGE_DIR = fileURLToPath(new URL("../web", import.meta.url));
const HISTORY_WORKER = fileURLToPath(new URL("history-worker.js", import.meta.url));
const HOME = fileURLToPath(new URL("../..", import.meta.url));

export const program: Program<typeof HUB_OPTIONS> = {
  usage: "pharos hub [options]",
  summary: "Runs the hub: the doors for devices, REST, and the page.",
  options: HUB_OPTIONS,
  run: runHub,
};

export function main(args: readonly string[]): Promise<number> {
  const [word, ...rest] = args;
  if (word === "user") return runUser(rest, userParts());
  if (word === "backup") return runBackup(rest, backupParts());
  if (word === "restore") return runRestore(rest, backupParts());
  const service = hubService({ options: HUB_OPTIONS, port: (config) => config.port, describe: describeHub });
  return runCommands(program, serviceCommands(service, thisMachine(HOME)), args);
}

function userParts(): UserParts {
  const console = { input: process.stdin, output: process.stderr };
  return { clock: systemClock(), console, say: (line) => void process.stdout.write(`${line}\n`) };
}

function backupParts(): BackupCommandParts {
  const clock = systemClock();
  return {
    clock,
    version: readVersion(),
    files: DATA_FILES,
    env: process.env,
    readAudit: (dataDir) => new AuditFile({ file: join(dataDir, "audit.ndjson"), clock }).read(),
    say: (line) => void process.stdout.write(`${line}\n`),
  };
}

function describeHub(config: HubConfig): readonly (readonly [string, string])[] {
  return [
    ["address", `${config.tlsCert === "" ? "http" : "https"}://${displayHost(config.host)}:${config.port}`],
    ["reach", reach(config)],
  ];
}

async function runHub(config: HubConfig, stop: AbortSignal): Promise<number> {
  claimDataDir(config.dataDir);
  const printer = new LinePrinter((text) => process.stdout.write(text));
  process.once("exit", () => printer.flush());
  const logger = createLogger(config.jsonLogs, (line) => printer.print(line));
  const clock = systemClock();
  const store = new SqliteStore({ file: join(config.dataDir, "pharos.db"), clock });
  store.onHealth((isWritable, fault) => {
    if (isWritable) logger.info({ event: "storage" }, "The disk takes what is to be kept again.");
    else logger.error({ event: "storage" }, fault ?? "The disk takes nothing.");
  });
  const history = makeHistory(config, clock, logger);
  const access = makeAccess(config, clock, logger);
  const version = readVersion();
  const sources = [
    { name: "pharos.db", copyTo: (file: string) => store.copyTo(file) },
    { name: "access.db", copyTo: (file: string) => access.accessStore.copyTo(file) },
    { name: "history.db", copyTo: (file: string) => history.copyTo(file) },
  ];
  const readAudit = () => access.audit.read();
  const backup = new Backup({ dataDir: config.dataDir, version, clock, sources, readAudit });
  const hub = new Hub(config, { clock, logger, pageDir: PAGE_DIR, version, store, history, ...access, backup });
  const port = await hub.start();
  const scheme = config.tlsCert === "" ? "http" : "https";
  const url = `${scheme}://${displayHost(config.host)}:${port}`;
  const onNetwork = lanAddresses(config.host, port, scheme);
  if (hub.setupKey !== null) sayHowToSignIn(logger, hub.setupKey, [url, ...onNetwork]);
  logger.info(
    { event: "listening", port, tcpPort: hub.tcpPort ?? undefined, host: config.host, open: config.open },
    `Pharos is ready: ${url} (${reach(config)})`,
  );
  for (const address of onNetwork) logger.info(`On this network: ${address}`);
  const notifier = createNotifier({
    clock,
    env: process.env,
    probe: () => callOneself(config.host, port, scheme === "https"),
    onFault: ({ message }) => logger.warn({ event: "service" }, message),
  });
  await notifier.ready(`${url}, ${reach(config)}`);
  await aborted(stop);
  await notifier.stopping();
  logger.info({ event: "stopping" }, "Stopping: saying bye to everyone.");
  await hub.close();
  return 0;
}

/** Who may do what, and what was done. */
function makeAccess({ dataDir }: HubConfig, clock: Clock, logger: Logger) {
  const audit = new AuditFile({ file: join(dataDir, "audit.ndjson"), clock });
  audit.onHealth((isWritable, fault) => {
    if (isWritable) logger.info({ event: "audit" }, "The disk takes the audit log again.");
    else logger.error({ event: "audit" }, fault ?? "The disk takes no audit log.");
  });
  return { accessStore: new SqliteAccessStore({ file: join(dataDir, "access.db") }), audit };
}

/** Behind the `#`, which a browser never sends: it stands in no log on the way. */
function sayHowToSignIn(logger: Logger, key: string, addresses: readonly string[]): void {
  const links = addresses.map((address) => `${address}/#key=${key}`).join(" or ");
  logger.info({ event: "setup", key }, `Nobody can sign in yet. Open this once and choose a password: ${links}`);
}

function makeHistory(config: HubConfig, clock: Clock, logger: Logger): SqliteHistory {
  const settings = {
    ...DEFAULT_SETTINGS,
    rawMs: config.historyRawMs,
    tenSecondsMs: config.historyTenSecondsMs,
    minuteMs: config.historyMinutesMs,
    hourMs: config.historyHoursMs,
    capBytes: config.historyCapBytes,
  };
  const connect = workerPort(HISTORY_WORKER);
  const history = new SqliteHistory({ file: join(config.dataDir, "history.db"), clock, connect, settings });
  history.onHealth((isWritable, fault) => {
    if (isWritable) logger.info({ event: "history" }, "The disk takes the history again.");
    else logger.error({ event: "history" }, fault ?? "The disk takes no history.");
  });
  history.onNotice((sentence) => logger.info({ event: "history" }, sentence));
  return history;
}

/** Makes the folder for what lasts, so that a read-only place is found now and not at the first write. */
function claimDataDir(dataDir: string): void {
  const dir = resolve(dataDir);
  try {
    makeFolder(dir);
    // The slash makes a file in its place a fault.
    accessSync(`${dir}/`, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(`Cannot write to the data folder ${dir} (${code}). Choose another with --data-dir DIR.`);
  }
}

function readVersion(): string {
  return String((JSON.parse(readFileSync(join(HOME, "package.json"), "utf8")) as { version: unknown }).version);
}

function displayHost(host: string): string {
  if (host === "::" || host === "0.0.0.0") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

function reach({ open }: HubConfig): string {
  if (open === "lan") return "open to everyone on this network";
  return open === "loopback" ? "open to this computer; all others sign in" : "everyone signs in";
}
