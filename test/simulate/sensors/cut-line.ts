/** A line between a device and a hub that a test can cut at any byte, as a bad network does. */

import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

export interface CutLine {
  readonly port: number;
  /** Connections so far. */
  readonly connections: number;
  /** Once this many bytes of the device have passed on the next connection, it is cut, and all that is on its way with it. */
  cutAfter(bytes: number): void;
  close(): Promise<void>;
}

export async function startCutLine(hubPort: number): Promise<CutLine> {
  const open = new Set<Socket>();
  let connections = 0;
  let cutAfter = Number.POSITIVE_INFINITY;
  const server = createServer((device) => {
    connections++;
    const hub = connect(hubPort, "127.0.0.1");
    let left = cutAfter;
    cutAfter = Number.POSITIVE_INFINITY;
    for (const socket of [device, hub]) {
      open.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        open.delete(socket);
        device.destroy();
        hub.destroy();
      });
    }
    hub.pipe(device);
    device.on("data", (data: Buffer) => {
      hub.write(data.subarray(0, left));
      left -= data.length;
      if (left <= 0) device.destroy();
    });
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.on("listening", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    cutAfter(bytes) {
      cutAfter = bytes;
      for (const socket of open) socket.destroy();
    },
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
