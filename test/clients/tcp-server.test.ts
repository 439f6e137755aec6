/** The MicroPython device that is a TCP server: by bytes of a test's own, and called by the hub (protocol 2.4, 2.5). */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { ClientProcess } from "../support/client-process.ts";
import { eventually } from "../support/eventually.ts";
import { freePort } from "../support/free-port.ts";
import { RawLine } from "../support/raw-line.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { clientDeliveries } from "./deliveries.ts";
import { interpreters, tcpServerKit } from "./kits.ts";
import { clientMatrix } from "./matrix.ts";

let port = 0;
beforeAll(async () => {
  port = await freePort();
});

describe.each(interpreters())("the TCP server, $name", (interpreter) => {
  const kit = tcpServerKit(interpreter, () => port);
  const newFolder = temporaryFolders();
  const callers: RawLine[] = [];
  let client: ClientProcess;

  /** A caller that the server has greeted. */
  async function call(): Promise<RawLine> {
    // The stand-in of sockets in WebAssembly listens a moment later than it says.
    const dial = async (): Promise<RawLine> => {
      const line = RawLine.to(port);
      await eventually(() => line.isClosed || line.rest.length > 0);
      return line.isClosed ? dial() : line;
    };
    const line = await dial();
    callers.push(line);
    expect(await line.json()).toMatchObject({ event: "hello", data: { id: "client-1" } });
    return line;
  }

  /** The answer to a question, past what else is said. */
  async function answer(line: RawLine, ack: unknown): Promise<unknown> {
    for (;;) {
      const frame = await line.json();
      if (frame.ack === ack) return frame;
    }
  }

  beforeEach(async () => {
    client = kit.start({ port: 0, id: "client-1", heartbeat: 30, reportMs: 60_000 }, newFolder());
    await client.saw(/^TCP: waiting/);
  });
  afterEach(async () => {
    for (const line of callers.splice(0)) line.close();
    await client.end();
  });

  it("takes lines in any pieces, with CR LF, and several at once", async () => {
    const line = await call();
    await line.pieces('{"event":"set","id":1,', '"data":{"brightness":30}}\r', "\n");
    expect(await answer(line, 1)).toEqual({ ack: 1, data: { brightness: 30 } });
    line.write(
      '{"event":"set","id":2,"data":{"brightness":31}}\n\n{"event":"action","id":"3","data":{"name":"identify"}}\n',
    );
    expect(await answer(line, 2)).toEqual({ ack: 2, data: { brightness: 31 } });
    expect(await answer(line, "3")).toEqual({ ack: "3", data: null });
  });

  it("takes a line longer than one read, and passes over one that is too long", async () => {
    const line = await call();
    line.write(`{"event":"set","id":1,${" ".repeat(4000)}"data":{"brightness":30}}\n`);
    expect(await answer(line, 1)).toMatchObject({ data: { brightness: 30 } });
    line.write(`{"event":"set","id":2,${" ".repeat(100_000)}"data":{"brightness":31}}\n`);
    line.write('{"event":"set","id":3,"data":{"brightness":32}}\n');
    expect(await answer(line, 3)).toMatchObject({ data: { brightness: 32 } });
  });

  it("shows text, also without an end of line, and lives on after bytes that are none", async () => {
    const line = await call();
    line.write("hello from a PC");
    await client.saw(/^< hello from a PC$/);
    line.write(Buffer.from([0xff, 0xfe, 0x0a, 0x00, 0x0a]));
    line.write('{"event":"set","id":1,"data":{"brightness":30}}\n');
    expect(await answer(line, 1)).toMatchObject({ data: { brightness: 30 } });
  });

  it("turns to a new caller, and waits for the next when one goes", async () => {
    const first = await call();
    const second = await call();
    await eventually(() => first.isEnded);
    second.write('{"event":"set","id":1,"data":{"brightness":30}}\n');
    expect(await answer(second, 1)).toMatchObject({ data: { brightness: 30 } });
    second.close();
    await call();
  });

  it("keeps what it measures while nobody calls", async () => {
    const first = await call();
    first.write('{"event":"acquire","data":{"running":true,"intervalMs":50}}\n{"event":"welcome","data":{}}\n');
    await eventually(() => first.rest.includes('"report"'));
    first.close();
    await client.saw(/^TCP: /);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const second = await call();
    second.write('{"event":"welcome","data":{}}\n');
    await eventually(() => second.rest.includes('"reports"'));
  });
});

for (const interpreter of interpreters()) {
  const kit = tcpServerKit(interpreter, () => port);
  clientMatrix(kit);
  clientDeliveries(kit);
}
