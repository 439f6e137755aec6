#!/usr/bin/env python3
"""A device in Python at the plain WebSocket door. Needs `websockets` 10 or newer.

    python3 pharos_websocket.py --hub http://192.168.1.5:5000 --id lamp-1
"""

import argparse
import asyncio
import json
import os
import random
import time
from collections import deque

import websockets
from websockets.version import version as websockets_version

HEARTBEAT_S = 5
VITALS_EVERY = 12  # beats; the others are a bare SOS
REPORT_S = 1.0
BACKLOG = 1000  # samples kept while the hub is away
BATCH = 100
FIRST_PAUSE_S, MAX_PAUSE_S, REFUSED_PAUSE_S = 1, 30, 60
REFUSALS = (401, 403, 409, 4401, 4409)  # a person has to mend these


class Lamp:
    """What the hub drives: prints its brightness. Put your LED here."""

    def __init__(self):
        self.brightness = 0
        self._shown = 0
        self._fade = None

    def apply(self, brightness, transition_s):
        """The newest wish wins; a fade under way goes on from where it is."""
        self.brightness = brightness
        if self._fade:
            self._fade.cancel()
        self._fade = asyncio.ensure_future(self._run(brightness, transition_s))

    async def blink(self, times=10):
        for i in range(times * 2):
            print("blink", flush=True) if i % 2 == 0 else None
            await asyncio.sleep(0.12)

    async def _run(self, target, seconds):
        steps = max(1, int(seconds / 0.04))
        for left in range(steps, 0, -1):
            self._shown += (target - self._shown) / left
            print(f"brightness {round(self._shown, 1):g}", flush=True)
            if left > 1:
                await asyncio.sleep(0.04)


def measure():
    """What the device reports. Put your sensor here."""
    return {"load": round(os.getloadavg()[0], 2)}


