/* Says hello, beats, reports, and answers what it is asked (protocol sections 3 to 5). Called by main.c. */
#include "device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backlog.h"
#include "cJSON.h"
#include "clock.h"
#include "esp_system.h"
#include "lamp.h"
#include "link.h"
#include "orders.h"
#include "sdkconfig.h"
#include "sensor.h"
#include "token.h"
#include "wifi.h"

#define VERSION "1.0"
#define VITALS_EVERY 12 /* beats; the others are a bare SOS */
#define MAX_PRINTED 200
#define MIN_INTERVAL_MS 50
#define LONGEST_WAIT_MS 100
#define CONFIRM_SAMPLES 10 /* so many live ones go out before one of them asks whether they arrived */

static bool is_welcome;
static bool is_sampling = true;
static int64_t interval_ms;
static int64_t next_beat_ms;
static int64_t next_sample_ms;
static unsigned beats;
static int64_t last_time = -1; /* of the newest sample */
static unsigned live_from;     /* mark of the first one since the welcome */
static unsigned awaited_id;    /* of the one frame that waits for its acknowledgement, 0 for none */
static unsigned awaited_mark;  /* all before it is then forgotten */
static unsigned last_id;

static bool send_json(cJSON *frame)
{
    char *text = cJSON_PrintUnformatted(frame);
    bool sent = text != NULL && link_send(text);
    free(text);
    cJSON_Delete(frame);
    return sent;
}

/* Takes `data` over. */
static cJSON *new_event(const char *event, cJSON *data)
{
    cJSON *frame = cJSON_CreateObject();
    cJSON_AddStringToObject(frame, "event", event);
    cJSON_AddItemToObject(frame, "data", data);
    return frame;
}

static void add_percentage(cJSON *properties, const char *name, bool read_only)
{
    cJSON *property = cJSON_AddObjectToObject(properties, name);
    cJSON_AddStringToObject(property, "type", "number");
    cJSON_AddNumberToObject(property, "minimum", 0);
    cJSON_AddNumberToObject(property, "maximum", 100);
    cJSON_AddStringToObject(property, "unit", "percent");
    if (read_only) cJSON_AddTrueToObject(property, "readOnly");
}

/* There is a new connection (protocol 4.1). */
static void greet(void)
{
    cJSON *hello = cJSON_CreateObject();
    cJSON_AddStringToObject(hello, "id", CONFIG_PHAROS_ID);
    cJSON_AddStringToObject(hello, "model", "ESP32 ESP-IDF");
    cJSON_AddStringToObject(hello, "software", "pharos-esp-idf " VERSION);
    cJSON_AddNumberToObject(hello, "heartbeat", CONFIG_PHAROS_HEARTBEAT_MS / 1000.0);
    if (strlen(CONFIG_PHAROS_ROOM) > 0) {
        cJSON_AddItemToArray(cJSON_AddArrayToObject(hello, "rooms"), cJSON_CreateString(CONFIG_PHAROS_ROOM));
    }
    cJSON *properties = cJSON_AddObjectToObject(hello, "properties");
    add_percentage(properties, "brightness", false);
    if (sensor_is_there()) add_percentage(properties, "input", true);
    cJSON *identify = cJSON_AddObjectToObject(cJSON_AddObjectToObject(hello, "actions"), "identify");
    cJSON_AddStringToObject(identify, "title", "Blink");
    cJSON_AddNumberToObject(cJSON_AddObjectToObject(hello, "state"), "brightness", lamp_brightness());
    send_json(new_event("hello", hello));
    is_welcome = false;
    awaited_id = 0;
    beats = 0;
    next_beat_ms = clock_ms();
}

/* A heartbeat with signs of health (protocol 4.2). */
static void send_vitals(void)
{
    cJSON *vitals = cJSON_CreateObject();
    cJSON_AddNumberToObject(vitals, "uptime", (double)(clock_ms() / 1000));
    cJSON_AddNumberToObject(vitals, "memory", (double)esp_get_free_heap_size());
    int rssi;
    if (wifi_rssi(&rssi)) cJSON_AddNumberToObject(vitals, "rssi", rssi);
    send_json(new_event("heartbeat", vitals));
}

static void beat(void)
{
    beats++;
    next_beat_ms = clock_ms() + CONFIG_PHAROS_HEARTBEAT_MS;
    if (beats % VITALS_EVERY == 2) send_vitals();
    else if (link_send("SOS")) lamp_blink(1);
}

static unsigned ask(unsigned mark)
{
    awaited_id = ++last_id;
    awaited_mark = mark;
    return awaited_id;
}

static bool is_confirm_due(void)
{
    unsigned first = backlog_first();
    return awaited_id == 0 && first >= live_from && backlog_next() - first >= CONFIRM_SAMPLES;
}

/* Takes `values` over; without any it says where the counter stands. */
static void send_report(cJSON *values, int64_t time, unsigned id)
{
    cJSON *frame = new_event("report", values);
    cJSON_AddNumberToObject(frame, "time", (double)time);
    if (id != 0) cJSON_AddNumberToObject(frame, "id", id);
    send_json(frame);
}

