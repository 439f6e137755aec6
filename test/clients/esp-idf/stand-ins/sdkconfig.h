/* The settings of `idf.py menuconfig`, for a client on a computer: from its environment. */
#pragma once
#include <stdlib.h>

static inline const char *setting(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value == NULL ? otherwise : value;
}

#define CONFIG_PHAROS_WIFI_SSID "Lab"
#define CONFIG_PHAROS_WIFI_PASSWORD "secret"
#define CONFIG_PHAROS_HUB setting("PHAROS_HUB", "ws://127.0.0.1:5000")
#define CONFIG_PHAROS_ID setting("PHAROS_ID", "esp32-1")
#define CONFIG_PHAROS_TOKEN setting("PHAROS_TOKEN", "")
#define CONFIG_PHAROS_ROOM setting("PHAROS_ROOM", "")
#define CONFIG_PHAROS_HEARTBEAT_MS atoi(setting("PHAROS_HEARTBEAT_MS", "5000"))
#define CONFIG_PHAROS_REPORT_MS atoi(setting("PHAROS_REPORT_MS", "1000"))
#define CONFIG_PHAROS_LED_GPIO 2
#define CONFIG_PHAROS_SENSOR_GPIO 34
