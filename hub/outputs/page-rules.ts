/** What a page may ask by its role, and what of it is written down. Called by the dashboard for each packet; the one table of it. */
import type { Socket } from "socket.io";
import type { Clock } from "#base/clock.ts";
import { isAtLeast, type Role } from "#protocol/access.ts";
import type { PageToHub } from "#protocol/dashboard-events.ts";
import { wireError } from "#protocol/errors.ts";
import type { Access } from "../access/access.ts";
import { authorOf, type Principal } from "../access/principal.ts";

/** Each event of a page needs a role; an event that is not here is dropped. */
export const PAGE_RULES: Readonly<Record<keyof PageToHub, Role>> = {
  alive: "viewer",
  watch: "viewer",
  plot: "viewer",
  terminal: "viewer",
  set: "operator",
  setRoom: "operator",
  hold: "operator",
  act: "operator",
  cancel: "operator",
  rename: "operator",
  join: "operator",
  say: "operator",
  type: "operator",
  startRecording: "operator",
  stopRecording: "operator",
  mark: "operator",
  remove: "admin",
  dial: "admin",
  undial: "admin",
};

/** These are said many times by one hand; once in this time is written down. */
const MANY: ReadonlySet<string> = new Set(["set", "setRoom", "type"]);
const MANY_MS = 2_000;
/** Says nothing by itself. */
const UNNOTED: ReadonlySet<string> = new Set(["hold"]);

export interface PageRuleParts {
  readonly access: Access;
  readonly clock: Clock;
  readonly principal: Principal;
}

/** Lets a socket's packets through as its role allows, and notes them. */
export function keepToRules(socket: Socket, { access, clock, principal }: PageRuleParts): void {
  const from = access.addressOf(socket.request);
  const who = authorOf(principal, "page");
  let last = { what: "", at: Number.NEGATIVE_INFINITY };
  socket.use(([event, request, ...rest], next) => {
    const needed = Object.hasOwn(PAGE_RULES, event) ? PAGE_RULES[event as keyof PageToHub] : null;
    if (needed === null) return;
    if (!isAtLeast(principal.role, needed)) {
      const done: unknown = rest.at(-1);
      if (typeof done === "function") done({ error: wireError("FORBIDDEN", `This needs the role ${needed}.`) });
      return;
    }
    if (needed !== "viewer" && !UNNOTED.has(event)) {
      const target = targetOf(request);
      const what = `${event} ${target}`;
      const isRepeated = MANY.has(event) && what === last.what && clock.monotonic() - last.at < MANY_MS;
      if (!isRepeated) {
        access.note({ who, from, what: event, target, result: "asked" });
        last = { what, at: clock.monotonic() };
      }
    }
    next();
  });
}

/** What a request is about: `lamp brightness`, `bench`, … */
function targetOf(request: unknown): string {
  const { device, room, property, action, recording, id } = Object(request) as Record<string, unknown>;
  const parts = [device, room, recording, id, property, action].filter((part) => typeof part === "string");
  return parts.join(" ").slice(0, 200);
}
