/** What a door holds of a device while it is connected. */
import type { Principal } from "../access/principal.ts";
import type { Connection } from "../devices/connection.ts";
import type { Device } from "../devices/device.ts";

/** One connection and the device it is; `hello` of a nameless one may make it another. */
export interface Session {
  readonly connection: Connection;
  readonly principal: Principal;
  device: Device;
}
