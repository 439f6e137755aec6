// What the hub asks of the device: `set` and `action`, answered at once (protocol 5.1, 5.2).
#pragma once
#include <ArduinoJson.h>

// Does it, and writes `data` or `error` of the acknowledgement.
void obey(const char *event, JsonVariantConst data, JsonObject answer);
