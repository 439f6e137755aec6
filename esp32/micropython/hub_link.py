"""The connection to the hub: opened, watched, and opened again after a growing pause."""

import sys

from compat import chance, sleep_ms
from ws_client import Lost, WebSocket

FIRST_PAUSE_MS = 1000
MAX_PAUSE_MS = 30000
REFUSED_PAUSE_MS = 60000  # a person has to mend that
REFUSALS = (401, 403, 409, 4401, 4409)


class HubLink:
    """`client` gets `await greet()` on each new connection, `await receive(text)` for each text, and `lost()`."""

    def __init__(self, settings, wifi, client):
        self._settings = settings
        self._wifi = wifi
        self._client = client
        self._socket = None
        self._pause_ms = FIRST_PAUSE_MS
        client.link = self

    def welcomed(self):
        """The hub has taken us: the next pause is a short one again."""
        self._pause_ms = FIRST_PAUSE_MS

    async def send(self, text):
        """Whether it was handed to the network."""
        socket = self._socket
        if socket is None:
            return False
        try:
            await socket.send(text)
            return True
        except (OSError, Lost):
            socket.drop()  # whoever reads from it notices
            return False

    async def run(self):
        """Never ends."""
        while True:
            await self._wifi.join()
            print("Hub: connecting to %s:%d%s" % (self._settings.host, self._settings.port, self._settings.path))
            why = await self._session()
            if isinstance(why, Lost) and (why.code in REFUSALS or why.status in REFUSALS):
                self._pause_ms = REFUSED_PAUSE_MS
            # Chance in every pause, so that a class does not return as one.
            wait = int(self._pause_ms * (0.5 + chance() / 2))
            self._pause_ms = min(self._pause_ms * 2, MAX_PAUSE_MS)
            print("Hub: %s; next try in %d ms" % (why, wait))
            await sleep_ms(wait)

    async def _session(self):
        socket = WebSocket(self._settings.socket_delay_ms)
        try:
            await socket.open(self._settings.host, self._settings.port, self._settings.path, self._headers())
            self._socket = socket
            print("Hub: connected")
            await self._client.greet()
            while True:
                message = await socket.receive()
                if isinstance(message, str):
                    await self._client.receive(message)
        except (OSError, Lost) as error:
            return error
        except Exception as error:
            # A mistake in what a message set off ends the connection, never the program.
            report(error)
            return error
        finally:
            self._socket = None
            self._client.lost()
            socket.drop()

    def _headers(self):
        token = self._settings.token
        return {"Authorization": "Bearer " + token} if token else {}


def report(error):
    if hasattr(sys, "print_exception"):
        sys.print_exception(error)
    else:
        sys.excepthook(type(error), error, error.__traceback__)
