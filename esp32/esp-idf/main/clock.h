#pragma once
#include <stdint.h>

#include "esp_timer.h"

/* The device's own millisecond counter (protocol 1.2). */
static inline int64_t clock_ms(void)
{
    return esp_timer_get_time() / 1000;
}
