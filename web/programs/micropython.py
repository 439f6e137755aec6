"""PHAROS_ID: an ESP32 with MicroPython as a device of Pharos. Put this file on the board as main.py."""

import binascii, json, machine, network, os, select, socket, time

PERCENT = {"type": "number", "minimum": 0, "maximum": 100, "unit": "percent"}
PROPERTIES = {"brightness": PERCENT, "uptime": {"type": "number", "unit": "second", "readOnly": True}}
lamp = machine.PWM(machine.Pin(2), freq=1000)
wlan = network.WLAN(network.STA_IF)
start = time.time()
state = {"brightness": 0}


def show(percent):
    lamp.duty_u16(int(65535 * (percent / 100) ** 2.2))  # to the eye, 50 is half as bright as 100


def answer(event, data):
    if event == "set" and "brightness" in data:
        state["brightness"] = data["brightness"]
        show(data["brightness"])
        return {"data": state}
    if event == "action" and data["name"] == "identify":
        for i in range(10):
            show(i % 2 * 100)
            time.sleep(0.1)
        show(state["brightness"])
        return {"data": None}
    return {"error": {"code": "UNKNOWN_EVENT", "message": "This device takes set and identify."}}


def read(text):
    try:
        frame = json.loads(text)  # other text is talk of people and devices
    except ValueError:
        return {}
    return frame if isinstance(frame, dict) and "event" in frame else {}


def send(hub, data, kind=0x81):
    """One WebSocket frame: kind 0x81 is text, 0x8A the answer to a ping."""
    mask, n = os.urandom(4), len(data)
    head = bytes([kind, 0x80 | n]) if n < 126 else bytes([kind, 0xFE, n >> 8, n & 255])
    hub.sendall(head + mask + bytes([byte ^ mask[i & 3] for i, byte in enumerate(data)]))


def say(hub, frame):
    send(hub, json.dumps(frame).encode())


def take(hub, kind, data):
    if kind == 9:
        send(hub, data, 0x8A)
    elif kind == 8:
        raise OSError("closed by the hub")
    elif kind == 1:
        print("<", data.decode())
        frame = read(data)
        if "id" in frame:
            reply = answer(frame["event"], frame["data"])
            reply["ack"] = frame["id"]
            say(hub, reply)


def shake_hands(hub):
    key = binascii.b2a_base64(os.urandom(16)).strip()
    hub.sendall(b"GET PHAROS_PATH HTTP/1.1\r\nHost: PHAROS_HOST:PHAROS_PORT\r\nUpgrade: websocket\r\n")
    hub.sendall(b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key + b"\r\n\r\n")
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        piece = hub.recv(1)  # not a byte too many: frames may follow
        if not piece:
            raise OSError("the hub hung up")
        head += piece
    if b" 101 " not in head[:16]:
        raise OSError(head)
    say(hub, {"event": "hello", "data": {"model": "ESP32", "heartbeat": 5, "properties": PROPERTIES, "state": state}})


def run(hub):
    shake_hands(hub)
    poller, rest, heard, beaten = select.poll(), b"", time.time(), 0
    poller.register(hub, select.POLLIN)
    while time.time() - heard < 40:
        if time.time() - beaten >= 5:
            beaten = time.time()
            uptime = int(beaten - start)
            send(hub, b"SOS")
            say(hub, {"event": "report", "data": {"uptime": uptime}, "time": uptime * 1000})
        if not poller.poll(200):
            continue
        piece = hub.recv(512)
        if not piece:
            return
        rest, heard = rest + piece, time.time()
        while len(rest) > 1:
            size, at = rest[1], 2
            if size == 126 and len(rest) > 3:
                size, at = rest[2] << 8 | rest[3], 4
            if len(rest) < at + size:
                break
            kind, data, rest = rest[0] & 15, rest[at : at + size], rest[at + size :]
            take(hub, kind, data)


while True:
    hub = socket.socket()
    try:
        wlan.active(True)
        if not wlan.isconnected():
            wlan.connect("PHAROS_SSID", "PHAROS_PASSWORD")
            for _ in range(50):
                if not wlan.isconnected():
                    time.sleep(0.2)
        hub.settimeout(10)
        hub.connect(socket.getaddrinfo("PHAROS_HOST", PHAROS_PORT, socket.AF_INET, socket.SOCK_STREAM)[0][-1])
        run(hub)
    except OSError as error:
        print("Hub:", error)
    hub.close()
    time.sleep(1 + os.urandom(1)[0] / 64)
