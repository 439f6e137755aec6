// What the Arduino IDE makes of the sketch: Arduino.h in front, and a main.
#include <Arduino.h>

#include "../../../../esp32/arduino/pharos/pharos.ino"

int main() {
  setup();
  for (;;) loop();
}
