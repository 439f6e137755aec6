// The device as the hub knows it: says hello, beats, reports, and answers what it is asked (protocol sections 3 to 5).
#pragma once
#include <Arduino.h>

void deviceGreet();
void deviceReceive(const char *text, size_t length);
void deviceLost();
void deviceLoop();
