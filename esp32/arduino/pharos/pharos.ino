// The Pharos client for an ESP32 with Arduino: joins the Wi-Fi, connects to the hub, and does what it is told.
// Libraries: WebSockets (Markus Sattler) 2.4 or newer, ArduinoJson 7.
#include <WiFi.h>

#include "config.h"
#include "device.h"
#include "hub.h"
#include "lamp.h"

const unsigned long REJOIN_MS = 15000;
unsigned long joinedAt = 0;

void joinWifi() {
  Serial.printf("Wi-Fi: joining %s\n", WIFI_SSID);
  joinedAt = millis();
  WiFi.disconnect();
  WiFi.begin(WIFI_SSID, WIFI_PASSWORD);
}

void setup() {
  Serial.begin(115200);
  lampStart();
  WiFi.mode(WIFI_STA);
  joinWifi();
  hubStart(deviceGreet, deviceReceive, deviceLost);
}

void loop() {
  if (WiFi.status() == WL_CONNECTED) hubLoop();
  else if (millis() - joinedAt > REJOIN_MS) joinWifi();
  deviceLoop();
  lampLoop();
  delay(1);
}
