/* The LED on the LEDC: brightness as a person perceives it, fades, and blinks over both. Called by device.c and orders.c. */
#include "lamp.h"

#include "driver/ledc.h"
#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"
#include "freertos/task.h"
#include "sdkconfig.h"

#define STEP_MS 40
#define STEPS_A_FLIP 3
#define FULL 8191 /* 13 bits */

static SemaphoreHandle_t lock;
static double brightness, shown;
static unsigned steps, flips;

/* Perceived brightness 0-100 -> duty 0-1 (CIE 1931). */
static double duty(double percent)
{
    double cube = (percent + 16) / 116;
    return percent <= 8 ? percent / 903.3 : cube * cube * cube;
}

static void show(void)
{
    double level = duty(shown);
    if (flips % 2 == 1) level = shown > 50 ? 0 : 1;
    ledc_set_duty(LEDC_LOW_SPEED_MODE, LEDC_CHANNEL_0, (uint32_t)(level * FULL + 0.5));
    ledc_update_duty(LEDC_LOW_SPEED_MODE, LEDC_CHANNEL_0);
}

static void run(void *context)
{
    (void)context;
    for (unsigned count = 0;; count++) {
        vTaskDelay(pdMS_TO_TICKS(STEP_MS));
        xSemaphoreTake(lock, portMAX_DELAY);
        if (steps > 0) {
            shown += (brightness - shown) / steps;
            steps--;
            show();
        }
        if (flips > 0 && count % STEPS_A_FLIP == 0) {
            flips--;
            show();
        }
        xSemaphoreGive(lock);
    }
}

void lamp_start(void)
{
    ledc_timer_config_t timer = {
        .speed_mode = LEDC_LOW_SPEED_MODE,
        .duty_resolution = LEDC_TIMER_13_BIT,
        .timer_num = LEDC_TIMER_0,
        .freq_hz = 5000,
        .clk_cfg = LEDC_AUTO_CLK,
    };
    ledc_channel_config_t channel = {
        .gpio_num = CONFIG_PHAROS_LED_GPIO,
        .speed_mode = LEDC_LOW_SPEED_MODE,
        .channel = LEDC_CHANNEL_0,
        .timer_sel = LEDC_TIMER_0,
    };
    ESP_ERROR_CHECK(ledc_timer_config(&timer));
    ESP_ERROR_CHECK(ledc_channel_config(&channel));
    lock = xSemaphoreCreateMutex();
    xTaskCreate(run, "lamp", 3072, NULL, 5, NULL);
}

double lamp_brightness(void)
{
    return brightness;
}

void lamp_apply(double wanted, unsigned transition_ms)
{
    xSemaphoreTake(lock, portMAX_DELAY);
    brightness = wanted;
    steps = transition_ms / STEP_MS;
    if (steps == 0) {
        shown = wanted;
        show();
    }
    xSemaphoreGive(lock);
}

void lamp_blink(int times)
{
    xSemaphoreTake(lock, portMAX_DELAY);
    if (flips < (unsigned)times * 2) flips = (unsigned)times * 2;
    xSemaphoreGive(lock);
}
