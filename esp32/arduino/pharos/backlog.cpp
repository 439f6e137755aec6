#include "backlog.h"

static BacklogSample ring[BACKLOG_LIMIT];
static unsigned added = 0;      // how many came in so far
static unsigned forgotten = 0;  // how many of them are gone

void backlogAdd(int64_t time, float value) {
  ring[added % BACKLOG_LIMIT] = {time, value};
  added++;
  if (added - forgotten > BACKLOG_LIMIT) forgotten = added - BACKLOG_LIMIT;
}

size_t backlogBatch(BacklogSample *samples, unsigned &mark) {
  size_t count = added - forgotten < BACKLOG_BATCH ? added - forgotten : BACKLOG_BATCH;
  for (size_t i = 0; i < count; i++) samples[i] = ring[(forgotten + i) % BACKLOG_LIMIT];
  mark = forgotten + count;
  return count;
}

void backlogForget(unsigned mark) {
  // Some of them may have made room for newer ones meanwhile.
  if ((int)(mark - forgotten) > 0) forgotten = mark;
}
