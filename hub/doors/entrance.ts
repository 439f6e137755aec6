/** Whether who comes may be the device it says it is, asked alike at every door (protocol 2.9, 7.9). */
import type { Access } from "../access/access.ts";
import { maySpeakAs, type Principal, requireDevice } from "../access/principal.ts";

/** Somebody who may be this device, or wait until somebody says so. */
export interface Entrance {
  readonly principal: Principal;
  /** Nobody knows it yet: it has no token, and the pairing window is open. */
  readonly waits: boolean;
}

/**
 * @param nameless the id is the hub's own: nobody could tell by it whom they let in
 * @throws PharosError `UNAUTHORIZED`, `FORBIDDEN`
 */
export function enterAs(access: Access, principal: Principal, device: string, nameless = false): Entrance {
  if (maySpeakAs(principal, device)) return { principal, waits: false };
  const isUnknown = principal.ref === null && access.tokens.ofDevice(device) === null;
  if (!isUnknown || nameless || !access.pairing.isOpen) requireDevice(principal, device);
  return { principal, waits: true };
}
