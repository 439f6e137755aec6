/** The hub's own certificate, read and checked at its start. Called by `hub.ts`. */
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { StartError } from "#base/program.ts";
import type { HubConfig } from "./config.ts";

export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** @returns null where the hub speaks plain HTTP; @throws StartError when the files are none, or do not fit */
export function readTls({ tlsCert, tlsKey }: Pick<HubConfig, "tlsCert" | "tlsKey">): TlsFiles | null {
  if (tlsCert === "" && tlsKey === "") return null;
  if (tlsCert === "" || tlsKey === "")
    throw new StartError("Give both, --tls-cert FILE and --tls-key FILE, or neither.");
  const files = { cert: read(tlsCert, "--tls-cert"), key: read(tlsKey, "--tls-key") };
  try {
    createSecureContext(files);
  } catch (error) {
    const { message } = error as Error;
    throw new StartError(`The certificate ${tlsCert} and the key ${tlsKey} do not work together: ${message}.`);
  }
  return files;
}

function read(path: string, flag: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new StartError(`${flag}: cannot read ${path} (${(error as NodeJS.ErrnoException).code}).`);
  }
}
