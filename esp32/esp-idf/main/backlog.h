#pragma once
#include <stddef.h>
#include <stdint.h>

#define BACKLOG_LIMIT 240 /* samples, 16 bytes each */
#define BACKLOG_BATCH 40  /* keeps a frame under 2 kB */

typedef struct {
    int64_t time;
    double value;
} backlog_sample;

/* Marks count samples from the start: the first one is 0. */

/* Keeps a sample; the oldest one goes when there is no more room. */
void backlog_add(int64_t time, double value);

/* Marks of the oldest one that is left, and of the one that comes next. */
unsigned backlog_first(void);
unsigned backlog_next(void);

/* The oldest samples before the mark `end`, at most BACKLOG_BATCH. */
size_t backlog_batch(backlog_sample *samples, unsigned end);

/* The hub has all before the mark. */
void backlog_forget(unsigned mark);
