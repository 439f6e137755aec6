/** A port for a program that cannot say which one it took. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** @returns a port of the loopback that was free just now */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
