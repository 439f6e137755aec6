// Samples that the hub has not acknowledged: a ring of the newest ones. Marks count samples from the start: the first one is 0.
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

// Marks of the oldest one that is left, and of the one that comes next.
unsigned backlogFirst();
unsigned backlogNext();

// The oldest samples before the mark `end`, at most BACKLOG_BATCH.
size_t backlogBatch(BacklogSample *samples, unsigned end);

// The hub has all before the mark.
void backlogForget(unsigned mark);
