/** Whether the hub answers: what its watchdog asks. Called by main.ts. */
import { get } from "node:http";

/**
 * Resolves when the hub answers a request of its own, whatever it says: the loop runs and its door is open.
 * @param host the address it listens on
 */
export function callOneself(host: string, port: number): Promise<void> {
  // By number: not every system has an address for the name `localhost`, and `::` takes IPv4 too.
  const address = host === "::" || host === "0.0.0.0" ? "127.0.0.1" : host;
  return new Promise((resolve, reject) => {
    const request = get({ host: address, port, path: "/healthz", agent: false }, (response) => {
      response.resume();
      response.once("end", resolve);
    });
    request.once("error", reject);
  });
}
