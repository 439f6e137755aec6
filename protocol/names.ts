/** The names of devices, rooms and properties, and the ids the hub gives to those that bring none (protocol 1.1). */
import * as z from "zod";

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const PROPERTY = /^(?!__)[^.\s\p{C}][^.\p{C}]{0,63}$/u;

/** 1 to 64 of `A-Z a-z 0-9 . _ -`, the first a letter or digit, case-sensitive. */
export const deviceId = z
  .string()
  .regex(ID, "a device id is 1 to 64 of A-Z a-z 0-9 . _ - and starts with a letter or digit");

/** A room has the form of a device id. */
export const roomName = z
  .string()
  .regex(ID, "a room name is 1 to 64 of A-Z a-z 0-9 . _ - and starts with a letter or digit");

/**
 * A property or action name: any printable characters but a dot, which separates a field (`accel.x`); never
 * `transition`, which is a word of `set` (protocol 5.1); never `__…`, which JavaScript keeps for itself.
 */
export const propertyName = z
  .string()
  .regex(PROPERTY, "a property name is 1 to 64 characters, of them no dot")
  .refine((name) => name !== "transition", "`transition` is no property name");

/** Whether `text` may name a device or a room. */
export function isId(text: string): boolean {
  return ID.test(text);
}

/** Whether `text` may name a property. */
export function isPropertyName(text: string): boolean {
  return PROPERTY.test(text) && text !== "transition";
}

/**
 * The id of a client that brought none, from its door and address: `ws-192.168.1.7-50123`.
 * @param door `ws` or `tcp`
 * @param address the peer's IP address; `::ffff:` is dropped and what an id cannot hold becomes `-`
 */
export function hubGivenId(door: "ws" | "tcp", address: string, port: number): string {
  const plain = address.replace(/^::ffff:/i, "").replace(/[^A-Za-z0-9._-]/g, "-");
  return `${door}-${plain}-${port}`.slice(0, 64);
}
