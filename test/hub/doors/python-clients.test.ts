/** Clients that were not written here: Debian's python3-websockets and python3-socketio, as the courses use them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { startHub, type TestHub } from "../../support/hub.ts";

const PYTHON = "/usr/bin/python3";

let hub: TestHub;

beforeEach(async () => {
  hub = await startHub();
});
afterEach(() => hub.close());

/** Runs a program; what it prints is the result. */
async function python(program: string): Promise<string> {
  const child = spawn(PYTHON, ["-c", program, String(hub.port)], { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  let complaint = "";
  child.stdout.on("data", (data) => {
    printed += String(data);
  });
  child.stderr.on("data", (data) => {
    complaint += String(data);
  });
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error(complaint);
  return printed;
}

it("python3-websockets says hello, beats, is set and hears the room", async () => {
  const printed = await python(`
import asyncio, json, sys, urllib.request, websockets
port = sys.argv[1]

def put():
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/devices/py/properties/brightness", b"37", method="PUT")
    return json.load(urllib.request.urlopen(request))

async def main():
    async with websockets.connect(f"ws://127.0.0.1:{port}/bridge/py") as lamp, websockets.connect(f"ws://127.0.0.1:{port}/ws/other") as other:
        await lamp.send(json.dumps({"event": "hello", "data": {"rooms": ["lobby"], "properties": {"brightness": {"type": "number"}}}}))
        print(json.loads(await lamp.recv())["event"])
        answer = asyncio.get_running_loop().run_in_executor(None, put)
        frame = json.loads(await lamp.recv())
        await lamp.send(json.dumps({"ack": frame["id"], "data": frame["data"]}))
        print(await answer)
        await lamp.send("SOS")
        print(await other.recv())
        await other.send(b"\\x00\\xff")
        print(await lamp.recv())

asyncio.run(main())
`);
  expect(printed).toBe(`welcome\n{'applied': 37}\nSOS\n${"b'\\x00\\xff'"}\n`);
});

it("python3-socketio polls, upgrades, says hello and answers a set", async () => {
  const printed = await python(`
import json, sys, threading, urllib.request, socketio
port = sys.argv[1]
client = socketio.Client()
done = threading.Event()

@client.on("set", namespace="/devices")
def on_set(values):
    return values

@client.on("message", namespace="/devices")
def on_message(text):
    print("heard", text)
    done.set()

client.connect(f"http://127.0.0.1:{port}", namespaces=["/devices"], auth={"id": "py"})
print(client.call("hello", {"rooms": ["bench"], "properties": {"brightness": {"type": "number"}}}, namespace="/devices")["id"], client.transport())
def request(method, path, body):
    return json.load(urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/api/{path}", body, method=method)))
print(request("PUT", "devices/py/properties/brightness", b"37"))
print(request("POST", "rooms/bench/messages", b'{"text": "hi"}'))
done.wait(3)
client.disconnect()
`);
  expect(printed.split("\n").slice(0, 2)).toEqual(["py websocket", "{'applied': 37}"]);
  expect(printed).toContain("{'delivered': 1}");
  expect(printed).toContain("heard hi");
});