class Device:
    def __init__(self, options):
        self._options = options
        self._lamp = Lamp()
        self._socket = None
        self._backlog = deque(maxlen=BACKLOG)
        self._interval_s = options.report
        self._is_running = True
        self._answers = {}  # id of our question -> future
        self._asked = 0
        self._pause_s = FIRST_PAUSE_S
        self._tasks = set()

    async def run(self):
        """Connects, and connects again. Never ends."""
        self._start(self._measure_for_ever())
        while True:
            try:
                await self._session()
                why = "closed"
            except (OSError, EOFError, asyncio.TimeoutError, websockets.WebSocketException) as error:
                why = error
                if code_of(error) in REFUSALS:
                    self._pause_s = REFUSED_PAUSE_S
            # Chance in every pause, so that a class does not return as one.
            wait = self._pause_s * (0.5 + random.random() / 2)
            self._pause_s = min(self._pause_s * 2, MAX_PAUSE_S)
            print(f"Hub: {why}; next try in {wait:.1f} s", flush=True)
            await asyncio.sleep(wait)

    async def _session(self):
        options = self._options
        url = f"{options.hub.replace('http', 'ws', 1).rstrip('/')}/bridge/{options.id}"
        async with websockets.connect(url, compression=None, **headers(options.token)) as socket:
            await socket.send(json.dumps({"event": "hello", "data": self._hello()}))
            heart = asyncio.ensure_future(self._beat_for_ever(socket))
            try:
                async for message in socket:
                    if isinstance(message, str):
                        await self._receive(socket, message)
            finally:
                self._socket = None
                heart.cancel()
                for answer in self._answers.values():
                    answer.cancel()
                self._answers = {}

    def _hello(self):
        number = {"type": "number", "minimum": 0}
        hello = {
            "id": self._options.id,
            "model": "Python",
            "software": "pharos-python-websocket 1.0",
            "heartbeat": self._options.heartbeat,
            "properties": {
                "brightness": {**number, "maximum": 100, "unit": "percent"},
                "load": {**number, "readOnly": True},
            },
            "actions": {"identify": {"title": "Blink"}},
            "state": {"brightness": self._lamp.brightness},
        }
        return {**hello, "rooms": self._options.room} if self._options.room else hello

    async def _receive(self, socket, text):
        """Text that is no event is talk of the room: shown, and nothing comes of it."""
        frame = read(text)
        if frame is None:
            print(f"< {text[:200]}", flush=True)
        elif "ack" in frame:
            answer = self._answers.pop(frame["ack"], None) if isinstance(frame["ack"], int) else None
            if answer and not answer.done():
                answer.set_result(frame)
        else:
            answer = self._handle(socket, frame["event"], frame.get("data"))
            if frame.get("id") is not None:
                await socket.send(json.dumps({"ack": frame["id"], **answer}))

    def _handle(self, socket, event, data):
        """Does it at once. Returns the rest of the acknowledgement (protocol 3.7)."""
        if event == "set" and isinstance(data, dict):
            return self._set(data)
        if event == "action" and isinstance(data, dict):
            if data.get("name") != "identify":
                return refuse("NO_ACTION", "This device can identify.")
            self._start(self._lamp.blink())
        elif event == "acquire" and isinstance(data, dict):
            self._is_running = data.get("running") is not False
            if is_within(data.get("intervalMs"), 86_400_000):
                self._interval_s = max(0.05, data["intervalMs"] / 1000)
        elif event == "welcome":
            self._welcomed(socket, data if isinstance(data, dict) else {})
        elif event in ("bye", "error", "pending", "message"):
            print(f"{event}: {json.dumps(data)[:200]}", flush=True)
        else:
            return refuse("UNKNOWN_EVENT", "This device takes set and action.")
        return {"data": None}

    def _set(self, values):
        """All values of one `set` are taken, or none is (protocol 5.1)."""
        accepted = {name: value for name, value in values.items() if name != "transition"}
        transition = values.get("transition", 0)
        if not is_within(transition, 600_000):
            return refuse("INVALID_VALUE", "transition must be 0 to 600000 ms")
        for name, value in accepted.items():
            if name != "brightness":
                return refuse("NO_PROPERTY", "This device has brightness.")
            if not is_within(value, 100):
                return refuse("INVALID_VALUE", "brightness must be a number from 0 to 100")
        if accepted:
            self._lamp.apply(accepted["brightness"], transition / 1000)
        return {"data": accepted}

    def _welcomed(self, socket, data):
        print("Hub: connected", flush=True)
        self._socket = socket
        self._pause_s = FIRST_PAUSE_S
        self._is_running = self._is_running or bool(data.get("acquiring"))
        if isinstance(data.get("token"), str):
            self._options.token = data["token"]
            print("The hub approved this device: start it with --token from now on.", data["token"], flush=True)
        self._start(self._send_backlog(socket))

    async def _beat_for_ever(self, socket):
        """The heartbeat (protocol 3.2, 4.2)."""
        beats = 0
        while True:
            await asyncio.sleep(self._options.heartbeat if beats else 0)
            beats += 1
            vitals = json.dumps({"event": "heartbeat", "data": {"uptime": int(time.monotonic())}})
            try:
                await socket.send(vitals if beats % VITALS_EVERY == 2 else "SOS")
            except websockets.WebSocketException:
                return  # whoever reads from it notices

    async def _measure_for_ever(self):
        """Reports with the time of the measurement, kept while the hub is away (protocol 4.3)."""
        while True:
            if self._is_running:
                await self._report(now_ms(), measure())
            await asyncio.sleep(self._interval_s)

    async def _report(self, at, values):
        try:
            if self._socket is None:
                raise EOFError
            await self._socket.send(json.dumps({"event": "report", "data": values, "time": at}))
        except (EOFError, websockets.WebSocketException):
            self._backlog.append([at, values])

    async def _send_backlog(self, socket):
        # A fresh time first: by it the hub understands the older ones (protocol 1.2).
        if self._is_running:
            await self._report(now_ms(), measure())
        while self._backlog and self._socket is socket:
            batch = [self._backlog.popleft() for _ in range(min(BATCH, len(self._backlog)))]
            try:
                answer = await self._ask(socket, "reports", batch)
            except (asyncio.CancelledError, asyncio.TimeoutError, websockets.WebSocketException):
                self._backlog.extendleft(reversed(batch))  # the hub drops what it has already
                return
            if "error" in answer:
                print(f"The hub refused {answer['error']}", flush=True)

    async def _ask(self, socket, event, data):
        """Sends an event with an id and waits for its acknowledgement (protocol 3.1)."""
        self._asked += 1
        answer = self._answers[self._asked] = asyncio.get_running_loop().create_future()
        await socket.send(json.dumps({"event": event, "data": data, "id": self._asked}))
        return await asyncio.wait_for(answer, 10)

    def _start(self, work):
        task = asyncio.ensure_future(work)
        self._tasks.add(task)  # the loop itself would forget it
        task.add_done_callback(self._tasks.discard)


def now_ms():
    """The device's own millisecond counter."""
    return int(time.monotonic() * 1000)


def read(text):
    """The frame in a text, None if it is none."""
    try:
        frame = json.loads(text) if text.startswith("{") else None
    except ValueError:
        return None
    is_frame = isinstance(frame, dict) and ("ack" in frame or isinstance(frame.get("event"), str))
    return frame if is_frame else None


def is_within(value, limit):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= limit


def refuse(code, message):
    return {"error": {"code": code, "message": message}}


def headers(token):
    if not token:
        return {}
    # websockets 14 gave it another name.
    name = "additional_headers" if int(websockets_version.split(".")[0]) >= 14 else "extra_headers"
    return {name: {"Authorization": f"Bearer {token}"}}


def code_of(error):
    """The close code or HTTP status that stands in an error of any version of websockets, 0 if none does."""
    response = getattr(error, "response", None)
    received = getattr(error, "rcvd", None)
    return getattr(error, "status_code", 0) or getattr(response, "status_code", 0) or getattr(received, "code", 0)


def read_options():
    parser = argparse.ArgumentParser(description="A device in Python at the plain WebSocket door of a Pharos hub.")
    parser.add_argument("--hub", default="http://127.0.0.1:5000", help="address of the hub")
    parser.add_argument("--id", default="python-1", help="a name of its own for each device")
    parser.add_argument("--token", default="", help="where the hub wants one")
    parser.add_argument("--room", action="append", help="room to join, repeatable")
    parser.add_argument("--heartbeat", type=float, default=HEARTBEAT_S, help="seconds between beats")
    parser.add_argument("--report", type=float, default=REPORT_S, help="seconds between reports")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        asyncio.run(Device(read_options()).run())
    except KeyboardInterrupt:
        pass
