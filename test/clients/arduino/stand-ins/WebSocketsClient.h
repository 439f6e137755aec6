// The part of arduinoWebSockets 2.7 that the sketch uses, with its names and its habits.
#pragma once
#include <functional>

#include "Arduino.h"

typedef enum {
  WStype_ERROR,
  WStype_DISCONNECTED,
  WStype_CONNECTED,
  WStype_TEXT,
  WStype_BIN,
  WStype_FRAGMENT_TEXT_START,
  WStype_FRAGMENT_BIN_START,
  WStype_FRAGMENT,
  WStype_FRAGMENT_FIN,
  WStype_PING,
  WStype_PONG,
} WStype_t;

class WebSocketsClient {
 public:
  typedef std::function<void(WStype_t type, uint8_t *payload, size_t length)> WebSocketClientEvent;
  void begin(const char *host, uint16_t port, const char *url = "/", const char *protocol = "arduino");
  void loop();
  void onEvent(WebSocketClientEvent event) { event_ = event; }
  bool sendTXT(const char *payload, size_t length = 0);
  void setAuthorization(const char *authorization) { authorization_ = authorization; }
  void setReconnectInterval(unsigned long ms) { reconnectInterval_ = ms; }
  void enableHeartbeat(uint32_t pingInterval, uint32_t pongTimeout, uint8_t disconnectTimeoutCount);

 private:
  void connect();
  void readFrame();
  void disconnect(const char *reason);
  bool send(int opCode, const void *payload, size_t length, bool isMasked);

  std::string host_, url_, protocol_, authorization_;
  uint16_t port_ = 0;
  int fd_ = -1;
  unsigned long lastConnectionFail_ = 0, reconnectInterval_ = 500, lastPing_ = 0;
  uint32_t pingInterval_ = 0;
  WebSocketClientEvent event_;
};
