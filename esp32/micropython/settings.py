"""Reads config.json, checks it, and keeps a token that the hub gave."""

import json

DEFAULTS = {
    "wifi": None,  # null: the network is there already
    "server": "",
    "socket_delay_ms": 5,
    "id": "esp32-1",
    "token": "",
    "rooms": [],
    "heartbeat": 5,  # seconds
    "report_ms": 1000,
    "buffer": 120,  # samples kept until the hub has them
    "led_pin": 2,
    "sensor_pin": 34,  # null: nothing to measure
    "tcp_port": 10000,
    "watch": "",
}
TOKEN_FILE = "token.txt"


class Settings:
    """The values of config.json as attributes; it must have `server`, the rest has defaults. `suffix` goes behind the id."""

    def __init__(self, path="config.json", suffix=""):
        with open(path) as file:
            given = json.load(file)
        for name in given:
            if name not in DEFAULTS:
                raise ValueError("config.json: there is no setting '%s'" % name)
        for name in DEFAULTS:
            setattr(self, name, given.get(name, DEFAULTS[name]))
        self.id += suffix
        self.host, self.port, self.path = read_server(self.server, self.id)
        self.token = self.token or read_token()

    def keep_token(self, token):
        """The hub has approved this device (protocol 7.9)."""
        self.token = token
        with open(TOKEN_FILE, "w") as file:
            file.write(token)


def read_token():
    try:
        with open(TOKEN_FILE) as file:
            return file.read().strip()
    except OSError:
        return ""


def read_server(url, device_id):
    """`ws://HOST:PORT/PATH` -> host, port, path; with no path the hub's own door for this id (protocol 2.2)."""
    if not url.startswith("ws://"):
        raise ValueError("config.json: server must look like ws://192.168.1.5:5000/ (there is no wss here)")
    address, _, path = url[5:].partition("/")
    host, _, port = address.partition(":")
    return host, int(port or 80), "/" + (path or "bridge/" + device_id)
