// arduinoWebSockets on a computer: its request, its limit of 15,360 bytes, zero mask keys and no payload on control frames, its
// silence when nobody answers, and that it never tells the close code.
#include "WebSocketsClient.h"

#include <unistd.h>

#include "../../stand-ins/posix_websocket.h"

static const size_t MAX_DATA_SIZE = 15 * 1024;
enum { OP_CONTINUATION = 0, OP_TEXT = 1, OP_BINARY = 2, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };

void WebSocketsClient::begin(const char *host, uint16_t port, const char *url, const char *protocol) {
  host_ = host;
  port_ = port;
  url_ = url;
  protocol_ = protocol;
}

void WebSocketsClient::enableHeartbeat(uint32_t pingInterval, uint32_t, uint8_t) {
  pingInterval_ = pingInterval;
}

void WebSocketsClient::loop() {
  if (port_ == 0) return;
  if (fd_ < 0) {
    if (millis() - lastConnectionFail_ >= reconnectInterval_) connect();
    return;
  }
  int ready = posix_wait(fd_, 0);
  if (ready < 0) return disconnect("Connection lost");
  if (ready > 0) readFrame();
  if (fd_ >= 0 && pingInterval_ > 0 && millis() - lastPing_ > pingInterval_) {
    lastPing_ = millis();
    send(OP_PING, nullptr, 0, false);
  }
}

void WebSocketsClient::connect() {
  char head[1024], key[25];
  fd_ = posix_connect(host_.c_str(), port_);
  if (fd_ < 0) {
    lastConnectionFail_ = millis();  // and nobody is told
    return;
  }
  posix_key(key);
  std::string request = "GET " + url_ + " HTTP/1.1\r\nHost: " + host_ + ":" + std::to_string(port_) +
                        "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key +
                        "\r\nSec-WebSocket-Protocol: " + protocol_ +
                        "\r\nOrigin: file://\r\nUser-Agent: arduino-WebSocket-Client\r\n";
  if (!authorization_.empty()) request += "Authorization: " + authorization_ + "\r\n";
  int status = posix_shake_hands(fd_, (request + "\r\n").c_str(), head, sizeof head);
  bool isUpgrade = strstr(head, "\r\nConnection: Upgrade\r\n") || strstr(head, "\r\nConnection: upgrade\r\n");
  if (status != 101 || !isUpgrade) {
    std::string reason = "WebSocket handshake failed - HTTP " + std::to_string(status);
    return disconnect(reason.c_str());
  }
  lastPing_ = millis();
  event_(WStype_CONNECTED, (uint8_t *)url_.data(), url_.size());
}

void WebSocketsClient::readFrame() {
  posix_frame frame;
  if (!posix_read_head(fd_, &frame)) return disconnect("Connection lost");
  if (frame.length > MAX_DATA_SIZE) {
    send(OP_CLOSE, "\x03\xf1", 2, false);  // 1009
    return disconnect("");
  }
  std::string payload(frame.length, 0);
  if (!posix_read(fd_, payload.data(), frame.length)) return disconnect("Connection lost");
  uint8_t *bytes = frame.length > 0 ? (uint8_t *)payload.data() : nullptr;
  switch (frame.op_code) {
    case OP_TEXT:
      return event_(frame.fin ? WStype_TEXT : WStype_FRAGMENT_TEXT_START, bytes, frame.length);
    case OP_BINARY:
      return event_(frame.fin ? WStype_BIN : WStype_FRAGMENT_BIN_START, bytes, frame.length);
    case OP_CONTINUATION:
      return event_(frame.fin ? WStype_FRAGMENT_FIN : WStype_FRAGMENT, bytes, frame.length);
    case OP_PING:
      send(OP_PONG, bytes, frame.length, false);
      return event_(WStype_PING, bytes, frame.length);
    case OP_PONG:
      return event_(WStype_PONG, bytes, frame.length);
    default:
      send(OP_CLOSE, "\x03\xe8", 2, false);
      return disconnect("");
  }
}

void WebSocketsClient::disconnect(const char *reason) {
  close(fd_);
  fd_ = -1;
  lastConnectionFail_ = millis();
  bool hasReason = strlen(reason) > 0;
  event_(WStype_DISCONNECTED, hasReason ? (uint8_t *)reason : nullptr, strlen(reason));
}

bool WebSocketsClient::sendTXT(const char *payload, size_t length) {
  return fd_ >= 0 && send(OP_TEXT, payload, length == 0 ? strlen(payload) : length, true);
}

bool WebSocketsClient::send(int opCode, const void *payload, size_t length, bool isMasked) {
  uint8_t mask[4] = {0, 0, 0, 0};
  for (uint8_t &byte : mask) byte = isMasked ? (uint8_t)random(0xff) : 0;
  return posix_send_frame(fd_, opCode, true, payload, length, mask);
}
