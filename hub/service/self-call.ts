/** Whether the hub answers: what its watchdog asks. Called by main.ts. */
import { get, type IncomingMessage } from "node:http";
import { get as getSecurely } from "node:https";

/**
 * Resolves when the hub answers a request of its own, whatever it says: the loop runs and its door is open.
 * @param host the address it listens on
 * @param isSecure whether it speaks TLS; whose certificate that is does not matter between oneself
 */
export function callOneself(host: string, port: number, isSecure = false): Promise<void> {
  // By number: not every system has an address for the name `localhost`, and `::` takes IPv4 too.
  const address = host === "::" || host === "0.0.0.0" ? "127.0.0.1" : host;
  return new Promise((resolve, reject) => {
    const where = { host: address, port, path: "/healthz", agent: false as const };
    const answered = (response: IncomingMessage): void => {
      response.resume();
      response.once("end", resolve);
    };
    const request = isSecure ? getSecurely({ ...where, rejectUnauthorized: false }, answered) : get(where, answered);
    request.once("error", reject);
  });
}
