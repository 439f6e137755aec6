#!/usr/bin/env python3
"""A device in Python at the Socket.IO door (namespace /devices). Needs `python-socketio` 5 with its `client` extra.

    python3 pharos_socketio.py --hub http://192.168.1.5:5000 --id lamp-1
"""

import argparse
import json
import os
import queue
import random
import threading
import time
from collections import deque
from itertools import islice

import socketio

NAMESPACE = "/devices"
HEARTBEAT_S = 5
REPORT_S = 1.0
BACKLOG = 1000  # samples kept until the hub has them
BATCH = 100
FIRST_PAUSE_S, MAX_PAUSE_S, REFUSED_PAUSE_S = 1, 30, 60
REFUSALS = ("UNAUTHORIZED", "DUPLICATE", "BAD_ORIGIN")  # a person has to mend these
CONNECT_LIMIT_S = 10


class Lamp:
    """What the hub drives: prints its brightness. Put your LED here."""

    def __init__(self):
        self.brightness = 0
        self._shown = 0
        self._wish = 0
        self._lock = threading.Lock()

    def apply(self, brightness, transition_s):
        """The newest wish wins; a fade under way goes on from where it is."""
        self.brightness = brightness
        with self._lock:
            self._wish += 1
        if transition_s < 0.08:
            self._show(self._wish, brightness)
        else:
            start(self._fade, self._wish, brightness, int(transition_s / 0.04))

    def blink(self, times=10):
        for _ in range(times):
            print("blink", flush=True)
            time.sleep(0.24)

    def _fade(self, wish, target, steps):
        for left in range(steps, 0, -1):
            if not self._show(wish, self._shown + (target - self._shown) / left):
                return
            time.sleep(0.04)

    def _show(self, wish, level):
        """Whether that wish still is the newest."""
        with self._lock:
            if wish != self._wish:
                return False
            self._shown = level
            print(f"brightness {round(level, 1):g}", flush=True)
            return True


def measure():
    """What the device reports. Put your sensor here."""
    return {"load": round(os.getloadavg()[0], 2)}


