// PHAROS_ID: an ESP32 with Arduino as a device of Pharos.
// Libraries: WebSockets by Markus Sattler 2.4 or newer, ArduinoJson 7. Board: any ESP32, core 3.
#include <ArduinoJson.h>
#include <WebSocketsClient.h>
#include <WiFi.h>

const int LED = 2;
const unsigned long BEAT_MS = 5000;
const char HELLO[] = R"({"event":"hello","data":{"model":"ESP32","heartbeat":5,"properties":{
  "brightness":{"type":"number","minimum":0,"maximum":100,"unit":"percent"},
  "memory":{"type":"number","unit":"byte","readOnly":true}},"state":{"brightness":%g}}})";

WebSocketsClient hub;
bool isConnected = false;
float brightness = 0;
unsigned long beaten = 0;

void show(float percent) {
  ledcWrite(LED, lround(8191 * pow(percent / 100, 2.2)));  // to the eye, 50 is half as bright as 100
}

void send(JsonDocument &frame) {
  String text;
  serializeJson(frame, text);
  hub.sendTXT(text.c_str(), text.length());
}

void hello() {
  char text[sizeof HELLO + 16];
  snprintf(text, sizeof text, HELLO, brightness);
  hub.sendTXT(text);
}

void take(const char *text, size_t length) {
  JsonDocument frame, reply;
  if (deserializeJson(frame, text, length) || frame["id"].isNull() || frame["event"].isNull()) return;
  JsonVariantConst id = frame["id"], data = frame["data"];
  String event = frame["event"].as<const char *>();
  reply["ack"] = id;
  if (event == "set" && !data["brightness"].isNull()) {
    brightness = data["brightness"].as<float>();
    show(brightness);
    reply["data"] = data;
  } else if (event == "action" && String(data["name"].as<const char *>()) == "identify") {
    for (int i = 0; i < 10; i++, delay(100)) show(i % 2 * 100);
    show(brightness);
    reply["data"] = nullptr;
  } else {
    JsonObject error = reply["error"].to<JsonObject>();
    error["code"] = "UNKNOWN_EVENT";
    error["message"] = "This device takes set and identify.";
  }
  send(reply);
}

void beat() {
  JsonDocument report;
  report["event"] = "report";
  report["data"].to<JsonObject>()["memory"] = ESP.getFreeHeap();
  report["time"] = millis();
  hub.sendTXT("SOS");
  send(report);
}

void onEvent(WStype_t type, uint8_t *payload, size_t length) {
  if (type == WStype_CONNECTED || type == WStype_DISCONNECTED) isConnected = type == WStype_CONNECTED;
  if (type == WStype_CONNECTED) hello();
  if (type == WStype_TEXT) take((const char *)payload, length);
}

void setup() {
  Serial.begin(115200);
  ledcAttach(LED, 5000, 13);
  WiFi.begin("PHAROS_SSID", "PHAROS_PASSWORD");  // joins again by itself
  hub.onEvent(onEvent);
  hub.setReconnectInterval(3000);
  hub.enableHeartbeat(15000, 5000, 2);
  hub.begin("PHAROS_HOST", PHAROS_PORT, "PHAROS_PATH");
}

void loop() {
  hub.loop();
  if (!isConnected || millis() - beaten < BEAT_MS) return;
  beaten = millis();
  beat();
}
