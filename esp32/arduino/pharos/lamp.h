// The LED: brightness as a person perceives it, fades, and blinks over both.
#pragma once

void lampStart();
void lampLoop();

// Where a fade ends.
double lampBrightness();

// The newest wish wins; a fade under way goes on from where it is.
void lampApply(double brightness, unsigned long transitionMs);

// Flashes against what the LED shows, then goes back to it.
void lampBlink(int times);
