/** Rooms across namespaces: one helper says a thing to members behind every door (protocol 2.3). */
import type { Namespace, Server } from "socket.io";
import type { Broadcast } from "../devices/connection.ts";

/** Rooms of devices carry a prefix, since socket ids are rooms too (protocol 1.1). */
const PREFIX = "room:";
/** Sockets that are devices: who only waits to be approved is in no room at all. */
export const ENTERED = "entered";

export function toSocketRoom(room: string): string {
  return PREFIX + room;
}

/** Speaks to `/devices` and `/bridge` alike. A packet for nobody is not made: most devices are alone in their rooms. */
export function createBroadcast(io: Server): Broadcast {
  const namespaces = [io.of("/devices"), io.of("/bridge")];
  const inhabited = () => namespaces.filter(({ sockets }) => sockets.size > 0);
  return {
    message(rooms, text, except = "") {
      const names = rooms.map(toSocketRoom);
      for (const nsp of namespaces) {
        if (names.some((room) => isHeard(nsp, room, except))) nsp.to(names).except(except).emit("message", text);
      }
    },
    binary(rooms, data, except) {
      if (rooms.length > 0) io.of("/bridge").to(rooms.map(toSocketRoom)).except(except).emit("binary", data);
    },
    stream(room, text) {
      for (const nsp of inhabited()) nsp.volatile.to(toSocketRoom(room)).emit("message", text);
    },
    acquire(order) {
      for (const nsp of inhabited()) nsp.to(ENTERED).emit("acquire", order);
    },
    async count(rooms) {
      const wanted = new Set(rooms.map(toSocketRoom));
      const members = await Promise.all(namespaces.map((nsp) => nsp.adapter.sockets(wanted)));
      return members.reduce((sum, sockets) => sum + sockets.size, 0);
    },
  };
}

/** Whether anybody but `except` is in the room, of this hub: with one adapter for several of them it would have to be asked. */
function isHeard({ adapter }: Namespace, room: string, except: string): boolean {
  const members = adapter.rooms.get(room);
  return members !== undefined && members.size > (members.has(except) ? 1 : 0);
}
