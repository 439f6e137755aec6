#pragma once
#include "freertos/FreeRTOS.h"

typedef struct task *TaskHandle_t;
BaseType_t xTaskCreate(void (*run)(void *), const char *name, uint32_t stack, void *context, UBaseType_t priority, TaskHandle_t *handle);
void vTaskDelay(TickType_t ticks);
