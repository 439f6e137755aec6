/** Debian's python3-websockets at `/echo`: its own framing, fragments, pings and closes (protocol 2.6). */
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { startHub, type TestHub } from "../../support/hub.ts";
import { runPython } from "../../support/python.ts";

let hub: TestHub;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

/** The body of a coroutine with a function `connect()` to the echo; what it prints is the result, a line each. */
async function python(body: string): Promise<string[]> {
  const indented = body.trim().replaceAll(/^/gm, "    ");
  const program = `
import asyncio, sys, websockets
def connect(**options):
    return websockets.connect(f"ws://127.0.0.1:{sys.argv[1]}/echo", **options)
async def main():
${indented}
asyncio.run(main())
`;
  return (await runPython(program, String(hub.port))).trim().split("\n");
}

it("text and binary come back as text and binary, also empty", async () => {
  const printed = await python(`
async with connect() as echo:
    for message in ["héllo 🙂", "", b"\\x00\\xff", b""]:
        await echo.send(message)
        print(await echo.recv() == message)
`);
  expect(printed).toEqual(["True", "True", "True", "True"]);
});

it("fragments come back as one message", async () => {
  const printed = await python(`
async with connect() as echo:
    await echo.send(["one ", "two ", "", "three"])
    print(await echo.recv())
    await echo.send([b"\\x01", b"\\x02"])
    print(await echo.recv())
`);
  expect(printed).toEqual(["one two three", "b'\\x01\\x02'"]);
});

it("64 KiB come back, and one byte more is closed with 1009", async () => {
  const printed = await python(`
async with connect() as echo:
    await echo.send("x" * 65536)
    print(len(await echo.recv()))
    await echo.send(b"x" * 65537)
    try:
        await echo.recv()
    except websockets.ConnectionClosedError as closed:
        print(closed.rcvd.code)
async with connect() as echo:
    try:
        await echo.send(b"x" * 30_000_000)
        await echo.recv()
    except websockets.ConnectionClosedError as closed:
        print(closed.rcvd.code)
`);
  expect(printed).toEqual(["65536", "1009", "1009"]);
});

it("a ping is answered, and a close with the same code", async () => {
  const printed = await python(`
async with connect() as echo:
    await (await echo.ping(b"are you there"))
    print("pong")
    await echo.close(4321, "done")
    print(echo.close_code, echo.close_reason)
`);
  expect(printed).toEqual(["pong", "4321 done"]);
});

it("the compression that it offers is not taken", async () => {
  const printed = await python(`
async with connect(compression="deflate") as echo:
    print(echo.extensions, echo.response_headers.get("Sec-WebSocket-Extensions"))
    await echo.send("a" * 10000)
    print(len(await echo.recv()))
`);
  expect(printed).toEqual(["[] None", "10000"]);
});

it("a thousand messages sent before any is read come back in their order", async () => {
  const printed = await python(`
async with connect(max_queue=4) as echo:
    async def send():
        for i in range(1000):
            await echo.send(f"{i} " + "x" * 5000)
    sending = asyncio.ensure_future(send())
    await asyncio.sleep(0.3)
    print([int((await echo.recv()).split()[0]) for _ in range(1000)] == list(range(1000)))
    await sending
`);
  expect(printed).toEqual(["True"]);
});
