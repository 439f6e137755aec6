/* Joins the Wi-Fi, and joins it again. Called by main.c, asked by link.c and device.c. */
#include "wifi.h"

#include <string.h>

#include "esp_event.h"
#include "esp_log.h"
#include "esp_netif.h"
#include "esp_random.h"
#include "esp_timer.h"
#include "esp_wifi.h"
#include "sdkconfig.h"

#define REJOIN_MS 2000

static volatile bool is_up;
static esp_timer_handle_t rejoin;

static void join(void *context)
{
    (void)context;
    ESP_LOGI("wifi", "joining %s", CONFIG_PHAROS_WIFI_SSID);
    esp_wifi_connect();
}

static void on_event(void *context, esp_event_base_t base, int32_t id, void *data)
{
    (void)context;
    (void)data;
    if (base == WIFI_EVENT && id == WIFI_EVENT_STA_START) join(NULL);
    if (base == WIFI_EVENT && id == WIFI_EVENT_STA_DISCONNECTED) {
        is_up = false;
        esp_timer_start_once(rejoin, (uint64_t)(REJOIN_MS + esp_random() % REJOIN_MS) * 1000);
    }
    if (base == IP_EVENT && id == IP_EVENT_STA_GOT_IP) {
        ESP_LOGI("wifi", "joined");
        is_up = true;
    }
}

void wifi_start(void)
{
    wifi_init_config_t radio = WIFI_INIT_CONFIG_DEFAULT();
    wifi_config_t station = {0};
    esp_timer_create_args_t timer = {.callback = join, .name = "rejoin"};
    strncpy((char *)station.sta.ssid, CONFIG_PHAROS_WIFI_SSID, sizeof station.sta.ssid);
    strncpy((char *)station.sta.password, CONFIG_PHAROS_WIFI_PASSWORD, sizeof station.sta.password);
    ESP_ERROR_CHECK(esp_netif_init());
    ESP_ERROR_CHECK(esp_event_loop_create_default());
    esp_netif_create_default_wifi_sta();
    ESP_ERROR_CHECK(esp_timer_create(&timer, &rejoin));
    ESP_ERROR_CHECK(esp_wifi_init(&radio));
    ESP_ERROR_CHECK(esp_event_handler_register(WIFI_EVENT, ESP_EVENT_ANY_ID, on_event, NULL));
    ESP_ERROR_CHECK(esp_event_handler_register(IP_EVENT, IP_EVENT_STA_GOT_IP, on_event, NULL));
    ESP_ERROR_CHECK(esp_wifi_set_mode(WIFI_MODE_STA));
    ESP_ERROR_CHECK(esp_wifi_set_config(WIFI_IF_STA, &station));
    ESP_ERROR_CHECK(esp_wifi_start());
}

bool wifi_is_up(void)
{
    return is_up;
}

bool wifi_rssi(int *dbm)
{
    wifi_ap_record_t point;
    if (esp_wifi_sta_get_ap_info(&point) != ESP_OK) return false;
    *dbm = point.rssi;
    return true;
}
