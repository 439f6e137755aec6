#include "backlog.h"

static BacklogSample ring[BACKLOG_LIMIT];
static unsigned added = 0;      // how many came in so far
static unsigned forgotten = 0;  // how many of them are gone

void backlogAdd(int64_t time, float value) {
  ring[added % BACKLOG_LIMIT] = {time, value};
  added++;
  if (added - forgotten > BACKLOG_LIMIT) forgotten = added - BACKLOG_LIMIT;
}

unsigned backlogFirst() {
  return forgotten;
}

unsigned backlogNext() {
  return added;
}

size_t backlogBatch(BacklogSample *samples, unsigned end) {
  size_t count = 0;
  for (; count < BACKLOG_BATCH && forgotten + count < end; count++) samples[count] = ring[(forgotten + count) % BACKLOG_LIMIT];
  return count;
}

void backlogForget(unsigned mark) {
  // Some of them may have made room for newer ones meanwhile.
  if ((int)(mark - forgotten) > 0) forgotten = mark;
}
