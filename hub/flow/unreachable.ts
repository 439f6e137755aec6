/** Why a device cannot be asked or told anything now. Thrown by the flows that would have to reach it. */
import { PharosError } from "#protocol/errors.ts";
import type { Device } from "../devices/device.ts";

/** @param device without a connection: away, or one that reports over HTTP, or sleeps between its beats */
export function unreachable({ presence }: Device): PharosError {
  if (presence === "offline") return new PharosError("OFFLINE");
  return new PharosError("OFFLINE", "The device reports, but has no open connection by which it could be reached.");
}
