#include "lamp.h"

#include <Arduino.h>

#include "config.h"

static const unsigned long STEP_MS = 40;
static const unsigned STEPS_A_FLIP = 3;
static const int FREQUENCY = 5000;
static const int BITS = 13;
static const double FULL = 8191;

static double brightness = 0;
static double shown = 0;
static unsigned steps = 0;  // left of the fade
static unsigned flips = 0;  // left of the blinks
static unsigned count = 0;
static unsigned long steppedAt = 0;

// Perceived brightness 0-100 -> duty 0-1 (CIE 1931).
static double duty(double percent) {
  double cube = (percent + 16) / 116;
  return percent <= 8 ? percent / 903.3 : cube * cube * cube;
}

static void show() {
  double level = duty(shown);
  if (flips % 2 == 1) level = shown > 50 ? 0 : 1;
#if ESP_ARDUINO_VERSION_MAJOR >= 3
  ledcWrite(LED_PIN, (uint32_t)(level * FULL + 0.5));
#else
  ledcWrite(0, (uint32_t)(level * FULL + 0.5));
#endif
}

void lampStart() {
#if ESP_ARDUINO_VERSION_MAJOR >= 3
  ledcAttach(LED_PIN, FREQUENCY, BITS);
#else
  ledcSetup(0, FREQUENCY, BITS);
  ledcAttachPin(LED_PIN, 0);
#endif
  show();
}

void lampLoop() {
  if (millis() - steppedAt < STEP_MS) return;
  steppedAt = millis();
  count++;
  if (steps > 0) {
    shown += (brightness - shown) / steps;
    steps--;
    show();
  }
  if (flips > 0 && count % STEPS_A_FLIP == 0) {
    flips--;
    show();
  }
}

double lampBrightness() {
  return brightness;
}

void lampApply(double wanted, unsigned long transitionMs) {
  brightness = wanted;
  steps = transitionMs / STEP_MS;
  if (steps > 0) return;
  shown = wanted;
  show();
}

void lampBlink(int times) {
  if (flips < (unsigned)times * 2) flips = times * 2;
}
