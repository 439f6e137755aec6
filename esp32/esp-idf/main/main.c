/* The Pharos client for an ESP32 with ESP-IDF: joins the Wi-Fi, connects to the hub, and does what it is told. */
#include "device.h"
#include "esp_err.h"
#include "lamp.h"
#include "link.h"
#include "nvs_flash.h"
#include "sensor.h"
#include "wifi.h"

void app_main(void)
{
    esp_err_t kept = nvs_flash_init();
    if (kept == ESP_ERR_NVS_NO_FREE_PAGES || kept == ESP_ERR_NVS_NEW_VERSION_FOUND) {
        ESP_ERROR_CHECK(nvs_flash_erase());
        kept = nvs_flash_init();
    }
    ESP_ERROR_CHECK(kept);
    lamp_start();
    sensor_start();
    wifi_start();
    link_start();
    device_run();
}
