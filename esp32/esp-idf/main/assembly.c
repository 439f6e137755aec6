/* Pieces of WebSocket messages -> whole texts, by payload_offset, payload_len and fin. Called by link.c. */
#include "assembly.h"

#include <stdlib.h>
#include <string.h>

#define OP_CONTINUATION 0
#define OP_TEXT 1
#define OP_BINARY 2

void assembly_reset(assembly *message)
{
    free(message->text);
    *message = (assembly){0};
}

static void append(assembly *message, const char *data, size_t length)
{
    if (message->is_too_long || message->length + length > ASSEMBLY_LIMIT) {
        message->is_too_long = true;
        return;
    }
    char *longer = realloc(message->text, message->length + length + 1);
    if (longer == NULL) {
        message->is_too_long = true;
        return;
    }
    if (length > 0) memcpy(longer + message->length, data, length);
    message->text = longer;
    message->length += length;
    longer[message->length] = '\0';
}

char *assembly_add(assembly *message, int op_code, bool fin, const char *data, int data_len, int payload_offset,
                   int payload_len)
{
    if (op_code > OP_BINARY || data_len < 0) return NULL; /* ping, pong, close: may stand between fragments */
    if (op_code != OP_CONTINUATION && payload_offset == 0) {
        assembly_reset(message);
        message->is_text = op_code == OP_TEXT;
    }
    if (message->is_text) append(message, data, (size_t)data_len);
    if (!fin || payload_offset + data_len < payload_len) return NULL;
    char *text = message->is_text && !message->is_too_long ? message->text : NULL;
    if (text != NULL) message->text = NULL;
    assembly_reset(message);
    return text;
}
