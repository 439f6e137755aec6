/** Opens a port, or says in one sentence why it cannot be opened and what helps. */
import type { AddressInfo, Server } from "node:net";
import { StartError } from "#base/program.ts";

/** Connections that may wait to be taken; the system may allow fewer. A class of silent devices that come at once would else lose some unnoticed. */
const BACKLOG = 4_096;

export interface ListenAt {
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  /** The option by which a user chooses the port. */
  readonly flag: "--port" | "--tcp-port" | "--device-port";
}

/** @returns the port; @throws StartError */
export function listen(server: Server, at: ListenAt): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => reject(new StartError(explain(error, at)));
    server.once("error", onError);
    server.listen({ host: at.host, port: at.port, backlog: BACKLOG }, () => {
      server.off("error", onError);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function explain({ code, message }: NodeJS.ErrnoException, { host, port, flag }: ListenAt): string {
  if (code === "EADDRINUSE")
    return `Port ${port} is in use by another program. Choose another with ${flag} ${port < 65_535 ? port + 1 : 5000}.`;
  if (code === "EACCES")
    return `Port ${port} needs more rights than this user has. Choose one above 1023 with ${flag} ${flag === "--port" ? 5000 : 5001}.`;
  if (code === "EADDRNOTAVAIL")
    return `This computer has no address ${host}. Choose one it has with --host, or leave it out.`;
  return `Cannot listen on ${host} port ${port}: ${message}. Choose others with --host and ${flag}.`;
}
