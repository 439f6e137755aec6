/** Schemas of what pages and REST clients ask of the hub (protocol 7, `/dashboard`). */
import * as z from "zod";
import { deviceId, propertyName, roomName } from "./names.ts";
import { value } from "./values.ts";

/** How long a fade takes, ms; an hour at most. */
const transition = z.number().min(0).max(3_600_000);
const text = z.string().min(1).max(65_536);

export const setRequest = z.object({
  device: deviceId,
  property: propertyName,
  value,
  transition: transition.optional(),
});

export const holdRequest = z.object({ device: deviceId, property: propertyName, held: z.boolean() });

export const actRequest = z.object({ device: deviceId, action: propertyName, input: z.unknown().optional() });

export const sayRequest = z.union([
  z.object({ device: deviceId, text }).strict(),
  z.object({ room: roomName, text }).strict(),
]);

/** Body of `PUT …/properties/NAME`: the value itself, or `{value, transition?}` (protocol 7.2). */
export const putProperty = z.union([
  z.object({ value, transition: transition.optional() }).strict(),
  value.transform((bare) => ({ value: bare, transition: undefined })),
]);

/** Body of `POST /api/rooms/ROOM/messages` (protocol 7.4). */
export const postMessage = z.object({ text });
