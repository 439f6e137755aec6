#pragma once
#include <stdint.h>

uint32_t esp_get_free_heap_size(void);
