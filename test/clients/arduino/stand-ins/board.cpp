// The board around the sketch: prints what the LED shows, measures one percent more each time.
#include <Arduino.h>
#include <WiFi.h>
#include <esp_timer.h>
#include <unistd.h>

#include <chrono>
#include <random>

SerialPort Serial;
Chip ESP;
WiFiClass WiFi;

static const auto start = std::chrono::steady_clock::now();

int64_t esp_timer_get_time() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start).count();
}

unsigned long millis() {
  return (unsigned long)(esp_timer_get_time() / 1000);
}

void delay(unsigned long ms) {
  usleep(ms * 1000);
}

long random(long limit) {
  static std::mt19937 numbers{std::random_device{}()};
  return limit > 0 ? (long)(numbers() % (unsigned long)limit) : 0;
}

int analogRead(uint8_t) {
  static int reads = 0;
  reads++;
  return reads % 101 * 4095 / 100;
}

static void show(uint32_t duty) {
  printf("LED %u\n", duty);
}

#if ESP_ARDUINO_VERSION_MAJOR >= 3
bool ledcAttach(uint8_t pin, uint32_t, uint8_t bits) {
  return pin == 2 && bits == 13;
}

bool ledcWrite(uint8_t, uint32_t duty) {
  show(duty);
  return true;
}
#else
uint32_t ledcSetup(uint8_t, uint32_t frequency, uint8_t) {
  return frequency;
}

void ledcAttachPin(uint8_t, uint8_t) {}

void ledcWrite(uint8_t, uint32_t duty) {
  show(duty);
}
#endif
