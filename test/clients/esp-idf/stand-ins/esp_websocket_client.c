/*
 * The WebSocket client of ESP-IDF on a computer: its request (no Origin, its own User-Agent), its buffer of 1,024 bytes, which
 * hands a longer frame on in pieces, its empty pings, and that it stays away after a close frame. Here always without its own
 * reconnecting, which the Pharos client turns off.
 */
#include "esp_websocket_client.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../../stand-ins/posix_websocket.h"

#define BUFFER_SIZE 1024
#define HEAD_LIMIT 1024
enum { OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };

struct esp_websocket_client {
    char host[100], path[200], headers[400];
    int port, fd;
    size_t ping_s;
    volatile bool run, is_connected;
    bool has_started;
    pthread_t task;
    pthread_mutex_t lock;
    esp_event_handler_t handler;
    void *context;
};

static void tell(esp_websocket_client_handle_t client, int32_t id, esp_websocket_event_data_t data)
{
    client->handler(client->context, "WEBSOCKET_EVENTS", id, &data);
}

static bool send_frame(esp_websocket_client_handle_t client, int op_code, const void *data, size_t length)
{
    uint8_t mask[4] = {(uint8_t)rand(), (uint8_t)rand(), (uint8_t)rand(), (uint8_t)rand()};
    pthread_mutex_lock(&client->lock);
    bool sent = posix_send_frame(client->fd, op_code, true, data, length, mask);
    pthread_mutex_unlock(&client->lock);
    return sent;
}

/* Gives the HTTP status, or 0. */
static int connect_to_hub(esp_websocket_client_handle_t client)
{
    char request[1024], head[HEAD_LIMIT], key[25];
    client->fd = posix_connect(client->host, client->port);
    if (client->fd < 0) return 0;
    posix_key(key);
    snprintf(request, sizeof request,
             "GET %s HTTP/1.1\r\nConnection: Upgrade\r\nHost: %s:%d\r\nUser-Agent: ESP32 Websocket Client\r\nUpgrade: websocket\r\n"
             "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n%s\r\n",
             client->path, client->host, client->port, key, client->headers);
    return posix_shake_hands(client->fd, request, head, sizeof head);
}

/* One frame, in pieces of the buffer. False when the connection is to end. */
static bool receive(esp_websocket_client_handle_t client, bool *was_closed)
{
    char buffer[BUFFER_SIZE];
    posix_frame frame;
    size_t offset = 0;
    if (!posix_read_head(client->fd, &frame)) return false;
    do {
        size_t piece = frame.length - offset < BUFFER_SIZE ? frame.length - offset : BUFFER_SIZE;
        if (!posix_read(client->fd, buffer, piece)) return false;
        tell(client, WEBSOCKET_EVENT_DATA,
             (esp_websocket_event_data_t){.data_ptr = buffer, .data_len = (int)piece, .fin = frame.fin, .op_code = (uint8_t)frame.op_code,
                                          .payload_len = (int)frame.length, .payload_offset = (int)offset});
        offset += piece;
    } while (offset < frame.length);
    if (frame.op_code == OP_PING) send_frame(client, OP_PONG, buffer, frame.length);
    *was_closed = frame.op_code == OP_CLOSE;
    if (*was_closed) send_frame(client, OP_CLOSE, NULL, 0);
    return !*was_closed;
}

static void serve(esp_websocket_client_handle_t client)
{
    time_t pinged = time(NULL);
    bool was_closed = false;
    client->is_connected = true;
    tell(client, WEBSOCKET_EVENT_CONNECTED, (esp_websocket_event_data_t){0});
    while (client->run) {
        int ready = posix_wait(client->fd, 100);
        if (ready < 0 || (ready > 0 && !receive(client, &was_closed))) break;
        if (time(NULL) - pinged >= (time_t)client->ping_s) {
            send_frame(client, OP_PING, NULL, 0);
            pinged = time(NULL);
        }
    }
    client->is_connected = false;
    tell(client, was_closed ? WEBSOCKET_EVENT_CLOSED : WEBSOCKET_EVENT_DISCONNECTED, (esp_websocket_event_data_t){0});
}

static void *run(void *given)
{
    esp_websocket_client_handle_t client = given;
    tell(client, WEBSOCKET_EVENT_BEGIN, (esp_websocket_event_data_t){0});
    tell(client, WEBSOCKET_EVENT_BEFORE_CONNECT, (esp_websocket_event_data_t){0});
    int status = connect_to_hub(client);
    if (status == 101) serve(client);
    else {
        tell(client, WEBSOCKET_EVENT_ERROR, (esp_websocket_event_data_t){.error_handle = {status}});
        tell(client, WEBSOCKET_EVENT_DISCONNECTED, (esp_websocket_event_data_t){0});
    }
    tell(client, WEBSOCKET_EVENT_FINISH, (esp_websocket_event_data_t){0});
    if (client->fd >= 0) close(client->fd);
    return NULL;
}

esp_websocket_client_handle_t esp_websocket_client_init(const esp_websocket_client_config_t *config)
{
    esp_websocket_client_handle_t client = calloc(1, sizeof *client);
    if (!config->disable_auto_reconnect ||
        sscanf(config->uri, "ws://%99[^:/]:%d%199s", client->host, &client->port, client->path) != 3) {
        free(client);
        return NULL;
    }
    if (config->headers != NULL) snprintf(client->headers, sizeof client->headers, "%s", config->headers);
    client->fd = -1;
    client->ping_s = config->ping_interval_sec;
    pthread_mutex_init(&client->lock, NULL);
    return client;
}

esp_err_t esp_websocket_register_events(esp_websocket_client_handle_t client, esp_websocket_event_id_t event,
                                        esp_event_handler_t handler, void *context)
{
    client->handler = handler;
    client->context = context;
    return event == WEBSOCKET_EVENT_ANY ? ESP_OK : ESP_FAIL;
}

esp_err_t esp_websocket_client_start(esp_websocket_client_handle_t client)
{
    client->run = true;
    client->has_started = true;
    return pthread_create(&client->task, NULL, run, client) == 0 ? ESP_OK : ESP_FAIL;
}

/* Cannot be called from the handler: it waits for the task. */
esp_err_t esp_websocket_client_destroy(esp_websocket_client_handle_t client)
{
    client->run = false;
    if (client->has_started) {
        if (pthread_equal(pthread_self(), client->task)) abort();
        pthread_join(client->task, NULL);
    }
    free(client);
    return ESP_OK;
}

bool esp_websocket_client_is_connected(esp_websocket_client_handle_t client)
{
    return client->is_connected;
}

int esp_websocket_client_send_text(esp_websocket_client_handle_t client, const char *data, int length, TickType_t ticks)
{
    (void)ticks;
    if (!client->is_connected) return -1;
    return send_frame(client, 1, data, (size_t)length) ? length : -1;
}
