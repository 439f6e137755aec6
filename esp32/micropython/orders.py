"""What the hub asks of the device: `set` and `action`, answered at once (protocol 5.1, 5.2)."""

MAX_TRANSITION_MS = 600000
IDENTIFY_BLINKS = 10


def obey(lamp, event, data):
    """Does it; returns the rest of the acknowledgement: {"data": ...} or {"error": ...}."""
    if event == "set" and isinstance(data, dict):
        return set_values(lamp, data)
    if event == "action" and isinstance(data, dict):
        return act(lamp, data.get("name"))
    return refuse("UNKNOWN_EVENT", "This device takes set and action.")


def set_values(lamp, values):
    """All values of one `set` are taken, or none is."""
    brightness, transition, accepted = lamp.brightness, 0, {}
    for name in values:
        value = values[name]
        if name == "brightness":
            if not is_within(value, 100):
                return refuse("INVALID_VALUE", "brightness must be a number from 0 to 100")
            brightness = accepted[name] = value
        elif name == "transition":
            if not is_within(value, MAX_TRANSITION_MS):
                return refuse("INVALID_VALUE", "transition must be 0 to 600000 ms")
            transition = value
        else:
            return refuse("NO_PROPERTY", "This device has brightness.")
    if accepted:
        lamp.apply(brightness, transition)
    return {"data": accepted}


def act(lamp, name):
    if name != "identify":
        return refuse("NO_ACTION", "This device can identify.")
    lamp.blink(IDENTIFY_BLINKS)
    return {"data": None}


def is_within(value, limit):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= limit


def refuse(code, message):
    return {"error": {"code": code, "message": message}}
