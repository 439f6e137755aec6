// PHAROS_ID: an ESP32 with ESP-IDF 5 as a device of Pharos: the one source file of a project that has the components
// espressif/esp_websocket_client and espressif/cjson.
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "cJSON.h"
#include "driver/ledc.h"
#include "esp_event.h"
#include "esp_netif.h"
#include "esp_random.h"
#include "esp_timer.h"
#include "esp_websocket_client.h"
#include "esp_wifi.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"
#include "nvs_flash.h"

#define LED_PIN 2
static const char HELLO[] =
    "{\"event\":\"hello\",\"data\":{\"model\":\"ESP32\",\"heartbeat\":5,\"properties\":{"
    "\"brightness\":{\"type\":\"number\",\"minimum\":0,\"maximum\":100,\"unit\":\"percent\"},"
    "\"uptime\":{\"type\":\"number\",\"unit\":\"second\",\"readOnly\":true}},\"state\":{\"brightness\":%g}}}";
static esp_websocket_client_handle_t hub;
static double brightness = 0;

static void say(const char *text) {
  esp_websocket_client_send_text(hub, text, strlen(text), pdMS_TO_TICKS(1000));
}

static void show(double percent) {  // to the eye, 50 is half as bright as 100
  ledc_set_duty(LEDC_LOW_SPEED_MODE, LEDC_CHANNEL_0, (uint32_t)(8191 * pow(percent / 100, 2.2)));
  ledc_update_duty(LEDC_LOW_SPEED_MODE, LEDC_CHANNEL_0);
}

static void take(const char *text, size_t length) {
  cJSON *frame = cJSON_ParseWithLength(text, length);
  cJSON *id = cJSON_GetObjectItem(frame, "id");
  const char *event = cJSON_GetStringValue(cJSON_GetObjectItem(frame, "event"));
  cJSON *wish = cJSON_GetObjectItem(cJSON_GetObjectItem(frame, "data"), "brightness");
  if (id != NULL && event != NULL) {
    cJSON *reply = cJSON_CreateObject();
    cJSON_AddItemToObject(reply, "ack", cJSON_Duplicate(id, true));
    if (strcmp(event, "set") == 0 && cJSON_IsNumber(wish)) {
      show(brightness = wish->valuedouble);
      cJSON_AddNumberToObject(cJSON_AddObjectToObject(reply, "data"), "brightness", brightness);
    } else if (strcmp(event, "action") == 0) {  // identify is the only one that the hub asks for
      for (int i = 0; i < 10; i++, vTaskDelay(pdMS_TO_TICKS(100))) show(i % 2 * 100);
      show(brightness);
      cJSON_AddNullToObject(reply, "data");
    } else {
      cJSON *error = cJSON_AddObjectToObject(reply, "error");
      cJSON_AddStringToObject(error, "code", "UNKNOWN_EVENT");
      cJSON_AddStringToObject(error, "message", "This device takes set and identify.");
    }
    char *answer = cJSON_PrintUnformatted(reply);
    say(answer);
    cJSON_free(answer);
    cJSON_Delete(reply);
  }
  cJSON_Delete(frame);
}

static void on_hub(void *arg, esp_event_base_t base, int32_t id, void *data) {
  esp_websocket_event_data_t *event = data;
  if (id == WEBSOCKET_EVENT_CONNECTED) {
    char hello[sizeof HELLO + 32];
    snprintf(hello, sizeof hello, HELLO, brightness);
    say(hello);
  } else if (id == WEBSOCKET_EVENT_DATA && event->op_code == 1 && event->data_len == event->payload_len) {
    take(event->data_ptr, event->data_len);  // whole texts only: what the hub sends here is short
  }
}

static void on_wifi(void *arg, esp_event_base_t base, int32_t id, void *data) {
  if (base == IP_EVENT) puts("Wi-Fi: joined");
  else if (id == WIFI_EVENT_STA_START || id == WIFI_EVENT_STA_DISCONNECTED) esp_wifi_connect();
}

static void join_wifi(void) {
  wifi_init_config_t radio = WIFI_INIT_CONFIG_DEFAULT();
  wifi_config_t station = {.sta = {.ssid = "PHAROS_SSID", .password = "PHAROS_PASSWORD"}};
  if (nvs_flash_init() != ESP_OK) ESP_ERROR_CHECK(nvs_flash_erase() == ESP_OK ? nvs_flash_init() : ESP_FAIL);
  ESP_ERROR_CHECK(esp_netif_init());
  ESP_ERROR_CHECK(esp_event_loop_create_default());
  esp_netif_create_default_wifi_sta();
  ESP_ERROR_CHECK(esp_wifi_init(&radio));
  ESP_ERROR_CHECK(esp_event_handler_register(WIFI_EVENT, ESP_EVENT_ANY_ID, on_wifi, NULL));
  ESP_ERROR_CHECK(esp_event_handler_register(IP_EVENT, IP_EVENT_STA_GOT_IP, on_wifi, NULL));
  ESP_ERROR_CHECK(esp_wifi_set_mode(WIFI_MODE_STA));
  ESP_ERROR_CHECK(esp_wifi_set_config(WIFI_IF_STA, &station));
  ESP_ERROR_CHECK(esp_wifi_start());
}

static void beat(void) {
  char report[128];
  long long ms = esp_timer_get_time() / 1000;
  snprintf(report, sizeof report, "{\"event\":\"report\",\"data\":{\"uptime\":%lld},\"time\":%lld}", ms / 1000, ms);
  say("SOS");
  say(report);
}

void app_main(void) {
  ledc_timer_config_t timer = {.duty_resolution = LEDC_TIMER_13_BIT, .freq_hz = 5000};
  ledc_channel_config_t pin = {.gpio_num = LED_PIN, .channel = LEDC_CHANNEL_0};
  timer.speed_mode = pin.speed_mode = LEDC_LOW_SPEED_MODE;
  ESP_ERROR_CHECK(ledc_timer_config(&timer));
  ESP_ERROR_CHECK(ledc_channel_config(&pin));
  join_wifi();
  // Of itself the client stays away for ever after a close frame.
  esp_websocket_client_config_t config = {.uri = "PHAROS_SOCKETPHAROS_PATH", .disable_auto_reconnect = true};
  for (;; vTaskDelay(pdMS_TO_TICKS(1000 + esp_random() % 4000))) {
    hub = esp_websocket_client_init(&config);
    esp_websocket_register_events(hub, WEBSOCKET_EVENT_ANY, on_hub, NULL);
    esp_websocket_client_start(hub);
    for (int i = 0; i < 50 && !esp_websocket_client_is_connected(hub); i++) vTaskDelay(pdMS_TO_TICKS(100));
    for (; esp_websocket_client_is_connected(hub); vTaskDelay(pdMS_TO_TICKS(5000))) beat();
    puts("Hub: not there");
    esp_websocket_client_destroy(hub);
  }
}
