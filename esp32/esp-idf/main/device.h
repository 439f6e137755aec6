#pragma once

/* The device as the hub knows it. Never returns; runs in the main task, and nothing else touches its state. */
void device_run(void);
