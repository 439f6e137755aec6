"""What differs between MicroPython's versions, and Python on a computer, in one place."""

import os
import random
import time

try:
    import asyncio
except ImportError:  # MicroPython before 1.21
    import uasyncio as asyncio

try:
    ticks_ms = time.ticks_ms
    ticks_diff = time.ticks_diff
except AttributeError:  # Python on a computer

    def ticks_ms():
        return int(time.monotonic() * 1000)

    def ticks_diff(later, earlier):
        return later - earlier


try:
    sleep_ms = asyncio.sleep_ms
except AttributeError:

    def sleep_ms(ms):
        return asyncio.sleep(ms / 1000)


def chance():
    """From 0 to 1; the smallest builds lack `random.random`."""
    return random.getrandbits(16) / 65536


def random_bytes(count):
    if hasattr(os, "urandom"):
        return os.urandom(count)
    return bytes([random.getrandbits(8) for _ in range(count)])


class Uptime:
    """Milliseconds since the start; `ticks_ms` itself begins again after 12 days."""

    def __init__(self):
        self._last = ticks_ms()
        self._total = 0

    def ms(self):
        now = ticks_ms()
        self._total += ticks_diff(now, self._last)
        self._last = now
        return self._total
