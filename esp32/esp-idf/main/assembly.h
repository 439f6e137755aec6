#pragma once
#include <stdbool.h>
#include <stddef.h>

#define ASSEMBLY_LIMIT 8192 /* bytes of one message; a longer one is dropped */

/* A message that arrives in pieces: frames longer than the client's buffer, and fragments. All zeros to begin with. */
typedef struct {
    char *text;
    size_t length;
    bool is_text;
    bool is_too_long;
} assembly;

/* One piece as WEBSOCKET_EVENT_DATA tells it. Gives the whole text when this was its end, else NULL; the caller frees it. */
char *assembly_add(assembly *message, int op_code, bool fin, const char *data, int data_len, int payload_offset,
                   int payload_len);

/* Forgets what is there: the connection is a new one. */
void assembly_reset(assembly *message);
