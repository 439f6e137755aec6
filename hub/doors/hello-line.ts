/** How the first line of a TCP connection may name the device (protocol 2.4, 2.8). Pure. */
import { parseFrame } from "#protocol/frames.ts";
import { isId } from "#protocol/names.ts";

export interface HelloName {
  readonly id: string;
  readonly token: string | null;
}

/** `HELLO ID [TOKEN]`. @returns what stands for the id, good or bad; null when the line is none of this form */
export function readHelloLine(line: string): HelloName | null {
  const [, id, token = null] = /^HELLO[ \t]+(\S+)(?:[ \t]+(\S+))?[ \t]*$/.exec(line) ?? [];
  return id === undefined ? null : { id, token };
}

/** The id in a `hello` frame, and a `token` beside it; null when the line is none, or its id is no good, which the frame is answered with. */
export function readHelloFrame(line: string): HelloName | null {
  const frame = parseFrame(line);
  if (frame.kind !== "event" || frame.event !== "hello") return null;
  const { id, token } = Object(frame.data) as { readonly id?: unknown; readonly token?: unknown };
  if (typeof id !== "string" || !isId(id)) return null;
  return { id, token: typeof token === "string" && token !== "" ? token : null };
}

/** A browser, or a program that took the door for one of HTTP: no line of it may count as a device's. */
export function isHttpRequest(line: string): boolean {
  return /^[A-Z]+ \S+ HTTP\/\d/.test(line);
}
