/** A real hub on a free port for a test, with its log in a list. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, systemClock } from "#base/clock.ts";
import { readOptions } from "#base/options.ts";
import { MemoryAuditLog } from "../../hub/access/audit-log.ts";
import { MemoryAccessStore } from "../../hub/access/memory-access-store.ts";
import { HUB_OPTIONS } from "../../hub/base/config.ts";
import { createLogger } from "../../hub/base/logger.ts";
import { MemoryStore } from "../../hub/devices/memory-store.ts";
import { MemoryHistory } from "../../hub/history/memory-history.ts";
import type { HistoryStore } from "../../hub/history/store.ts";
import { Hub } from "../../hub/hub.ts";

export interface TestHub {
  readonly hub: Hub;
  readonly port: number;
  readonly tcpPort: number | null;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly log: string[];
  close(): Promise<void>;
}

/** Who may do what, kept nowhere. */
export function memoryAccess(): { accessStore: MemoryAccessStore; audit: MemoryAuditLog } {
  return { accessStore: new MemoryAccessStore(), audit: new MemoryAuditLog() };
}

/**
 * Open to this computer, unless `--open none` or another is among its flags.
 * @param args flags as on the command line, besides `--port 0`
 * @param tcp those that choose the TCP port
 * @param history in memory, unless stated
 */
export async function startHub(
  args: readonly string[] = [],
  clock: Clock = systemClock(),
  tcp: readonly string[] = ["--tcp-port", "auto"],
  history?: HistoryStore,
): Promise<TestHub> {
  const open = args.includes("--open") ? [] : ["--open"];
  const dataDir = mkdtempSync(join(tmpdir(), "pharos-"));
  const config = readOptions(
    HUB_OPTIONS,
    ["--port", "0", ...tcp, "--host", "127.0.0.1", "--data-dir", dataDir, ...open, ...args],
    {},
  );
  const log: string[] = [];
  const logger = createLogger(true, (line) => log.push(line));
  const hub = new Hub(config, {
    clock,
    logger,
    pageDir: join(process.cwd(), "dist/web"),
    version: "0.0.0-test",
    store: new MemoryStore(),
    history: history ?? new MemoryHistory({ clock }),
    ...memoryAccess(),
  });
  const port = await hub.start();
  return { hub, port, tcpPort: hub.tcpPort, url: `http://127.0.0.1:${port}`, log, close: () => hub.close() };
}
