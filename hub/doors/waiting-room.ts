/** A device that nobody knows yet, at any door: it says who it is, hears that it waits, and reaches nobody until it is approved (protocol 7.9). */
import type { Socket } from "socket.io";
import { hello } from "#protocol/device-events.ts";
import { wireError } from "#protocol/errors.ts";
import type { Access } from "../access/access.ts";
import type { SocketConnection } from "./socket-connection.ts";

const PENDING = { message: "Somebody has to approve this device on the page of the hub." };

export interface WaitingParts {
  readonly socket: Socket;
  readonly connection: SocketConnection;
  readonly device: string;
  readonly access: Access;
  /** The hub's clock, ms. */
  readonly now: number;
  /** @param said its `hello`, if it said one already; it is answered now */
  onApproved(token: string, said: unknown): void;
}

/** @throws PharosError when it cannot wait */
export function waitForApproval({ socket, connection, device, access, now, onApproved }: WaitingParts): void {
  let said: unknown;
  const listen = (event: string, ...args: unknown[]): void => {
    const [data, acknowledge] = [args[0], args.at(-1)];
    if (event !== "hello") {
      if (typeof acknowledge === "function") acknowledge({ error: wireError("UNAUTHORIZED", PENDING.message) });
      return;
    }
    const described = hello.safeParse(data).data;
    said = data;
    access.pairing.describe(device, { name: described?.name ?? null, model: described?.model ?? null });
    if (typeof acknowledge === "function") acknowledge({ pending: PENDING.message });
    else connection.tell("pending", PENDING);
  };
  const entry = { device, address: connection.address, door: connection.door, name: null, model: null, since: now };
  const leave = access.pairing.wait(entry, {
    approve() {
      socket.offAny(listen);
      socket.off("disconnect", leave);
      onApproved(access.tokenFor(device).token, said);
    },
    refuse: () => connection.dismiss("UNAUTHORIZED"),
  });
  socket.onAny(listen);
  socket.on("disconnect", leave);
}
