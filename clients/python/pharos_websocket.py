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
from itertools import islice

import websockets
from websockets.version import version as websockets_version

HEARTBEAT_S = 5
VITALS_EVERY = 12  # beats; the others are a bare SOS
REPORT_S = 1.0
BACKLOG = 1000  # samples kept until the hub has them
BATCH = 100
CONFIRM_SAMPLES = 10  # so many live ones go out before one of them asks whether they arrived
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
        self._backlog = deque(maxlen=BACKLOG)  # what the hub has not acknowledged
        self._last = -1  # time of the newest sample
        self._old = -1  # samples up to this time are of before the welcome
        self._interval_s = options.report
        self._is_running = True
        self._asked = 0
        self._awaited = 0  # id of the one frame that waits for its acknowledgement, 0 for none
        self._until = 0  # time up to which the samples are then forgotten
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
            await self._acknowledged(socket, frame)
        else:
            answer = await self._handle(socket, frame["event"], frame.get("data"))
            if frame.get("id") is not None:
                await socket.send(json.dumps({"ack": frame["id"], **answer}))

    async def _handle(self, socket, event, data):
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
            await self._welcomed(socket, data if isinstance(data, dict) else {})
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

    async def _welcomed(self, socket, data):
        print("Hub: connected", flush=True)
        self._socket = socket
        self._old = self._last
        self._awaited = 0
        self._pause_s = FIRST_PAUSE_S
        self._is_running = self._is_running or bool(data.get("acquiring"))
        if isinstance(data.get("token"), str):
            self._options.token = data["token"]
            print("The hub approved this device: start it with --token from now on.", data["token"], flush=True)
        # A fresh time first: by it the hub understands the older ones (protocol 1.2).
        if self._is_running:
            await self._report(measure())
        elif self._batch():
            await socket.send(json.dumps({"event": "report", "data": {}, "time": now_ms()}))
        await self._send_batch(socket)

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
        """Whether or not the hub is there."""
        while True:
            if self._is_running:
                try:
                    await self._report(measure())
                except websockets.WebSocketException:
                    pass  # whoever reads from it notices
            await asyncio.sleep(self._interval_s)

    async def _report(self, values):
        """One sample, kept until the hub has said that it has it (protocol 4.3)."""
        # Never twice the same time: the hub would take the second for the first, sent again.
        self._last = max(now_ms(), self._last + 1)
        self._backlog.append([self._last, values])
        if self._socket is None:
            return
        frame = {"event": "report", "data": values, "time": self._last}
        if not self._awaited and len(self._backlog) >= CONFIRM_SAMPLES and not self._batch():
            frame["id"] = self._ask(self._last)
        await self._socket.send(json.dumps(frame))

    def _batch(self):
        """The oldest samples of before the welcome, as many as go in one frame."""
        return [sample for sample in islice(self._backlog, BATCH) if sample[0] <= self._old]

    async def _send_batch(self, socket):
        batch = self._batch()
        if batch:
            frame = {"event": "reports", "data": batch, "id": self._ask(batch[-1][0])}
            await socket.send(json.dumps(frame))

    def _ask(self, until):
        self._asked += 1
        self._awaited, self._until = self._asked, until
        return self._asked

    async def _acknowledged(self, socket, frame):
        """Those up to there have arrived, or will never be taken: the next ones (protocol 3.1)."""
        if not self._awaited or frame["ack"] != self._awaited:
            return
        if "error" in frame:
            print(f"The hub refused {frame['error']}", flush=True)
        self._awaited = 0
        while self._backlog and self._backlog[0][0] <= self._until:
            self._backlog.popleft()
        await self._send_batch(socket)

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
