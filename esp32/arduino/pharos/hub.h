// The connection to the hub: opened, watched, and opened again after a growing pause.
#pragma once
#include <Arduino.h>

// `greet` is called on each new connection, `receive` for each whole text, `lost` when it has ended.
void hubStart(void (*greet)(), void (*receive)(const char *text, size_t length), void (*lost)());
void hubLoop();

// Whether the text was handed to the network.
bool hubSend(const String &text);

// The hub has taken us: the next pause is a short one again.
void hubWelcomed();

// The hub said why it is about to end the connection: a person has to mend that.
void hubRefused();

// The hub has approved this device: the token is for all connections to come (protocol 7.9).
void hubKeepToken(const char *token);
