"""Prints a text stream that the hub has dialled, as it comes: the telnet star wars on the device's console."""

import json
import sys

from compat import asyncio, sleep_ms
from device import read
from hub_link import HubLink
from settings import Settings
from wifi import Wifi


class Watcher:
    def __init__(self, settings, stream):
        self.link = None
        self._settings = settings
        self._stream = stream
        self._is_welcome = False

    async def greet(self):
        """Joins the room of the stream: what it says comes to all members as messages."""
        hello = {"id": self._settings.id, "model": "ESP32 MicroPython console", "rooms": [self._stream]}
        hello["heartbeat"] = self._settings.heartbeat
        self._is_welcome = False
        await self.link.send(json.dumps({"event": "hello", "data": hello}))

    def lost(self):
        self._is_welcome = False

    async def receive(self, text):
        frame = read(text)
        if frame is None:
            sys.stdout.write(text)
            return
        event, data = frame.get("event"), frame.get("data")
        if event == "message":
            sys.stdout.write(data if isinstance(data, str) else json.dumps(data))
        elif event == "welcome":
            self._is_welcome = True
            self.link.welcomed()
        elif event in ("bye", "error", "pending"):
            print("%s: %s" % (event, json.dumps(data)))
        if frame.get("id") is not None:
            answer = {"code": "UNKNOWN_EVENT", "message": "This device only watches."}
            await self.link.send(json.dumps({"ack": frame["id"], "error": answer}))

    async def beat(self):
        """No SOS here: it would be said into the room of the stream. Never ends."""
        while True:
            if self._is_welcome:
                await self.link.send('{"event":"heartbeat"}')
            await sleep_ms(int(self._settings.heartbeat * 1000) if self._is_welcome else 100)


async def main():
    settings = Settings(suffix="-watch")
    stream = sys.argv[1] if len(sys.argv) > 1 else settings.watch
    if not stream:
        raise ValueError("config.json: watch must be the id of a stream that the hub dials")
    watcher = Watcher(settings, stream)
    await asyncio.gather(HubLink(settings, Wifi(settings.wifi), watcher).run(), watcher.beat())


if __name__ == "__main__":
    asyncio.run(main())
