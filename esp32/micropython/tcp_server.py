"""The same device as a TCP server, for a hub that calls it (--dial tcp://ADDRESS:10000?id=ID): one frame a line, protocol 2.4."""

import errno
import socket

from compat import asyncio, sleep_ms, ticks_diff, ticks_ms
from device import Device
from lamp import Lamp
from sensor import create_sensor
from settings import Settings
from wifi import Wifi

PIECE = 1024
MAX_LINE = 8192  # bytes; a longer line is read and dropped
QUIET_MS = 300
WRITE_LIMIT_MS = 5000


class LineServer:
    def __init__(self, device, port, delay_ms):
        self._device = device
        self._port = port
        self._delay_ms = delay_ms
        self._peer = None
        self._lines = Lines()
        self._writing = asyncio.Lock()
        device.link = self

    def welcomed(self):
        pass

    async def send(self, text):
        """Whether the line was handed to the network."""
        async with self._writing:
            return await self._write((text + "\n").encode())

    async def run(self):
        """Never ends."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(socket.getaddrinfo("0.0.0.0", self._port)[0][-1])
        listener.listen(1)
        listener.setblocking(False)
        print("TCP: waiting on port %d" % self._port)
        while True:
            has_more = False
            try:
                await self._accept(listener)
                has_more = self._peer is not None and await self._read()
            except OSError as error:
                self._drop("%s" % error)
            await sleep_ms(0 if has_more else self._delay_ms)

    async def _accept(self, listener):
        """A new caller takes over: the hub calls again when its old connection broke unnoticed here."""
        try:
            peer = listener.accept()[0]
        except OSError:
            return
        if self._peer:
            self._drop("another one called")
        peer.setblocking(False)
        self._peer, self._lines = peer, Lines()
        print("TCP: connected")
        await self._device.greet()

    async def _read(self):
        """Whether there was something to read."""
        try:
            data = self._peer.recv(PIECE)
        except OSError as error:
            if error.args[0] != errno.EAGAIN:
                raise
            line = self._lines.idle()
            if line:
                await self._device.receive(line)
            return False
        if not data:
            self._drop("closed")
        for line in self._lines.take(data):
            await self._device.receive(line)
        return True

    async def _write(self, data):
        peer, sent, began = self._peer, 0, ticks_ms()
        view = memoryview(data)
        while peer and peer is self._peer and sent < len(data):
            try:
                sent += peer.send(view[sent:])
            except OSError as error:
                if error.args[0] != errno.EAGAIN or ticks_diff(ticks_ms(), began) > WRITE_LIMIT_MS:
                    self._drop("%s" % error)
                else:
                    await sleep_ms(self._delay_ms)
        return peer is not None and sent == len(data)

    def _drop(self, why):
        if self._peer:
            print("TCP: " + why)
            self._peer.close()
            self._peer = None
            self._device.lost()


class Lines:
    """Bytes in any pieces -> lines."""

    def __init__(self):
        self._rest = b""
        self._is_too_long = False
        self._heard = ticks_ms()

    def take(self, data):
        """The lines that are complete now."""
        self._heard = ticks_ms()
        pieces = (self._rest + data).split(b"\n")
        self._rest = pieces[-1]
        lines = []
        for piece in pieces[:-1]:
            text = None if self._is_too_long else read_text(piece)
            self._is_too_long = False
            if text:
                lines.append(text)
        if len(self._rest) > MAX_LINE:
            self._rest, self._is_too_long = b"", True
        return lines

    def idle(self):
        """Text without an end of line, as a hand-written client sends it, once nothing more comes; else None."""
        waits = self._rest and not self._is_too_long and not self._rest.startswith(b"{")
        if not waits or ticks_diff(ticks_ms(), self._heard) < QUIET_MS:
            return None
        text, self._rest = read_text(self._rest), b""
        return text


def read_text(line):
    try:
        return str(line, "utf-8").strip("\r\n")
    except UnicodeError:
        return None


async def main():
    settings = Settings()
    wifi = Wifi(settings.wifi)
    await wifi.join()
    lamp = Lamp(settings.led_pin)
    device = Device(settings, lamp, create_sensor(settings.sensor_pin), wifi.rssi)
    server = LineServer(device, settings.tcp_port, settings.socket_delay_ms)
    await asyncio.gather(server.run(), lamp.run(), device.beat(), device.measure())


if __name__ == "__main__":
    asyncio.run(main())
