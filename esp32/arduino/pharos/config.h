// Edit this: the network, the hub, and what this device is called.
#ifndef PHAROS_CONFIG_H
#define PHAROS_CONFIG_H

#define WIFI_SSID "Lab"
#define WIFI_PASSWORD "secret"
#define HUB_HOST "192.168.1.5"
#define HUB_PORT 5000
#define DEVICE_ID "esp32-1"
#define TOKEN ""             // where the hub wants one
#define ROOM ""              // a room to join, or nothing
#define HEARTBEAT_MS 5000
#define REPORT_MS 1000
#define LED_PIN 2
#define SENSOR_PIN 34        // -1: nothing to measure

#endif
