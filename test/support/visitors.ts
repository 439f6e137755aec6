/** Plain clients of one hub for a test, as raw sockets; the byte-level tests of the plain door share them. */
import { expect } from "@jest/globals";
import type { TestHub } from "./hub.ts";
import { RawSocket, textFrame } from "./raw-socket.ts";

export class Visitors {
  readonly #hub: () => TestHub;
  readonly #sockets: RawSocket[] = [];

  /** @param hub asked at each use, since a test may start another */
  constructor(hub: () => TestHub) {
    this.#hub = hub;
  }

  dial(): RawSocket {
    const socket = new RawSocket(this.#hub().port);
    this.#sockets.push(socket);
    return socket;
  }

  /** A client that is in, and past the hub's first silence. */
  async device(id: string, headers: { readonly [name: string]: string } = {}): Promise<RawSocket> {
    const socket = this.dial();
    expect(await socket.upgrade(`/bridge/${id}`, headers)).toContain("101 Switching Protocols");
    socket.write(textFrame('{"event":"heartbeat","id":"in"}'));
    expect(await socket.json()).toEqual({ ack: "in", data: {} });
    return socket;
  }

  closeAll(): void {
    for (const socket of this.#sockets.splice(0)) socket.close();
  }
}

/** What the socket hears up to the answer to a question asked now. */
export async function heardUntilNow(socket: RawSocket): Promise<string[]> {
  socket.write(textFrame('{"event":"heartbeat","id":"now"}'));
  const heard: string[] = [];
  for (;;) {
    const text = (await socket.frame()).payload.toString();
    if (text === '{"ack":"now","data":{}}') return heard;
    heard.push(text);
  }
}

/** The code of the close frame that comes next. */
export async function closeCode(socket: RawSocket): Promise<number> {
  const { opcode, payload } = await socket.frame();
  expect(opcode).toBe(8);
  return payload.readUInt16BE();
}
