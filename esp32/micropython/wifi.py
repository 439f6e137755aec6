"""Joins the Wi-Fi, and joins it again."""

import network
from compat import chance, sleep_ms, ticks_diff, ticks_ms

JOIN_LIMIT_MS = 10000
PAUSE_MS = 5000


class Wifi:
    """`wanted` is `wifi` of config.json: SSID, password, attempts, delay_in_msec; None where the network is there."""

    def __init__(self, wanted):
        self._wanted = wanted
        self._wlan = network.WLAN(network.STA_IF) if wanted else None

    async def join(self):
        """Returns when the network is there, at once if it is already."""
        if self._wlan is None:
            return
        while not self._wlan.isconnected():
            for _ in range(self._wanted["attempts"]):
                if await self._attempt():
                    return
            # Some firmware joins again only after the radio was off.
            self._wlan.active(False)
            await sleep_ms(int(PAUSE_MS * (0.5 + chance())))

    def rssi(self):
        """Signal strength in dBm, None where it is not known."""
        try:
            return self._wlan.status("rssi") if self._wlan else None
        except (OSError, ValueError, TypeError):
            return None

    async def _attempt(self):
        print("Wi-Fi: joining " + self._wanted["SSID"])
        try:
            self._wlan.active(True)
            self._wlan.disconnect()
        except OSError:
            pass  # it was not connected
        try:
            self._wlan.connect(self._wanted["SSID"], self._wanted["password"])
        except OSError as error:
            print("Wi-Fi: %s" % error)
            await sleep_ms(self._wanted["delay_in_msec"])
            return False
        began = ticks_ms()
        while ticks_diff(ticks_ms(), began) < JOIN_LIMIT_MS:
            await sleep_ms(self._wanted["delay_in_msec"])
            if self._wlan.isconnected():
                print("Wi-Fi: joined, address " + self._wlan.ifconfig()[0])
                return True
        return False
