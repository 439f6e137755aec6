#pragma once
#include "Arduino.h"

enum { WIFI_STA = 1 };
enum { WL_CONNECTED = 3, WL_DISCONNECTED = 6 };

class WiFiClass {
 public:
  bool mode(int wanted) { return wanted == WIFI_STA; }
  bool disconnect() { return true; }
  int begin(const char *, const char *) {
    isJoined_ = true;
    return WL_DISCONNECTED;
  }
  int status() { return isJoined_ ? WL_CONNECTED : WL_DISCONNECTED; }
  int8_t RSSI() { return -60; }

 private:
  bool isJoined_ = false;
};
extern WiFiClass WiFi;
