/* What the hub asks of the device: `set` and `action`, answered at once (protocol 5.1, 5.2). Called by device.c. */
#include "orders.h"

#include <string.h>

#include "lamp.h"

#define MAX_TRANSITION_MS 600000
#define IDENTIFY_BLINKS 10

static cJSON *refuse(const char *code, const char *message)
{
    cJSON *answer = cJSON_CreateObject();
    cJSON *error = cJSON_AddObjectToObject(answer, "error");
    cJSON_AddStringToObject(error, "code", code);
    cJSON_AddStringToObject(error, "message", message);
    return answer;
}

static int is_within(const cJSON *value, double limit)
{
    return cJSON_IsNumber(value) && value->valuedouble >= 0 && value->valuedouble <= limit;
}

/* All values of one `set` are taken, or none is. */
static cJSON *set(const cJSON *values)
{
    const cJSON *value, *brightness = NULL, *transition = NULL;
    cJSON_ArrayForEach(value, values) {
        if (strcmp(value->string, "brightness") == 0) brightness = value;
        else if (strcmp(value->string, "transition") == 0) transition = value;
        else return refuse("NO_PROPERTY", "This device has brightness.");
    }
    if (brightness != NULL && !is_within(brightness, 100)) {
        return refuse("INVALID_VALUE", "brightness must be a number from 0 to 100");
    }
    if (transition != NULL && !is_within(transition, MAX_TRANSITION_MS)) {
        return refuse("INVALID_VALUE", "transition must be 0 to 600000 ms");
    }
    cJSON *answer = cJSON_CreateObject();
    cJSON *accepted = cJSON_AddObjectToObject(answer, "data");
    if (brightness != NULL) {
        cJSON_AddNumberToObject(accepted, "brightness", brightness->valuedouble);
        lamp_apply(brightness->valuedouble, transition == NULL ? 0 : (unsigned)transition->valuedouble);
    }
    return answer;
}

cJSON *orders_done(void)
{
    cJSON *answer = cJSON_CreateObject();
    cJSON_AddNullToObject(answer, "data");
    return answer;
}

cJSON *orders_obey(const char *event, const cJSON *data)
{
    if (strcmp(event, "set") == 0 && cJSON_IsObject(data)) return set(data);
    if (strcmp(event, "action") != 0 || !cJSON_IsObject(data)) {
        return refuse("UNKNOWN_EVENT", "This device takes set and action.");
    }
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(data, "name");
    if (!cJSON_IsString(name) || strcmp(name->valuestring, "identify") != 0) {
        return refuse("NO_ACTION", "This device can identify.");
    }
    lamp_blink(IDENTIFY_BLINKS);
    return orders_done();
}
