"""The device as the hub knows it: says hello, beats, reports, and answers what it is asked."""

import gc
import json

from backlog import Backlog
from compat import Uptime, sleep_ms
from orders import obey

VERSION = "1.0"
VITALS_EVERY = 12  # beats; the others are a bare SOS
MAX_PRINTED = 100
MIN_INTERVAL_MS = 50
MAX_FRAME = 4096


class Device:
    """`sensor` measures a percentage when called, None where there is none; `rssi` gives dBm or None.
    `link` is set by whoever holds the connection: `await link.send(text)` says whether it went out."""

    def __init__(self, settings, lamp, sensor, rssi):
        self.link = None
        self._settings = settings
        self._lamp = lamp
        self._sensor = sensor
        self._rssi = rssi
        self._uptime = Uptime()
        self._backlog = Backlog(settings.buffer)
        self._interval_ms = settings.report_ms
        self._running = True
        self._is_welcome = False
        self._marks = {}  # frame id of a batch on its way -> mark to forget it by
        self._last_id = 0

    async def greet(self):
        """There is a new connection (protocol 4.1)."""
        self._is_welcome = False
        self._marks = {}
        properties = {"brightness": {"type": "number", "minimum": 0, "maximum": 100, "unit": "percent"}}
        if self._sensor:
            properties["input"] = {"type": "number", "minimum": 0, "maximum": 100, "unit": "percent", "readOnly": True}
        data = {
            "id": self._settings.id,
            "model": "ESP32 MicroPython",
            "software": "pharos-micropython " + VERSION,
            "heartbeat": self._settings.heartbeat,
            "maxFrame": MAX_FRAME,
            "properties": properties,
            "actions": {"identify": {"title": "Blink"}},
            "state": {"brightness": self._lamp.brightness},
        }
        if self._settings.rooms:
            data["rooms"] = self._settings.rooms
        await self._say("hello", data)

    def lost(self):
        """There is no connection now: what is measured is kept."""
        self._is_welcome = False

    async def receive(self, text):
        """Text that is no event is talk of the room: shown on the console, and nothing comes of it."""
        frame = read(text)
        if frame is None:
            print("< " + text[:MAX_PRINTED])
        elif "ack" in frame:
            await self._acknowledged(frame)
        else:
            answer = await self._handle(frame["event"], frame.get("data"))
            if frame.get("id") is not None:
                answer["ack"] = frame["id"]
                await self.link.send(json.dumps(answer))

    async def beat(self):
        """The heartbeat (protocol 3.2, 4.2). Never ends."""
        beats = 0
        while True:
            if self._is_welcome:
                beats += 1
                if beats % VITALS_EVERY == 2:
                    await self._say("heartbeat", self._vitals())
                elif await self.link.send("SOS"):
                    self._lamp.blink(1)
            await sleep_ms(int(self._settings.heartbeat * 1000) if self._is_welcome else 100)

    async def measure(self):
        """Reports with the time of the measurement, kept while the hub is away (protocol 4.3). Never ends."""
        while self._sensor:
            if self._running:
                time, values = self._uptime.ms(), {"input": self._sensor()}
                if not (self._is_welcome and await self._say("report", values, time)):
                    self._backlog.add(time, values)
            await sleep_ms(self._interval_ms)

    async def _handle(self, event, data):
        if event == "welcome":
            await self._welcomed(data if isinstance(data, dict) else {})
        elif event == "acquire" and isinstance(data, dict):
            self._acquire(data)
        elif event in ("bye", "error", "pending", "message"):
            print(("%s: %s" % (event, data if isinstance(data, str) else json.dumps(data)))[:MAX_PRINTED])
        else:
            return obey(self._lamp, event, data)
        return {"data": None}

    async def _welcomed(self, data):
        self._is_welcome = True
        self.link.welcomed()
        if isinstance(data.get("token"), str):
            self._settings.keep_token(data["token"])
        if data.get("acquiring"):
            self._running = True
        # A fresh time first: by it the hub understands the older ones (protocol 1.2).
        if self._sensor and self._running:
            await self._say("report", {"input": self._sensor()}, self._uptime.ms())
        await self._send_batch()

    def _acquire(self, data):
        self._running = data.get("running") is not False
        interval = data.get("intervalMs")
        if isinstance(interval, (int, float)):
            self._interval_ms = max(MIN_INTERVAL_MS, int(interval))

    async def _send_batch(self):
        batch = self._backlog.batch()
        if batch is None:
            return
        samples, mark = batch
        self._last_id += 1
        self._marks = {self._last_id: mark}
        await self.link.send(json.dumps({"event": "reports", "data": samples, "id": self._last_id}))

    async def _acknowledged(self, frame):
        """A batch has arrived, or will never be taken: the next one."""
        mark = self._marks.pop(frame["ack"], None) if isinstance(frame["ack"], int) else None
        if mark is None:
            return
        if "error" in frame:
            print("The hub refused %s" % json.dumps(frame["error"])[:MAX_PRINTED])
        self._backlog.forget(mark)
        await self._send_batch()

    def _vitals(self):
        vitals = {"uptime": self._uptime.ms() // 1000}
        if hasattr(gc, "mem_free"):
            vitals["memory"] = gc.mem_free()
        rssi = self._rssi()
        if isinstance(rssi, int):
            vitals["rssi"] = rssi
        return vitals

    async def _say(self, event, data, time=None):
        frame = {"event": event, "data": data}
        if time is not None:
            frame["time"] = time
        return await self.link.send(json.dumps(frame))


def read(text):
    """The frame in a text, None if it is none."""
    if not text.startswith("{"):
        return None
    try:
        frame = json.loads(text)
    except ValueError:
        return None
    if not isinstance(frame, dict) or not ("ack" in frame or isinstance(frame.get("event"), str)):
        return None
    return frame
