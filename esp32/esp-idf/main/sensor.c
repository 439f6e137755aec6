/* The voltage at a pin, by the analogue converter, as a percentage. Called by device.c. */
#include "sensor.h"

#include "esp_adc/adc_oneshot.h"
#include "esp_log.h"
#include "sdkconfig.h"

#define FULL 4095.0 /* 12 bits */

static adc_oneshot_unit_handle_t unit;
static adc_channel_t channel;
static bool is_there;

void sensor_start(void)
{
    adc_oneshot_unit_init_cfg_t unit_config = {0};
    adc_oneshot_chan_cfg_t channel_config = {.atten = ADC_ATTEN_DB_12, .bitwidth = ADC_BITWIDTH_DEFAULT};
    if (CONFIG_PHAROS_SENSOR_GPIO < 0) return;
    is_there = adc_oneshot_io_to_channel(CONFIG_PHAROS_SENSOR_GPIO, &unit_config.unit_id, &channel) == ESP_OK &&
               adc_oneshot_new_unit(&unit_config, &unit) == ESP_OK &&
               adc_oneshot_config_channel(unit, channel, &channel_config) == ESP_OK;
    if (!is_there) ESP_LOGW("sensor", "pin %d cannot measure", CONFIG_PHAROS_SENSOR_GPIO);
}

bool sensor_is_there(void)
{
    return is_there;
}

double sensor_measure(void)
{
    int raw = 0;
    if (adc_oneshot_read(unit, channel, &raw) != ESP_OK) return 0;
    return (int)(raw / FULL * 1000 + 0.5) / 10.0;
}
