/** The book's client in Python at the default namespace and at `/led` (protocol 2.7): Debian's python3-socketio and python3-requests. */
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { startHub, type TestHub } from "../../support/hub.ts";
import { runPython } from "../../support/python.ts";

let hub: TestHub;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

it("a script is told the level, sets it as a slider does, and hears of REST", async () => {
  const printed = await runPython(
    `
import sys, queue, requests, socketio
url = f"http://127.0.0.1:{sys.argv[1]}"
one, two = socketio.Client(), socketio.Client()
heard = {one: queue.Queue(), two: queue.Queue()}
for client in heard:
    client.on("led", lambda data, client=client: heard[client].put(data))
    client.connect(url)
    print(heard[client].get(timeout=5))
one.emit("led", {"level": "25"})
print(heard[two].get(timeout=5))
print(requests.get(url + "/led").json())
print(requests.post(url + "/led", json={"level": 60}).json(), heard[one].get(timeout=5), heard[two].get(timeout=5))
print(requests.post(url + "/led", data={"level": "61"}).json(), heard[one].get(timeout=5), heard[two].get(timeout=5))
print(requests.post(url + "/led", json={"level": "bright"}).status_code, heard[one].empty())
one.disconnect()
two.disconnect()
`,
    String(hub.port),
  );
  const level = (n: number): string => `{'level': ${n}}`;
  expect(printed.trim().split("\n")).toEqual([
    level(0),
    level(0),
    level(25),
    level(25),
    `${level(60)} ${level(60)} ${level(60)}`,
    `${level(61)} ${level(61)} ${level(61)}`,
    "400 True",
  ]);
});
