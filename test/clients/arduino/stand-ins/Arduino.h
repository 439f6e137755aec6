// The part of Arduino's core for the ESP32 that the sketch uses, on a computer.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

#ifndef ESP_ARDUINO_VERSION_MAJOR
#define ESP_ARDUINO_VERSION_MAJOR 3
#endif

using std::max;
using std::min;

class String {
 public:
  String(const char *text = "") : text_(text ? text : "") {}
  const char *c_str() const { return text_.c_str(); }
  size_t length() const { return text_.size(); }
  bool concat(const char *text, size_t length) {
    text_.append(text, length);
    return true;
  }
  bool operator==(const char *other) const { return text_ == other; }
  friend String operator+(const char *left, const String &right) { return String((left + right.text_).c_str()); }

 private:
  std::string text_;
};

class SerialPort {
 public:
  void begin(unsigned long) { setvbuf(stdout, nullptr, _IOLBF, 0); }
  void println(const char *text) { ::printf("%s\n", text); }
  __attribute__((format(printf, 2, 3))) void printf(const char *format, ...) {
    va_list values;
    va_start(values, format);
    vprintf(format, values);
    va_end(values);
  }
};
extern SerialPort Serial;

class Chip {
 public:
  uint32_t getFreeHeap() { return 200000; }
};
extern Chip ESP;

unsigned long millis();
void delay(unsigned long ms);
long random(long limit);
int analogRead(uint8_t pin);
#if ESP_ARDUINO_VERSION_MAJOR >= 3
bool ledcAttach(uint8_t pin, uint32_t frequency, uint8_t bits);
bool ledcWrite(uint8_t pin, uint32_t duty);
#else
uint32_t ledcSetup(uint8_t channel, uint32_t frequency, uint8_t bits);
void ledcAttachPin(uint8_t pin, uint8_t channel);
void ledcWrite(uint8_t channel, uint32_t duty);
#endif

void setup();
void loop();
