"""PHAROS_ID: a device of Pharos on a plain TCP socket, one JSON object a line. Needs Python and nothing else."""

import json, random, socket, time

BEAT_S = 5
PERCENT = {"type": "number", "minimum": 0, "maximum": 100, "unit": "percent"}
CELSIUS = {"type": "number", "unit": "celsius", "readOnly": True}
PROPERTIES = {"brightness": PERCENT, "temperature": CELSIUS}
state = {"brightness": 0}


def measure():
    return {"temperature": round(20 + random.random(), 2)}  # your sensor


def answer(event, data):
    if event == "set" and "brightness" in data:
        state["brightness"] = data["brightness"]
        print("brightness", data["brightness"], flush=True)  # your lamp
        return {"data": state}
    if event == "action" and data["name"] == "identify":
        print("It is me!", flush=True)
        return {"data": None}
    return {"error": {"code": "UNKNOWN_EVENT", "message": "This device takes set and identify."}}


def read(text):
    """The event in a text; other text is talk of people and devices."""
    try:
        frame = json.loads(text)
    except ValueError:
        return {}
    return frame if isinstance(frame, dict) and "event" in frame else {}


def send(hub, frame):
    hub.sendall((json.dumps(frame) + "\n").encode())


def run(hub):
    hub.sendall(b"HELLO PHAROS_IDPHAROS_HELLO_TOKEN\n")
    send(hub, {"event": "hello", "data": {"heartbeat": BEAT_S, "properties": PROPERTIES, "state": state}})
    rest, heard, beaten = b"", time.monotonic(), float("-inf")
    while time.monotonic() - heard < 4 * BEAT_S:  # a beat with an id is answered, so silence means that the hub is gone
        if time.monotonic() - beaten > BEAT_S:
            beaten = time.monotonic()
            send(hub, {"event": "heartbeat", "id": "beat"})
            send(hub, {"event": "report", "data": measure(), "time": int(time.time() * 1000)})
        try:
            piece = hub.recv(4096)
        except socket.timeout:
            continue
        if not piece:
            return
        heard = time.monotonic()
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            print("<", line.decode(), flush=True)
            frame = read(line)
            if "id" in frame:
                send(hub, {"ack": frame["id"], **answer(frame["event"], frame["data"])})


while True:
    try:
        with socket.create_connection(("PHAROS_HOST", PHAROS_TCP_PORT), timeout=10) as hub:
            hub.settimeout(0.2)
            run(hub)
    except OSError as error:
        print("Hub:", error, flush=True)
    time.sleep(1 + 4 * random.random())
