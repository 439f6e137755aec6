"""PHAROS_ID: a device of Pharos in Python. Needs `pip install websockets`, or `apt install python3-websockets`."""

import asyncio, json, random, time
import websockets

URL = "PHAROS_SOCKETPHAROS_PATH"
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
        return {"data": dict(state)}
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


async def beat(hub):
    while True:
        await hub.send("SOS")
        await hub.send(json.dumps({"event": "report", "data": measure(), "time": int(time.time() * 1000)}))
        await asyncio.sleep(5)


async def listen(hub):
    async for text in hub:
        print("<", text, flush=True)
        frame = read(text)
        if "id" in frame:
            await hub.send(json.dumps({"ack": frame["id"], **answer(frame["event"], frame["data"])}))


async def run(hub):
    hello = {"model": "Python", "heartbeat": 5, "properties": PROPERTIES, "state": state}
    await hub.send(json.dumps({"event": "hello", "data": hello}))
    await asyncio.gather(beat(hub), listen(hub))  # until the connection ends


async def main():
    while True:
        try:
            async with websockets.connect(URL) as hub:
                await run(hub)
        except (OSError, asyncio.TimeoutError, websockets.WebSocketException) as error:
            print("Hub:", error, flush=True)
        await asyncio.sleep(1 + 4 * random.random())


asyncio.run(main())
