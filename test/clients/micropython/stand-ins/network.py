"""A Wi-Fi for the MicroPython client on a computer: joined at the second attempt, and gone while the file `wifi-down` is there."""

STA_IF = 0
_attempts = 0
_is_active = False


def _is_down():
    try:
        open("wifi-down").close()
        return True
    except OSError:
        return False


class WLAN:
    def __init__(self, interface):
        self._is_joined = False

    def active(self, wanted=None):
        global _is_active
        if wanted is not None:
            _is_active = wanted
        return _is_active

    def connect(self, ssid, password):
        global _attempts
        if not _is_active:
            raise OSError("Wifi Not Started")
        _attempts += 1
        if _attempts == 1:
            raise OSError("Wifi Internal State Error")
        self._is_joined = True

    def disconnect(self):
        self._is_joined = False

    def isconnected(self):
        return self._is_joined and not _is_down()

    def ifconfig(self):
        return ("127.0.0.1", "255.0.0.0", "127.0.0.1", "127.0.0.1")

    def status(self, what=None):
        return -60
