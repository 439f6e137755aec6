/** TCP clients that were not written here: Debian's python3 sockets, as device and as server, and the shell. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { eventually } from "../support/eventually.ts";
import { startHub, type TestHub } from "../support/hub.ts";

let hub: TestHub;

beforeEach(async () => {
  hub = await startHub();
});
afterEach(() => hub.close());

/** Runs a program; what it prints is the result. */
async function run(command: string, ...args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], timeout: 15_000 });
  let [printed, complaint] = ["", ""];
  child.stdout.on("data", (data) => {
    printed += String(data);
  });
  child.stderr.on("data", (data) => {
    complaint += String(data);
  });
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error(`${code}: ${complaint}`);
  return printed;
}

function python(program: string, ...args: readonly unknown[]): Promise<string> {
  return run("/usr/bin/python3", "-c", program, ...args.map(String));
}

it("a Python socket says hello, beats, is set and hears the room", async () => {
  const printed = await python(
    `
import json, socket, sys, threading, urllib.request
port, tcp_port = sys.argv[1:]

def put():
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/devices/py/properties/brightness", b"37", method="PUT")
    print("answered", json.load(urllib.request.urlopen(request)))

other = socket.create_connection(("127.0.0.1", tcp_port))
other.sendall(b"HELLO other\\nGET_TIME\\n")
ears = other.makefile("r", encoding="utf-8")
print(len(ears.readline()))

lamp = socket.create_connection(("127.0.0.1", tcp_port))
hello = {"event": "hello", "data": {"id": "py", "rooms": ["lobby"], "properties": {"brightness": {"type": "number"}}}}
lamp.sendall(json.dumps(hello).encode()[:20])
lamp.sendall(json.dumps(hello).encode()[20:] + b"\\r\\n")
lines = lamp.makefile("r", encoding="utf-8")
print(json.loads(lines.readline())["event"])
asker = threading.Thread(target=put)
asker.start()
frame = json.loads(lines.readline())
lamp.sendall(json.dumps({"ack": frame["id"], "data": frame["data"]}).encode() + b"\\n")
asker.join()
lamp.sendall("SOS\\n{\\"temp\\": 21.5}\\ngr\u00fc\u00dfe".encode())
lamp.shutdown(socket.SHUT_WR)
print([ears.readline() for _ in range(3)])
print(repr(lines.readline()))
`,
    hub.port,
    hub.tcpPort,
  );
  expect(printed.split("\n")).toEqual([
    "25",
    "welcome",
    "answered {'applied': 37}",
    `['SOS\\n', '{"temp": 21.5}\\n', 'grüße\\n']`,
    "''",
    "",
  ]);
  expect(hub.hub.house.registry.get("py")?.reported()).toEqual({ brightness: 37, temp: 21.5 });
});

it("a Python server as in the MicroPython course, which reads 1 KB at a time, is dialled and set", async () => {
  const printed = python(
    `
import json, socket, sys, urllib.request
port = sys.argv[1]
server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen(1)
body = json.dumps({"id": "course", "host": "127.0.0.1", "port": server.getsockname()[1]}).encode()
urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/api/dials", body))
connection, address = server.accept()
connection.sendall(b'{"event":"hello","data":{"properties":{"brightness":{"type":"number"}}}}\\n')
while True:
    data = connection.recv(1024)
    if not data: break
    assert data.endswith(b"\\n"), data
    for line in data.decode().splitlines():
        frame = json.loads(line)
        print(frame["event"], frame["data"].get("brightness"))
        if "id" in frame: connection.sendall((json.dumps({"ack": frame["id"], "data": frame["data"]}) + "\\n").encode())
`,
    hub.port,
  );
  await eventually(() => hub.hub.house.registry.get("course")?.properties.has("brightness") === true, 10_000);
  const response = await fetch(`${hub.url}/api/devices/course/properties/brightness`, { method: "PUT", body: "12" });
  expect(await response.json()).toEqual({ applied: 12 });
  await fetch(`${hub.url}/api/dials/course`, { method: "DELETE" });
  expect(await printed).toBe("welcome None\nset 12\nbye None\n");
});

(existsSync("/usr/bin/nc") ? it : it.skip)("netcat reports, ends its side, and still gets its answer", async () => {
  const lines = 'HELLO nc\\nGREET_ME\\n{"level":4}';
  expect(await run("/bin/sh", "-c", `printf '${lines}' | nc -N 127.0.0.1 ${hub.tcpPort}`)).toBe("Hello, nc!\n");
  await eventually(() => hub.hub.house.registry.get("nc")?.reported().level === 4);
});

it("a shell sends lines and reads the answer", async () => {
  const script = `
exec 3<>/dev/tcp/127.0.0.1/${hub.tcpPort}
printf 'HELLO shell\\r\\nGREET_ME\\r\\n{"level":3}\\n' >&3
IFS= read -r -t 5 line <&3
printf '%s|' "$line"
`;
  expect(await run("/bin/bash", "-c", script)).toBe("Hello, shell!|");
  await eventually(() => hub.hub.house.registry.get("shell")?.reported().level === 3);
});
