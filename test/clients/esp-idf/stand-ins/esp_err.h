#pragma once
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef int esp_err_t;
#define ESP_OK 0
#define ESP_FAIL (-1)
#define ESP_ERR_INVALID_STATE 0x103
#define ESP_ERROR_CHECK(x)                                        \
    do {                                                          \
        esp_err_t found = (x);                                    \
        if (found != ESP_OK) {                                    \
            fprintf(stderr, "%s: %s failed\n", __func__, #x);     \
            abort();                                              \
        }                                                         \
    } while (0)
