/* The board around the client: prints what the LED shows, measures one percent more each time, joins the Wi-Fi at once. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "driver/ledc.h"
#include "esp_adc/adc_oneshot.h"
#include "esp_netif.h"
#include "esp_random.h"
#include "esp_system.h"
#include "esp_timer.h"
#include "esp_wifi.h"
#include "nvs.h"
#include "nvs_flash.h"

void app_main(void);

esp_event_base_t const WIFI_EVENT = "WIFI_EVENT", IP_EVENT = "IP_EVENT";
static esp_event_handler_t handlers[2];
static uint32_t duty;

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    app_main();
    for (;;) pause();
}

esp_err_t ledc_timer_config(const ledc_timer_config_t *config)
{
    return config->duty_resolution == LEDC_TIMER_13_BIT && config->freq_hz > 0 ? ESP_OK : ESP_FAIL;
}

esp_err_t ledc_channel_config(const ledc_channel_config_t *config)
{
    return config->gpio_num == 2 ? ESP_OK : ESP_FAIL;
}

esp_err_t ledc_set_duty(ledc_mode_t mode, ledc_channel_t channel, uint32_t wanted)
{
    (void)mode, (void)channel;
    duty = wanted;
    return wanted <= 8192 ? ESP_OK : ESP_FAIL;
}

esp_err_t ledc_update_duty(ledc_mode_t mode, ledc_channel_t channel)
{
    (void)mode, (void)channel;
    printf("LED %u\n", duty);
    return ESP_OK;
}

esp_err_t adc_oneshot_io_to_channel(int pin, adc_unit_t *unit, adc_channel_t *channel)
{
    *unit = ADC_UNIT_1;
    *channel = ADC_CHANNEL_6;
    return pin == 34 ? ESP_OK : ESP_FAIL;
}

esp_err_t adc_oneshot_new_unit(const adc_oneshot_unit_init_cfg_t *config, adc_oneshot_unit_handle_t *unit)
{
    *unit = NULL;
    return config->unit_id == ADC_UNIT_1 ? ESP_OK : ESP_FAIL;
}

esp_err_t adc_oneshot_config_channel(adc_oneshot_unit_handle_t unit, adc_channel_t channel, const adc_oneshot_chan_cfg_t *config)
{
    (void)unit, (void)config;
    return channel == ADC_CHANNEL_6 ? ESP_OK : ESP_FAIL;
}

esp_err_t adc_oneshot_read(adc_oneshot_unit_handle_t unit, adc_channel_t channel, int *raw)
{
    static int reads;
    (void)unit, (void)channel;
    reads++;
    *raw = reads % 101 * 4095 / 100;
    return ESP_OK;
}

esp_err_t esp_netif_init(void)
{
    return ESP_OK;
}

esp_netif_t *esp_netif_create_default_wifi_sta(void)
{
    return NULL;
}

esp_err_t esp_event_loop_create_default(void)
{
    return ESP_OK;
}

esp_err_t esp_event_handler_register(esp_event_base_t base, int32_t id, esp_event_handler_t handler, void *context)
{
    (void)id, (void)context;
    handlers[base == IP_EVENT] = handler;
    return ESP_OK;
}

esp_err_t esp_wifi_init(const wifi_init_config_t *config)
{
    return config->magic == 1 ? ESP_OK : ESP_FAIL;
}

esp_err_t esp_wifi_set_mode(wifi_mode_t mode)
{
    return mode == WIFI_MODE_STA ? ESP_OK : ESP_FAIL;
}

esp_err_t esp_wifi_set_config(wifi_interface_t interface, wifi_config_t *config)
{
    return interface == WIFI_IF_STA && strcmp((char *)config->sta.ssid, "Lab") == 0 ? ESP_OK : ESP_FAIL;
}

esp_err_t esp_wifi_start(void)
{
    handlers[0](NULL, WIFI_EVENT, WIFI_EVENT_STA_START, NULL);
    return ESP_OK;
}

esp_err_t esp_wifi_connect(void)
{
    static int attempts;
    attempts++;
    if (attempts == 1) handlers[0](NULL, WIFI_EVENT, WIFI_EVENT_STA_DISCONNECTED, NULL);
    else handlers[1](NULL, IP_EVENT, IP_EVENT_STA_GOT_IP, NULL);
    return ESP_OK;
}

esp_err_t esp_wifi_sta_get_ap_info(wifi_ap_record_t *point)
{
    point->rssi = -60;
    return ESP_OK;
}

struct esp_timer {
    void (*callback)(void *);
    void *context;
    uint64_t microseconds;
};

static void *run_timer(void *given)
{
    struct esp_timer *timer = given;
    usleep((useconds_t)timer->microseconds);
    timer->callback(timer->context);
    return NULL;
}

esp_err_t esp_timer_create(const esp_timer_create_args_t *args, esp_timer_handle_t *timer)
{
    *timer = malloc(sizeof **timer);
    **timer = (struct esp_timer){args->callback, args->arg, 0};
    return ESP_OK;
}

/* A hundred times faster than asked: a test does not wait for a real radio. */
esp_err_t esp_timer_start_once(esp_timer_handle_t timer, uint64_t microseconds)
{
    pthread_t thread;
    timer->microseconds = microseconds / 100;
    pthread_create(&thread, NULL, run_timer, timer);
    pthread_detach(thread);
    return ESP_OK;
}

int64_t esp_timer_get_time(void)
{
    static struct timespec start;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (start.tv_sec == 0) start = now;
    return (int64_t)(now.tv_sec - start.tv_sec) * 1000000 + (now.tv_nsec - start.tv_nsec) / 1000;
}

uint32_t esp_random(void)
{
    static unsigned seed;
    if (seed == 0) seed = (unsigned)getpid();
    return (uint32_t)rand_r(&seed);
}

uint32_t esp_get_free_heap_size(void)
{
    return 200000;
}

/* The flash is a file in the working folder. */
esp_err_t nvs_flash_init(void)
{
    return ESP_OK;
}

esp_err_t nvs_flash_erase(void)
{
    return ESP_OK;
}

esp_err_t nvs_open(const char *name, nvs_open_mode_t mode, nvs_handle_t *handle)
{
    (void)name;
    *handle = 1;
    return mode == NVS_READWRITE || access("nvs-token", R_OK) == 0 ? ESP_OK : ESP_FAIL;
}

esp_err_t nvs_get_str(nvs_handle_t handle, const char *key, char *value, size_t *length)
{
    FILE *file = fopen("nvs-token", "r");
    (void)handle, (void)key;
    if (file == NULL) return ESP_FAIL;
    value[fread(value, 1, *length - 1, file)] = '\0';
    fclose(file);
    return ESP_OK;
}

esp_err_t nvs_set_str(nvs_handle_t handle, const char *key, const char *value)
{
    FILE *file = fopen("nvs-token", "w");
    (void)handle, (void)key;
    if (file == NULL) return ESP_FAIL;
    fputs(value, file);
    fclose(file);
    return ESP_OK;
}

esp_err_t nvs_commit(nvs_handle_t handle)
{
    (void)handle;
    return ESP_OK;
}

void nvs_close(nvs_handle_t handle)
{
    (void)handle;
}
