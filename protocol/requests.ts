/** Schemas of what pages and REST clients ask of the hub (protocol 7, `/dashboard`). */
import * as z from "zod";
import { deviceId, propertyName, roomName } from "./names.ts";
import { value } from "./values.ts";

/** How long a fade takes, ms; an hour at most. */
const transition = z.number().min(0).max(3_600_000);
const text = z.string().min(1).max(65_536);
/** How long an action may wait for its device, ms; 30 days at most. */
const expiry = z.number().int().min(1).max(2_592_000_000);
/** What people call a device. */
const deviceName = z.string().trim().min(1).max(64);

export const setRequest = z.object({
  device: deviceId,
  property: propertyName,
  value,
  transition: transition.optional(),
});

export const holdRequest = z.object({ device: deviceId, property: propertyName, held: z.boolean() });

export const actRequest = z.object({
  device: deviceId,
  action: propertyName,
  input: z.unknown().optional(),
  expiresMs: expiry.optional(),
});

export const setRoomRequest = z.object({
  room: roomName,
  property: propertyName,
  value,
  transition: transition.optional(),
});
export const cancelRequest = z.object({ device: deviceId, id: z.string().max(64) });
export const renameRequest = z.object({ device: deviceId, name: deviceName });
export const joinRequest = z.object({ device: deviceId, room: roomName, member: z.boolean() });
export const removeRequest = z.object({ device: deviceId });
export const watchRequest = z.object({ device: deviceId.nullable() });

export const sayRequest = z.union([
  z.object({ device: deviceId, text }).strict(),
  z.object({ room: roomName, text }).strict(),
]);

/** Body of `PUT …/properties/NAME`: the value itself, or `{value, transition?}` (protocol 7.2). */
export const putProperty = z.union([
  z.object({ value, transition: transition.optional() }).strict(),
  value.transform((bare) => ({ value: bare, transition: undefined })),
]);

/** Body of `PATCH /api/devices/ID` (protocol 7.2). */
export const patchDevice = z.object({ name: deviceName.optional() }).strict();

/** Body of `POST …/actions/NAME`, which may be absent (protocol 7.3). */
export const postAction = z
  .object({
    input: z.unknown().optional(),
    expiresMs: expiry.optional(),
    timeoutMs: z.number().int().min(1).max(60_000).optional(),
  })
  .strict()
  .default({});

/** Body of `POST /api/rooms/ROOM/messages` (protocol 7.4). */
export const postMessage = z.object({ text });
