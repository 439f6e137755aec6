/** Who may open an Engine.IO connection, and which pages may read its answers. Called by `hub.ts`. */
import type { IncomingMessage } from "node:http";
import type { ServerOptions } from "socket.io";
import { PharosError } from "#protocol/errors.ts";
import type { Access } from "../access/access.ts";
import type { Gate } from "../base/gate.ts";

/** Who somebody is, and what commands devices, is checked by each namespace. */
export function engineGate(gate: Gate, access: Access): Pick<ServerOptions, "allowRequest" | "cors"> {
  return {
    allowRequest(request, next) {
      try {
        const { searchParams } = new URL(request.url ?? "", "http://hub");
        refuseScript(searchParams);
        const principal = access.identify(request, searchParams.get("token") ?? undefined);
        gate(request, "device", principal.device !== null);
        next(null, true);
      } catch (error) {
        next((error as Error).message, false);
      }
    },
    // A page of another origin that may command polls before it upgrades; its browser hides the answers from it unless they say that they are for it.
    // Socket.IO 2 clients ask with credentials; a cookie of this hub is never sent from another site.
    cors: (request, next) => next(null, { origin: mayCommand(gate, request as IncomingMessage), credentials: true }),
  };
}

/** JSONP answers are scripts to a browser: any site may load them, without an Origin, and then speak as a script of the hub's own. */
function refuseScript(query: URLSearchParams): void {
  if (query.has("j")) throw new PharosError("BAD_ORIGIN");
}

function mayCommand(gate: Gate, request: IncomingMessage): boolean {
  try {
    gate(request, "control");
    return true;
  } catch {
    return false;
  }
}
