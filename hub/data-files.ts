/** The SQLite files of a data folder. Read by main.ts, for backup and restore. */
import { ACCESS_FILE } from "./access/sqlite/access-file.ts";
import { DEVICE_FILE } from "./devices/sqlite/migrations.ts";
import { HISTORY_FILE } from "./history/sqlite/history-file.ts";

export const DATA_FILES = { "pharos.db": DEVICE_FILE, "access.db": ACCESS_FILE, "history.db": HISTORY_FILE };
