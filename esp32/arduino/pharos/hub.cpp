#include "hub.h"

#include <Preferences.h>
#include <WebSocketsClient.h>

#include "config.h"

static const unsigned long FIRST_PAUSE_MS = 1000;
static const unsigned long MAX_PAUSE_MS = 30000;
static const unsigned long REFUSED_PAUSE_MS = 60000;
static const unsigned long PING_MS = 15000;
static const unsigned long PONG_LIMIT_MS = 5000;
static const size_t MAX_MESSAGE = 8192;

static WebSocketsClient client;
static void (*onGreet)();
static void (*onReceive)(const char *text, size_t length);
static void (*onLost)();
static bool isUp = false;
static bool isRefused = false;
static unsigned long pauseMs = FIRST_PAUSE_MS;
static unsigned long waitMs = 500;  // the library's own first wait
static unsigned long waitsSince = 0;
static String fragments;
static bool isCollecting = false;  // fragments of a text that is not too long
static String authorization;

// Chance in every pause, so that a class does not return as one.
static void waitForNextTry() {
  if (isRefused) pauseMs = REFUSED_PAUSE_MS;
  isRefused = false;
  waitMs = pauseMs / 2 + random(pauseMs / 2);
  pauseMs = min(pauseMs * 2, MAX_PAUSE_MS);
  waitsSince = millis();
  client.setReconnectInterval(waitMs);
  Serial.printf("Hub: next try in %lu ms\n", waitMs);
}

static void ended(const char *why) {
  // The library tells the HTTP status of a refusal in words: "... HTTP 401".
  if (strstr(why, "401") || strstr(why, "403") || strstr(why, "409")) isRefused = true;
  Serial.printf("Hub: the connection ended %s\n", why);
  isUp = false;
  isCollecting = false;
  onLost();
  waitForNextTry();
}

// The hub sends whole messages; other servers may not. A message that grows too long is dropped.
static void addFragment(const char *piece, size_t length, bool isLast) {
  if (fragments.length() + length > MAX_MESSAGE) isCollecting = false;
  if (isCollecting) fragments.concat(piece, length);
  if (isLast && isCollecting) onReceive(fragments.c_str(), fragments.length());
  if (isLast || !isCollecting) fragments = "";
  if (isLast) isCollecting = false;
}

static void onEvent(WStype_t type, uint8_t *payload, size_t length) {
  const char *text = payload ? (const char *)payload : "";
  switch (type) {
    case WStype_CONNECTED:
      Serial.println("Hub: connected");
      isUp = true;
      onGreet();
      break;
    case WStype_DISCONNECTED:
      ended(text);
      break;
    case WStype_TEXT:
      onReceive(text, length);
      break;
    case WStype_FRAGMENT_TEXT_START:
      fragments = "";
      isCollecting = true;
      addFragment(text, length, false);
      break;
    case WStype_FRAGMENT_BIN_START:
      isCollecting = false;
      break;
    case WStype_FRAGMENT:
      addFragment(text, length, false);
      break;
    case WStype_FRAGMENT_FIN:
      addFragment(text, length, true);
      break;
    default:
      break;
  }
}

static void authorize(const String &token) {
  if (token.length() == 0) return;
  authorization = "Bearer " + token;
  client.setAuthorization(authorization.c_str());
}

void hubStart(void (*greet)(), void (*receive)(const char *text, size_t length), void (*lost)()) {
  onGreet = greet;
  onReceive = receive;
  onLost = lost;
  Preferences kept;
  kept.begin("pharos", true);
  authorize(strlen(TOKEN) > 0 ? String(TOKEN) : kept.getString("token", ""));
  kept.end();
  client.begin(HUB_HOST, HUB_PORT, "/bridge/" DEVICE_ID);
  client.onEvent(onEvent);
  client.setReconnectInterval(waitMs);
  client.enableHeartbeat(PING_MS, PONG_LIMIT_MS, 2);
}

void hubLoop() {
  client.loop();
  // A hub that is not there at all ends no connection: the library only tries again, and here the pause grows with it.
  if (!isUp && millis() - waitsSince >= waitMs) waitForNextTry();
}

bool hubSend(const String &text) {
  return isUp && client.sendTXT(text.c_str(), text.length());
}

void hubWelcomed() {
  pauseMs = FIRST_PAUSE_MS;
}

void hubRefused() {
  isRefused = true;
}

void hubKeepToken(const char *token) {
  Preferences kept;
  kept.begin("pharos", false);
  kept.putString("token", token);
  kept.end();
  authorize(token);
}
