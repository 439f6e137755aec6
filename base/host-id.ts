/** The id of a computer as a device of the hub. Called by the agent and by `pharos start`, which must agree. */

/** The name of this computer as a device id (protocol 1.1): what an id cannot hold becomes `-`. */
export function idOfHost(name: string): string {
  return (
    name
      .replace(/[^A-Za-z0-9._-]/g, "-")
      .replace(/^[^A-Za-z0-9]+/, "")
      .slice(0, 64) || "raspberrypi"
  );
}
