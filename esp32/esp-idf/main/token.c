/* Keeps the token that the hub gave over a restart. Called by device.c and link.c. */
#include "token.h"

#include <stddef.h>

#include "nvs.h"
#include "sdkconfig.h"

#define MAX_TOKEN 256
#define SPACE "pharos"
#define KEY "token"

const char *token_get(void)
{
    static char kept[MAX_TOKEN];
    size_t length = sizeof kept;
    nvs_handle_t space;
    const char *configured = CONFIG_PHAROS_TOKEN;
    if (configured[0] != '\0') return configured;
    kept[0] = '\0';
    if (nvs_open(SPACE, NVS_READONLY, &space) != ESP_OK) return kept;
    if (nvs_get_str(space, KEY, kept, &length) != ESP_OK) kept[0] = '\0';
    nvs_close(space);
    return kept;
}

void token_keep(const char *token)
{
    nvs_handle_t space;
    if (nvs_open(SPACE, NVS_READWRITE, &space) != ESP_OK) return;
    if (nvs_set_str(space, KEY, token) == ESP_OK) nvs_commit(space);
    nvs_close(space);
}
