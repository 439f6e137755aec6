"""Brings samples to the hub: live ones at once, older ones in batches, each kept until the hub has said that it has it."""

import json

from backlog import Backlog

CONFIRM_SAMPLES = 10  # so many live ones go out before one of them asks whether they arrived
MAX_PRINTED = 100


class Delivery:
    """`send` is a coroutine function that says whether the text went out."""

    def __init__(self, send, limit):
        self._send = send
        self._backlog = Backlog(limit)
        self._is_live = False
        self._old = -1  # samples up to this time are of before the welcome
        self._last_id = 0
        self._awaited = 0  # id of the one frame that waits for its acknowledgement, 0 for none
        self._until = 0  # what is then forgotten

    async def put(self, time, values):
        """One sample (protocol 4.3)."""
        # Never twice the same time: the hub would take the second for the first, sent again.
        time = max(time, self._backlog.last + 1)
        self._backlog.add(time, values)
        if not self._is_live:
            return
        frame = {"event": "report", "data": values, "time": time}
        if not self._awaited and len(self._backlog) >= CONFIRM_SAMPLES and not self._backlog.batch(self._old):
            frame["id"] = self._ask(time)
        await self._send(json.dumps(frame))

    def welcomed(self):
        """The hub has taken us: what is put from now on is live. What is older waits for `resume`."""
        self._is_live = True
        self._old = self._backlog.last
        self._awaited = 0

    async def resume(self, time):
        """`time` where no live sample says it: by it the hub understands the older ones (protocol 1.2); None where one did."""
        if time is not None and self._backlog.batch(self._old):
            await self._send(json.dumps({"event": "report", "data": {}, "time": time}))
        await self._send_batch()

    def lost(self):
        """There is no connection now: what was not acknowledged goes again, and the hub drops what it has."""
        self._is_live = False

    async def acknowledged(self, frame):
        """Those up to there have arrived, or will never be taken: the next ones."""
        if not self._awaited or frame["ack"] != self._awaited:
            return
        if "error" in frame:
            print("The hub refused %s" % json.dumps(frame["error"])[:MAX_PRINTED])
        self._awaited = 0
        self._backlog.forget(self._until)
        await self._send_batch()

    async def _send_batch(self):
        samples = self._backlog.batch(self._old)
        if samples:
            frame = {"event": "reports", "data": samples, "id": self._ask(samples[-1][0])}
            await self._send(json.dumps(frame))

    def _ask(self, until):
        self._last_id += 1
        self._awaited, self._until = self._last_id, until
        return self._awaited
