#pragma once

/* The token for the hub: the configured one, else the one that the hub gave, else "". */
const char *token_get(void);

/* The hub has approved this device (protocol 7.9). */
void token_keep(const char *token);
