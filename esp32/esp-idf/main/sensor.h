#pragma once
#include <stdbool.h>

/* What the device measures: the voltage at a pin. Put your own sensor behind these. */
void sensor_start(void);
bool sensor_is_there(void);

/* Percent of the full range. */
double sensor_measure(void);
