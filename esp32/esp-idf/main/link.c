/*
 * The connection to the hub: opened, and opened again after a growing pause. Called by device.c.
 *
 * The client's own reconnecting is off: after a close frame of the server it would stay away for ever, and it knows no growing
 * pauses. Its handler only passes on what happened, through a queue: a handler that waits for another task of ours, which waits
 * for the client, would hang both.
 */
#include "link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assembly.h"
#include "clock.h"
#include "esp_log.h"
#include "esp_random.h"
#include "esp_websocket_client.h"
#include "freertos/FreeRTOS.h"
#include "freertos/queue.h"
#include "sdkconfig.h"
#include "token.h"
#include "wifi.h"

#define FIRST_PAUSE_MS 1000
#define MAX_PAUSE_MS 30000
#define REFUSED_PAUSE_MS 60000 /* a person has to mend that */
#define NETWORK_LIMIT_MS 8000
#define PING_S 10
#define SILENCE_S 30
#define QUEUE_LENGTH 16
#define QUEUE_LIMIT_MS 2000 /* not for ever: who empties the queue may itself wait for the client, to send */
#define MAX_HEADER 300
#define OP_CLOSE 8

static const char *TAG = "hub";
static esp_websocket_client_handle_t client;
static QueueHandle_t events;
static assembly message;
static int down_code;
static uint32_t pause_ms = FIRST_PAUSE_MS;
static int64_t retry_at_ms;

static void tell(link_kind kind, char *text)
{
    link_event event = {.kind = kind, .text = text, .code = down_code};
    /* A full queue holds the hub back for a while; an end must be heard whatever happens. */
    if (xQueueSend(events, &event, kind == LINK_TEXT ? pdMS_TO_TICKS(QUEUE_LIMIT_MS) : portMAX_DELAY) == pdTRUE) return;
    ESP_LOGW(TAG, "a message is lost, since more come than can be worked off");
    free(text);
}

static void on_data(const esp_websocket_event_data_t *data)
{
    if (data->op_code == OP_CLOSE && data->data_len >= 2) {
        down_code = (uint8_t)data->data_ptr[0] << 8 | (uint8_t)data->data_ptr[1];
    }
    char *text = assembly_add(&message, data->op_code, data->fin, data->data_ptr, data->data_len, data->payload_offset,
                              data->payload_len);
    if (text != NULL) tell(LINK_TEXT, text);
}

/* Runs in the client's task. */
static void on_event(void *context, esp_event_base_t base, int32_t id, void *event_data)
{
    const esp_websocket_event_data_t *data = event_data;
    (void)context;
    (void)base;
    switch (id) {
    case WEBSOCKET_EVENT_CONNECTED:
        assembly_reset(&message);
        tell(LINK_UP, NULL);
        break;
    case WEBSOCKET_EVENT_DATA:
        on_data(data);
        break;
    case WEBSOCKET_EVENT_ERROR:
        if (data->error_handle.esp_ws_handshake_status_code >= 400) {
            down_code = data->error_handle.esp_ws_handshake_status_code;
        }
        break;
    case WEBSOCKET_EVENT_DISCONNECTED:
    case WEBSOCKET_EVENT_CLOSED:
        tell(LINK_DOWN, NULL);
        break;
    default:
        break;
    }
}

static void open_link(void)
{
    char uri[200], authorization[MAX_HEADER] = "";
    const char *hub = CONFIG_PHAROS_HUB, *token = token_get();
    size_t length = strlen(hub);
    if (length > 0 && hub[length - 1] == '/') length--;
    snprintf(uri, sizeof uri, "%.*s/bridge/%s", (int)length, hub, CONFIG_PHAROS_ID);
    if (token[0] != '\0') snprintf(authorization, sizeof authorization, "Authorization: Bearer %s\r\n", token);
    esp_websocket_client_config_t config = {
        .uri = uri,
        .headers = authorization[0] == '\0' ? NULL : authorization,
        .disable_auto_reconnect = true,
        .network_timeout_ms = NETWORK_LIMIT_MS,
        .ping_interval_sec = PING_S,
        .pingpong_timeout_sec = SILENCE_S,
    };
    down_code = 0;
    ESP_LOGI(TAG, "connecting to %s", uri);
    client = esp_websocket_client_init(&config);
    if (client == NULL) return;
    esp_websocket_register_events(client, WEBSOCKET_EVENT_ANY, on_event, NULL);
    if (esp_websocket_client_start(client) != ESP_OK) tell(LINK_DOWN, NULL);
}

/* Ends the connection whatever is left of it, and sets the next try. */
static void close_link(int code)
{
    link_event late;
    esp_websocket_client_destroy(client);
    client = NULL;
    while (xQueueReceive(events, &late, 0) == pdTRUE) free(late.text);
    if (code == 401 || code == 403 || code == 409 || code == 4401 || code == 4409) pause_ms = REFUSED_PAUSE_MS;
    /* Chance in every pause, so that a class does not return as one. */
    uint32_t wait_ms = pause_ms / 2 + esp_random() % (pause_ms / 2);
    pause_ms = pause_ms * 2 > MAX_PAUSE_MS ? MAX_PAUSE_MS : pause_ms * 2;
    retry_at_ms = clock_ms() + wait_ms;
    ESP_LOGI(TAG, "the connection ended (%d); next try in %u ms", code, (unsigned)wait_ms);
}

void link_start(void)
{
    events = xQueueCreate(QUEUE_LENGTH, sizeof(link_event));
}

bool link_poll(link_event *event, uint32_t wait_ms)
{
    if (client == NULL && wifi_is_up() && clock_ms() >= retry_at_ms) open_link();
    if (xQueueReceive(events, event, pdMS_TO_TICKS(wait_ms)) != pdTRUE) return false;
    if (event->kind == LINK_DOWN) close_link(event->code);
    return true;
}

bool link_send(const char *text)
{
    if (client == NULL || !esp_websocket_client_is_connected(client)) return false;
    return esp_websocket_client_send_text(client, text, (int)strlen(text), pdMS_TO_TICKS(NETWORK_LIMIT_MS)) >= 0;
}

void link_welcomed(void)
{
    ESP_LOGI(TAG, "connected");
    pause_ms = FIRST_PAUSE_MS;
}
