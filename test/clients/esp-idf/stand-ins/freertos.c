#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "freertos/queue.h"
#include "freertos/semphr.h"
#include "freertos/task.h"

struct task {
    void (*run)(void *);
    void *context;
};
struct semaphore {
    pthread_mutex_t mutex;
};
struct queue {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    char *items;
    size_t length, size, first, count;
};

static void *run_task(void *given)
{
    struct task *task = given;
    task->run(task->context);
    abort(); /* a task of FreeRTOS must not return */
}

BaseType_t xTaskCreate(void (*run)(void *), const char *name, uint32_t stack, void *context, UBaseType_t priority, TaskHandle_t *handle)
{
    (void)name, (void)stack, (void)priority;
    struct task *task = malloc(sizeof *task);
    pthread_t thread;
    *task = (struct task){run, context};
    if (handle != NULL) *handle = task;
    pthread_create(&thread, NULL, run_task, task);
    pthread_detach(thread);
    return pdPASS;
}

void vTaskDelay(TickType_t ticks)
{
    usleep(ticks * 1000);
}

SemaphoreHandle_t xSemaphoreCreateMutex(void)
{
    SemaphoreHandle_t lock = malloc(sizeof *lock);
    pthread_mutex_init(&lock->mutex, NULL);
    return lock;
}

BaseType_t xSemaphoreTake(SemaphoreHandle_t lock, TickType_t ticks)
{
    (void)ticks;
    pthread_mutex_lock(&lock->mutex);
    return pdTRUE;
}

BaseType_t xSemaphoreGive(SemaphoreHandle_t lock)
{
    pthread_mutex_unlock(&lock->mutex);
    return pdTRUE;
}

QueueHandle_t xQueueCreate(UBaseType_t length, UBaseType_t size)
{
    QueueHandle_t queue = calloc(1, sizeof *queue);
    pthread_mutex_init(&queue->mutex, NULL);
    pthread_cond_init(&queue->changed, NULL);
    queue->items = calloc(length, size);
    queue->length = length;
    queue->size = size;
    return queue;
}

/* Waits with the queue's lock held. */
static int wait_until(QueueHandle_t queue, const struct timespec *end, TickType_t ticks)
{
    if (ticks == 0) return ETIMEDOUT;
    if (ticks == portMAX_DELAY) return pthread_cond_wait(&queue->changed, &queue->mutex);
    return pthread_cond_timedwait(&queue->changed, &queue->mutex, end);
}

static struct timespec after(TickType_t ticks)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += ticks / 1000;
    end.tv_nsec += (long)(ticks % 1000) * 1000000;
    if (end.tv_nsec >= 1000000000) {
        end.tv_nsec -= 1000000000;
        end.tv_sec++;
    }
    return end;
}

BaseType_t xQueueSend(QueueHandle_t queue, const void *item, TickType_t ticks)
{
    struct timespec end = after(ticks);
    BaseType_t sent = pdTRUE;
    pthread_mutex_lock(&queue->mutex);
    while (sent && queue->count == queue->length) sent = wait_until(queue, &end, ticks) == ETIMEDOUT ? pdFALSE : pdTRUE;
    if (sent) {
        memcpy(queue->items + (queue->first + queue->count) % queue->length * queue->size, item, queue->size);
        queue->count++;
        pthread_cond_broadcast(&queue->changed);
    }
    pthread_mutex_unlock(&queue->mutex);
    return sent;
}

BaseType_t xQueueReceive(QueueHandle_t queue, void *item, TickType_t ticks)
{
    struct timespec end = after(ticks);
    BaseType_t received = pdTRUE;
    pthread_mutex_lock(&queue->mutex);
    while (received && queue->count == 0) received = wait_until(queue, &end, ticks) == ETIMEDOUT ? pdFALSE : pdTRUE;
    if (received) {
        memcpy(item, queue->items + queue->first * queue->size, queue->size);
        queue->first = (queue->first + 1) % queue->length;
        queue->count--;
        pthread_cond_broadcast(&queue->changed);
    }
    pthread_mutex_unlock(&queue->mutex);
    return received;
}