class Device:
    def __init__(self, options):
        self._options = options
        self._lamp = Lamp()
        self._client = None  # while the hub has welcomed us
        self._backlog = deque(maxlen=BACKLOG)  # what the hub has not acknowledged
        self._last = -1  # time of the newest sample
        self._old = -1  # samples up to this time are of before the welcome
        self._lock = threading.Lock()  # of the three above and of the order in which samples go out
        self._interval_s = options.report
        self._is_running = True
        self._pause_s = FIRST_PAUSE_S
        self._refusal = ""

    def run(self):
        """Connects, and connects again. Never ends."""
        start(self._beat_for_ever)
        start(self._measure_for_ever)
        while True:
            why = self._session()
            if any(code in why or code in self._refusal for code in REFUSALS):
                self._pause_s = REFUSED_PAUSE_S
            # Chance in every pause, so that a class does not return as one.
            wait = self._pause_s * (0.5 + random.random() / 2)
            self._pause_s = min(self._pause_s * 2, MAX_PAUSE_S)
            print(f"Hub: {why}; next try in {wait:.1f} s", flush=True)
            time.sleep(wait)

    def _session(self):
        """A client of its own each time: the pauses of the library's own reconnection know no refusals."""
        client = socketio.Client(reconnection=False)
        self._refusal = ""
        answered, ended = threading.Event(), threading.Event()
        self._listen(client, answered, ended)
        auth = {"id": self._options.id, **({"token": self._options.token} if self._options.token else {})}
        try:
            # Not the library's own wait: it waits to the end even when the hub has refused.
            client.connect(self._options.hub, namespaces=[NAMESPACE], auth=auth, wait=False)
            if not answered.wait(CONNECT_LIMIT_S) or self._refusal:
                raise ValueError(f"refused: {self._refusal}" if self._refusal else "no answer")
            self._welcomed(client, ended, ask(client, ended, "hello", self._hello()))
            ended.wait()
            time.sleep(0.2)  # a bye is heard by a thread of its own
            return "closed"
        except (socketio.exceptions.SocketIOError, OSError, ValueError) as error:
            return str(error) or type(error).__name__
        finally:
            self._client = None
            drop(client)

    def _listen(self, client, answered, ended):
        def refused(why=""):
            self._refusal = str(why) or "no reason given"
            answered.set()

        on = client.on
        on("connect", answered.set, namespace=NAMESPACE)
        on("connect_error", refused, namespace=NAMESPACE)
        on("set", self._set, namespace=NAMESPACE)
        on("action", self._act, namespace=NAMESPACE)
        on("acquire", self._acquire, namespace=NAMESPACE)
        on("message", lambda text: print(f"< {text}"[:200], flush=True), namespace=NAMESPACE)
        on("bye", self._said_bye, namespace=NAMESPACE)
        on("error", lambda error: print(f"error: {json.dumps(error)}"[:200], flush=True), namespace=NAMESPACE)
        on("disconnect", lambda *_: ended.set(), namespace=NAMESPACE)
        on("disconnect", lambda *_: ended.set())

    def _hello(self):
        number = {"type": "number", "minimum": 0}
        hello = {
            "id": self._options.id,
            "model": "Python",
            "software": "pharos-python-socketio 1.0",
            "heartbeat": self._options.heartbeat,
            "properties": {
                "brightness": {**number, "maximum": 100, "unit": "percent"},
                "load": {**number, "readOnly": True},
            },
            "actions": {"identify": {"title": "Blink"}},
            "state": {"brightness": self._lamp.brightness},
        }
        return {**hello, "rooms": self._options.room} if self._options.room else hello

    def _welcomed(self, client, ended, welcome):
        """The answer to hello (protocol 4.1)."""
        if not isinstance(welcome, dict) or "error" in welcome:
            raise ValueError(f"the hub does not take this device: {welcome}")
        print("Hub: connected", flush=True)
        self._pause_s = FIRST_PAUSE_S
        self._is_running = self._is_running or bool(welcome.get("acquiring"))
        if isinstance(welcome.get("token"), str):
            self._options.token = welcome["token"]
            print("The hub approved this device: start it with --token from now on.", welcome["token"], flush=True)
        with self._lock:
            self._client, self._old = client, self._last
        # A fresh time first: by it the hub understands the older ones (protocol 1.2).
        if self._is_running:
            self._report(measure())
        elif self._batch():
            client.emit("report", ({}, {"time": now_ms()}), namespace=NAMESPACE)
        self._send_backlog(client, ended)

    def _set(self, values):
        """All values of one `set` are taken, or none is; the answer is the acknowledgement (protocol 5.1)."""
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
        return accepted

    def _act(self, action):
        if action.get("name") != "identify":
            return refuse("NO_ACTION", "This device can identify.")
        start(self._lamp.blink)
        return None

    def _acquire(self, data):
        self._is_running = data.get("running") is not False
        if is_within(data.get("intervalMs"), 86_400_000):
            self._interval_s = max(0.05, data["intervalMs"] / 1000)

    def _said_bye(self, why):
        print(f"bye: {json.dumps(why)}", flush=True)
        self._refusal = str(why)

    def _beat_for_ever(self):
        """The heartbeat (protocol 4.2)."""
        while True:
            if self._client:
                self._emit("heartbeat", {"uptime": int(time.monotonic())})
            time.sleep(self._options.heartbeat if self._client else 0.1)

    def _measure_for_ever(self):
        """Whether or not the hub is there."""
        while True:
            if self._is_running:
                self._report(measure())
            time.sleep(self._interval_s)

    def _report(self, values):
        """One sample, kept until the hub has said that it has it (protocol 4.3)."""
        with self._lock:
            # Never twice the same time: the hub would take the second for the first, sent again.
            at = self._last = max(now_ms(), self._last + 1)
            self._backlog.append([at, values])
            # Emitted within the lock, since the answer to one speaks for all before it.
            self._emit("report", (values, {"time": at}), callback=lambda *_: self._arrived(at))

    def _arrived(self, at):
        """The hub has a live sample, and so all before it that are live."""
        with self._lock:
            if self._backlog and self._backlog[0][0] > self._old:
                self._forget(at)

    def _forget(self, until):
        while self._backlog and self._backlog[0][0] <= until:
            self._backlog.popleft()

    def _emit(self, event, data, **more):
        client = self._client
        try:
            if client:
                client.emit(event, data, namespace=NAMESPACE, **more)
        except Exception:
            pass  # whatever the transport below throws: the connection is over

    def _batch(self):
        """The oldest samples of before the welcome, as many as go in one frame."""
        with self._lock:
            return [sample for sample in islice(self._backlog, BATCH) if sample[0] <= self._old]

    def _send_backlog(self, client, ended):
        batch = self._batch()
        while batch:
            answer = ask(client, ended, "reports", batch)
            if isinstance(answer, dict) and "error" in answer:
                print(f"The hub refused {answer['error']}", flush=True)
            with self._lock:
                self._forget(batch[-1][0])
            batch = self._batch()


def ask(client, ended, event, data):
    """The answer to an event; the library's own `call` would wait on when the connection has ended."""
    answers = queue.Queue()
    client.emit(event, data, namespace=NAMESPACE, callback=lambda *answer: answers.put(answer[0] if answer else None))
    for _ in range(CONNECT_LIMIT_S * 10):
        try:
            return answers.get(timeout=0.1)
        except queue.Empty:
            if ended.is_set():
                break
    raise ValueError("no answer")


def drop(client):
    """Ends the connection. Sockets that the hub has closed the library would leave to the collector of garbage."""
    for end in (client.disconnect, lambda: client.eio.ws.shutdown(), lambda: client.eio.http.close()):
        try:
            end()
        except Exception:
            pass  # it is gone already, or never was there


def start(work, *args):
    threading.Thread(target=work, args=args, daemon=True).start()


def now_ms():
    """The device's own millisecond counter."""
    return int(time.monotonic() * 1000)


def is_within(value, limit):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= limit


def refuse(code, message):
    return {"error": {"code": code, "message": message}}


def read_options():
    parser = argparse.ArgumentParser(description="A device in Python at the Socket.IO door of a Pharos hub.")
    parser.add_argument("--hub", default="http://127.0.0.1:5000", help="address of the hub")
    parser.add_argument("--id", default="python-1", help="a name of its own for each device")
    parser.add_argument("--token", default="", help="where the hub wants one")
    parser.add_argument("--room", action="append", help="room to join, repeatable")
    parser.add_argument("--heartbeat", type=float, default=HEARTBEAT_S, help="seconds between beats")
    parser.add_argument("--report", type=float, default=REPORT_S, help="seconds between reports")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        Device(read_options()).run()
    except KeyboardInterrupt:
        pass
