// The settings of the sketch for a client on a computer: from its environment. Included before the sketch's own, whose place it takes.
#ifndef PHAROS_CONFIG_H
#define PHAROS_CONFIG_H
#include <cstdlib>

inline const char *setting(const char *name, const char *otherwise) {
  const char *value = getenv(name);
  return value ? value : otherwise;
}

#define WIFI_SSID "Lab"
#define WIFI_PASSWORD "secret"
#define HUB_HOST "127.0.0.1"
#define HUB_PORT ((uint16_t)atoi(setting("PHAROS_PORT", "5000")))
#define DEVICE_ID "client-1"
#define TOKEN setting("PHAROS_TOKEN", "")
#define ROOM setting("PHAROS_ROOM", "")
#define HEARTBEAT_MS ((unsigned long)atoi(setting("PHAROS_HEARTBEAT_MS", "5000")))
#define REPORT_MS ((unsigned long)atoi(setting("PHAROS_REPORT_MS", "1000")))
#define LED_PIN 2
#define SENSOR_PIN 34

#endif
