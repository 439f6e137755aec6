"""The Pharos client for an ESP32 with MicroPython: joins the Wi-Fi, connects to the hub, and does what it is told."""

from compat import asyncio
from device import Device
from hub_link import HubLink
from lamp import Lamp
from sensor import create_sensor
from settings import Settings
from wifi import Wifi


async def main():
    settings = Settings()
    wifi = Wifi(settings.wifi)
    lamp = Lamp(settings.led_pin)
    device = Device(settings, lamp, create_sensor(settings.sensor_pin), wifi.rssi)
    link = HubLink(settings, wifi, device)
    # Work of your own is one more of these; it goes on whether or not the hub is there.
    await asyncio.gather(link.run(), lamp.run(), device.beat(), device.measure())


if __name__ == "__main__":
    asyncio.run(main())
