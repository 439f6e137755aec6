"""The device as the hub knows it: says hello, beats, reports, and answers what it is asked."""

import gc
import json

from compat import Uptime, sleep_ms
from delivery import Delivery
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
        self._delivery = Delivery(lambda text: self.link.send(text), settings.buffer)
        self._interval_ms = settings.report_ms
        self._running = True
        self._is_welcome = False

    async def greet(self):
        """There is a new connection (protocol 4.1)."""
        self.lost()
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
        self._delivery.lost()

    async def receive(self, text):
        """Text that is no event is talk of the room: shown on the console, and nothing comes of it."""
        frame = read(text)
        if frame is None:
            print("< " + text[:MAX_PRINTED])
        elif "ack" in frame:
            await self._delivery.acknowledged(frame)
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
        """Whether or not the hub is there. Never ends."""
        while self._sensor:
            if self._running:
                await self._sample()
            await sleep_ms(self._interval_ms)

    async def _sample(self):
        await self._delivery.put(self._uptime.ms(), {"input": self._sensor()})

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
        self._delivery.welcomed()
        is_measuring = self._sensor and self._running
        if is_measuring:
            await self._sample()
        await self._delivery.resume(None if is_measuring else self._uptime.ms())

    def _acquire(self, data):
        self._running = data.get("running") is not False
        interval = data.get("intervalMs")
        if isinstance(interval, (int, float)):
            self._interval_ms = max(MIN_INTERVAL_MS, int(interval))

    def _vitals(self):
        vitals = {"uptime": self._uptime.ms() // 1000}
        if hasattr(gc, "mem_free"):
            vitals["memory"] = gc.mem_free()
        rssi = self._rssi()
        if isinstance(rssi, int):
            vitals["rssi"] = rssi
        return vitals

    async def _say(self, event, data):
        return await self.link.send(json.dumps({"event": event, "data": data}))


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
