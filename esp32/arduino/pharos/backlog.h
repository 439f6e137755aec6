// Samples that the hub has not got yet: a ring of the newest ones.
#pragma once
#include <stddef.h>
#include <stdint.h>

const size_t BACKLOG_LIMIT = 240;  // samples, 16 bytes each
const size_t BACKLOG_BATCH = 40;   // keeps a frame under 2 kB

struct BacklogSample {
  int64_t time;
  float value;
};

// Keeps a sample; the oldest one goes when there is no more room.
void backlogAdd(int64_t time, float value);

// The oldest samples, at most BACKLOG_BATCH, and a mark to forget them by.
size_t backlogBatch(BacklogSample *samples, unsigned &mark);

// The hub has all up to the mark.
void backlogForget(unsigned mark);
