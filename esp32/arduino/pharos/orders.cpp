#include "orders.h"

#include <Arduino.h>

#include "lamp.h"

static const double MAX_TRANSITION_MS = 600000;
static const int IDENTIFY_BLINKS = 10;

static void refuse(JsonObject answer, const char *code, const char *message) {
  answer.remove("data");
  JsonObject error = answer["error"].to<JsonObject>();
  error["code"] = code;
  error["message"] = message;
}

static bool isWithin(JsonVariantConst value, double limit) {
  return value.is<double>() && !value.is<bool>() && value.as<double>() >= 0 && value.as<double>() <= limit;
}

// All values of one `set` are taken, or none is.
static void set(JsonObjectConst values, JsonObject answer) {
  // Presence by name: a null is not the same as nothing.
  bool hasBrightness = false, hasTransition = false;
  for (JsonPairConst pair : values) {
    if (strcmp(pair.key().c_str(), "brightness") == 0) hasBrightness = true;
    else if (strcmp(pair.key().c_str(), "transition") == 0) hasTransition = true;
    else return refuse(answer, "NO_PROPERTY", "This device has brightness.");
  }
  JsonVariantConst brightness = values["brightness"], transition = values["transition"];
  if (hasBrightness && !isWithin(brightness, 100)) {
    return refuse(answer, "INVALID_VALUE", "brightness must be a number from 0 to 100");
  }
  if (hasTransition && !isWithin(transition, MAX_TRANSITION_MS)) {
    return refuse(answer, "INVALID_VALUE", "transition must be 0 to 600000 ms");
  }
  JsonObject accepted = answer["data"].to<JsonObject>();
  if (!hasBrightness) return;
  accepted["brightness"] = brightness.as<double>();
  lampApply(brightness.as<double>(), hasTransition ? transition.as<unsigned long>() : 0);
}

void obey(const char *event, JsonVariantConst data, JsonObject answer) {
  if (strcmp(event, "set") == 0 && data.is<JsonObjectConst>()) return set(data.as<JsonObjectConst>(), answer);
  if (strcmp(event, "action") != 0 || !data.is<JsonObjectConst>()) {
    return refuse(answer, "UNKNOWN_EVENT", "This device takes set and action.");
  }
  if (!data["name"].is<const char *>() || strcmp(data["name"].as<const char *>(), "identify") != 0) {
    return refuse(answer, "NO_ACTION", "This device can identify.");
  }
  lampBlink(IDENTIFY_BLINKS);
}
