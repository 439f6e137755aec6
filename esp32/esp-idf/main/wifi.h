#pragma once
#include <stdbool.h>

void wifi_start(void);
bool wifi_is_up(void);

/* Signal strength in dBm; false where it is not known. */
bool wifi_rssi(int *dbm);
