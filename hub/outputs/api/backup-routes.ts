/** REST over a backup: all that lasts in one file, for admins (protocol 10). */
import { PharosError } from "#protocol/errors.ts";
import type { Access } from "../../access/access.ts";
import type { Backup } from "../../backup/backup.ts";
import { type Route, route } from "./route.ts";

const CONTENT_TYPE = "application/x-tar";

/** @param backup null for a hub without a disk */
export function backupRoutes(backup: Backup | null, access: Access): Route[] {
  return [
    route({
      method: "get",
      path: "/backup",
      rule: "admin",
      summary: "All that lasts, in one file that `pharos restore` takes back; secrets are in it only as hashes.",
      answers: {
        200: "A tar archive.",
        429: "Another one is being made.",
        507: "There is no room to make it.",
      },
      contentType: CONTENT_TYPE,
      handle({ by: who, from }) {
        if (backup === null) throw new PharosError("NOT_FOUND", "This hub keeps nothing on a disk.");
        access.note({ who, from, what: "backup", target: backup.fileName, result: "done" });
        return { contentType: CONTENT_TYPE, fileName: backup.fileName, pieces: backup.pieces() };
      },
    }),
  ];
}
