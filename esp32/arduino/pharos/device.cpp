#include "device.h"

#include <ArduinoJson.h>
#include <WiFi.h>
#include <esp_timer.h>

#include "backlog.h"
#include "config.h"
#include "hub.h"
#include "lamp.h"
#include "orders.h"

static const char *SOFTWARE = "pharos-arduino 1.0";
static const unsigned VITALS_EVERY = 12;  // beats; the others are a bare SOS
static const int MAX_PRINTED = 200;
static const unsigned long MIN_INTERVAL_MS = 50;
static const unsigned CONFIRM_SAMPLES = 10;  // so many live ones go out before one of them asks whether they arrived

static bool isWelcome = false;
static bool isSampling = true;
static unsigned long intervalMs = REPORT_MS;
static unsigned long beatAt = 0;
static unsigned long sampledAt = 0;
static unsigned beats = 0;
static int64_t lastTime = -1;    // of the newest sample
static unsigned liveFrom = 0;    // mark of the first one since the welcome
static unsigned awaitedId = 0;   // of the one frame that waits for its acknowledgement, 0 for none
static unsigned awaitedMark = 0; // all before it is then forgotten
static unsigned lastId = 0;

static bool sendJson(const JsonDocument &frame) {
  String text;
  serializeJson(frame, text);
  return hubSend(text);
}

// The device's own millisecond counter; `millis` begins again after 49 days (protocol 1.2).
static int64_t clockMs() {
  return esp_timer_get_time() / 1000;
}

// What the device measures: the voltage at a pin, percent. Put your own sensor here.
static float measure() {
  return roundf(analogRead(SENSOR_PIN) / 4.095f) / 10;
}

static void describe(JsonObject property) {
  property["type"] = "number";
  property["minimum"] = 0;
  property["maximum"] = 100;
  property["unit"] = "percent";
}

void deviceGreet() {
  JsonDocument frame;
  frame["event"] = "hello";
  JsonObject data = frame["data"].to<JsonObject>();
  data["id"] = DEVICE_ID;
  data["model"] = "ESP32 Arduino";
  data["software"] = SOFTWARE;
  data["heartbeat"] = HEARTBEAT_MS / 1000.0;
  if (strlen(ROOM) > 0) data["rooms"].to<JsonArray>().add(ROOM);
  JsonObject properties = data["properties"].to<JsonObject>();
  describe(properties["brightness"].to<JsonObject>());
  if (SENSOR_PIN >= 0) {
    JsonObject input = properties["input"].to<JsonObject>();
    describe(input);
    input["readOnly"] = true;
  }
  JsonObject actions = data["actions"].to<JsonObject>();
  JsonObject identify = actions["identify"].to<JsonObject>();
  identify["title"] = "Blink";
  JsonObject state = data["state"].to<JsonObject>();
  state["brightness"] = lampBrightness();
  deviceLost();
  sendJson(frame);
}

void deviceLost() {
  isWelcome = false;
  awaitedId = 0;
  beats = 0;
}

// The heartbeat: mostly SOS, now and then with signs of health (protocol 3.2, 4.2).
static void beat() {
  beatAt = millis();
  beats++;
  if (beats % VITALS_EVERY != 2) {
    if (hubSend("SOS")) lampBlink(1);
    return;
  }
  JsonDocument frame;
  frame["event"] = "heartbeat";
  JsonObject vitals = frame["data"].to<JsonObject>();
  vitals["uptime"] = clockMs() / 1000;
  vitals["memory"] = ESP.getFreeHeap();
  vitals["rssi"] = WiFi.RSSI();
  sendJson(frame);
}

static unsigned ask(unsigned mark) {
  awaitedId = ++lastId;
  awaitedMark = mark;
  return awaitedId;
}

static bool isConfirmDue() {
  unsigned first = backlogFirst();
  return awaitedId == 0 && first >= liveFrom && backlogNext() - first >= CONFIRM_SAMPLES;
}

// Each sample is kept until the hub has said that it has it (protocol 4.3).
static void sample() {
  // Never twice the same time: the hub would take the second for the first, sent again.
  lastTime = max(clockMs(), lastTime + 1);
  float value = measure();
  sampledAt = millis();
  backlogAdd(lastTime, value);
  if (!isWelcome) return;
  JsonDocument frame;
  frame["event"] = "report";
  JsonObject data = frame["data"].to<JsonObject>();
  data["input"] = value;
  frame["time"] = lastTime;
  if (isConfirmDue()) frame["id"] = ask(backlogNext());
  sendJson(frame);
}

