#pragma once
#include "cJSON.h"

/* Does what `set` and `action` ask. Gives the rest of the acknowledgement, {"data":…} or {"error":…}; the caller deletes it. */
cJSON *orders_obey(const char *event, const cJSON *data);

/* The answer to an event that has no other: {"data":null}. */
cJSON *orders_done(void);
