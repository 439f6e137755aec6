#pragma once

void lamp_start(void);

/* Where a fade ends, percent as a person perceives it. */
double lamp_brightness(void);

/* The newest wish wins; a fade under way goes on from where it is. */
void lamp_apply(double brightness, unsigned transition_ms);

/* Flashes against what the LED shows, then goes back to it. */
void lamp_blink(int times);
