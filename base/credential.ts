/** Secrets that systemd hands to a service as files (`LoadCredential=`), never in its environment or words. Called by the programs' main.ts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The text of a credential of this service.
 * @param env that of the process; systemd names the folder in `CREDENTIALS_DIRECTORY`
 * @returns null where there is none, or an empty one
 */
export function readCredential(name: string, env: { readonly [name: string]: string | undefined }): string | null {
  const folder = env.CREDENTIALS_DIRECTORY;
  if (folder === undefined || folder === "") return null;
  try {
    return readFileSync(join(folder, name), "utf8").trim() || null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
