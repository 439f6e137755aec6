#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef enum { LINK_UP, LINK_TEXT, LINK_DOWN } link_kind;

typedef struct {
    link_kind kind;
    char *text; /* of LINK_TEXT, whole; the receiver frees it */
    int code;   /* of LINK_DOWN: the hub's close code or the HTTP status of its refusal, else 0 */
} link_event;

void link_start(void);

/* Waits for what happens on the connection, opens it and opens it again. All of these are called from one task only. */
bool link_poll(link_event *event, uint32_t wait_ms);

/* Whether the text was handed to the network. */
bool link_send(const char *text);

/* The hub has taken us: the next pause is a short one again. */
void link_welcomed(void);