// Where the counter stands, without a sample.
static void sendClock() {
  JsonDocument frame;
  frame["event"] = "report";
  frame["data"].to<JsonObject>();
  frame["time"] = clockMs();
  sendJson(frame);
}

static void sendBatch() {
  BacklogSample samples[BACKLOG_BATCH];
  size_t count = backlogBatch(samples, liveFrom);
  if (count == 0) return;
  JsonDocument frame;
  frame["event"] = "reports";
  frame["id"] = ask(backlogFirst() + count);
  JsonArray batch = frame["data"].to<JsonArray>();
  for (size_t i = 0; i < count; i++) {
    JsonArray pair = batch.add<JsonArray>();
    pair.add(samples[i].time);
    JsonObject values = pair.add<JsonObject>();
    values["input"] = samples[i].value;
  }
  sendJson(frame);
}

static void welcome(JsonVariantConst data) {
  isWelcome = true;
  hubWelcomed();
  if (data["token"].is<const char *>()) hubKeepToken(data["token"].as<const char *>());
  if (data["acquiring"].is<bool>() && data["acquiring"].as<bool>()) isSampling = true;
  liveFrom = backlogNext();
  awaitedId = 0;
  // A fresh time first: by it the hub understands the older ones (protocol 1.2).
  if (SENSOR_PIN >= 0 && isSampling) sample();
  else if (backlogFirst() < liveFrom) sendClock();
  sendBatch();
  beat();
}

static void acquire(JsonVariantConst data) {
  isSampling = !data["running"].is<bool>() || data["running"].as<bool>();
  if (data["intervalMs"].is<float>()) intervalMs = max(MIN_INTERVAL_MS, data["intervalMs"].as<unsigned long>());
}

static void show(const char *event, JsonVariantConst data) {
  String text;
  serializeJson(data, text);
  Serial.printf("%s: %.*s\n", event, MAX_PRINTED, text.c_str());
  if (strcmp(event, "bye") != 0 || !data["code"].is<const char *>()) return;
  String code = data["code"].as<const char *>();
  if (code == "DUPLICATE" || code == "UNAUTHORIZED") hubRefused();
}

// Does it, and writes the rest of the acknowledgement.
static void handle(const char *event, JsonVariantConst data, JsonObject answer) {
  answer["data"] = nullptr;
  if (strcmp(event, "welcome") == 0) welcome(data);
  else if (strcmp(event, "acquire") == 0) acquire(data);
  else if (strcmp(event, "bye") == 0 || strcmp(event, "error") == 0 || strcmp(event, "pending") == 0 || strcmp(event, "message") == 0) {
    show(event, data);
  } else obey(event, data, answer);
}

// Those before the mark have arrived, or will never be taken: the next ones.
static void acknowledged(JsonVariantConst frame) {
  if (awaitedId == 0 || !frame["ack"].is<unsigned>() || frame["ack"].as<unsigned>() != awaitedId) return;
  if (!frame["error"].isNull()) Serial.println("The hub refused reports");
  awaitedId = 0;
  backlogForget(awaitedMark);
  sendBatch();
}

// Text that is no event is talk of the room: shown on the console, and nothing comes of it.
void deviceReceive(const char *text, size_t length) {
  JsonDocument frame;
  bool isJson = length > 0 && text[0] == '{' && !deserializeJson(frame, text, length);
  if (isJson && frame["event"].is<const char *>()) {
    JsonDocument answer;
    handle(frame["event"].as<const char *>(), frame["data"], answer.to<JsonObject>());
    if (frame["id"].isNull()) return;
    answer["ack"] = frame["id"];
    sendJson(answer);
  } else if (isJson && !frame["ack"].isNull()) acknowledged(frame);
  else Serial.printf("< %.*s\n", (int)min(length, (size_t)MAX_PRINTED), text);
}

void deviceLoop() {
  if (isWelcome && millis() - beatAt >= HEARTBEAT_MS) beat();
  if (SENSOR_PIN >= 0 && isSampling && millis() - sampledAt >= intervalMs) sample();
}