/* Each sample is kept until the hub has said that it has it (protocol 4.3). */
static void sample(void)
{
    int64_t now = clock_ms();
    double value = sensor_measure();
    next_sample_ms = now + interval_ms;
    /* Never twice the same time: the hub would take the second for the first, sent again. */
    last_time = now > last_time ? now : last_time + 1;
    backlog_add(last_time, value);
    if (!is_welcome) return;
    cJSON *values = cJSON_CreateObject();
    cJSON_AddNumberToObject(values, "input", value);
    send_report(values, last_time, is_confirm_due() ? ask(backlog_next()) : 0);
}

static void send_batch(void)
{
    backlog_sample samples[BACKLOG_BATCH];
    size_t count = backlog_batch(samples, live_from);
    if (count == 0) return;
    cJSON *batch = cJSON_CreateArray();
    for (size_t i = 0; i < count; i++) {
        cJSON *pair = cJSON_CreateArray();
        cJSON *values = cJSON_CreateObject();
        cJSON_AddItemToArray(pair, cJSON_CreateNumber((double)samples[i].time));
        cJSON_AddNumberToObject(values, "input", samples[i].value);
        cJSON_AddItemToArray(pair, values);
        cJSON_AddItemToArray(batch, pair);
    }
    cJSON *frame = new_event("reports", batch);
    cJSON_AddNumberToObject(frame, "id", ask(backlog_first() + (unsigned)count));
    send_json(frame);
}

static void welcome(const cJSON *data)
{
    is_welcome = true;
    link_welcomed();
    const cJSON *token = cJSON_GetObjectItemCaseSensitive(data, "token");
    if (cJSON_IsString(token)) token_keep(token->valuestring);
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(data, "acquiring"))) is_sampling = true;
    live_from = backlog_next();
    awaited_id = 0;
    /* A fresh time first: by it the hub understands the older ones (protocol 1.2). */
    if (sensor_is_there() && is_sampling) sample();
    else if (backlog_first() < live_from) send_report(cJSON_CreateObject(), clock_ms(), 0);
    send_batch();
}

static void acquire(const cJSON *data)
{
    const cJSON *interval = cJSON_GetObjectItemCaseSensitive(data, "intervalMs");
    is_sampling = !cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(data, "running"));
    if (cJSON_IsNumber(interval)) {
        interval_ms = interval->valuedouble < MIN_INTERVAL_MS ? MIN_INTERVAL_MS : (int64_t)interval->valueint;
    }
    next_sample_ms = clock_ms();
}

/* Those before the mark have arrived, or will never be taken: the next ones. */
static void acknowledged(const cJSON *frame)
{
    const cJSON *ack = cJSON_GetObjectItemCaseSensitive(frame, "ack");
    if (awaited_id == 0 || !cJSON_IsNumber(ack) || ack->valuedouble != awaited_id) return;
    if (cJSON_HasObjectItem(frame, "error")) printf("The hub refused reports\n");
    awaited_id = 0;
    backlog_forget(awaited_mark);
    send_batch();
}

/* Does it, and gives the rest of the acknowledgement. */
static cJSON *handle(const char *event, const cJSON *data)
{
    if (strcmp(event, "welcome") == 0) welcome(data);
    else if (strcmp(event, "acquire") == 0) acquire(data);
    else if (strcmp(event, "bye") == 0 || strcmp(event, "error") == 0 || strcmp(event, "pending") == 0 ||
             strcmp(event, "message") == 0) {
        char *text = cJSON_PrintUnformatted(data);
        printf("%s: %.*s\n", event, MAX_PRINTED, text == NULL ? "" : text);
        free(text);
    } else return orders_obey(event, data);
    return orders_done();
}

/* Text that is no event is talk of the room: shown on the console, and nothing comes of it. */
static void receive(const char *text)
{
    cJSON *frame = text[0] == '{' ? cJSON_Parse(text) : NULL;
    const cJSON *event = cJSON_GetObjectItemCaseSensitive(frame, "event");
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(frame, "id");
    if (cJSON_IsString(event)) {
        cJSON *answer = handle(event->valuestring, cJSON_GetObjectItemCaseSensitive(frame, "data"));
        if (cJSON_IsNumber(id) || cJSON_IsString(id)) {
            cJSON_AddItemToObject(answer, "ack", cJSON_Duplicate(id, false));
            send_json(answer);
        } else cJSON_Delete(answer);
    } else if (cJSON_HasObjectItem(frame, "ack")) acknowledged(frame);
    else printf("< %.*s\n", MAX_PRINTED, text);
    cJSON_Delete(frame);
}

void device_run(void)
{
    interval_ms = CONFIG_PHAROS_REPORT_MS;
    for (;;) {
        link_event event;
        if (link_poll(&event, LONGEST_WAIT_MS < interval_ms ? LONGEST_WAIT_MS : interval_ms / 2)) {
            if (event.kind == LINK_UP) greet();
            else if (event.kind == LINK_TEXT) receive(event.text);
            else is_welcome = false;
            free(event.text);
        }
        if (is_welcome && clock_ms() >= next_beat_ms) beat();
        if (sensor_is_there() && is_sampling && clock_ms() >= next_sample_ms) sample();
    }
}
