#pragma once
#include <stddef.h>
#include <stdint.h>

#define BACKLOG_LIMIT 240 /* samples, 16 bytes each */
#define BACKLOG_BATCH 40  /* keeps a frame under 2 kB */

typedef struct {
    int64_t time;
    double value;
} backlog_sample;

/* Keeps a sample that the hub has not got; the oldest one goes when there is no more room. */
void backlog_add(int64_t time, double value);

/* The oldest samples, at most BACKLOG_BATCH, and a mark to forget them by. */
size_t backlog_batch(backlog_sample *samples, unsigned *mark);

/* The hub has all up to the mark. */
void backlog_forget(unsigned mark);
