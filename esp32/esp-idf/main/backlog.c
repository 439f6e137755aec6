/* Samples that the hub has not got yet: a ring of the newest ones. Called by device.c. */
#include "backlog.h"

static backlog_sample ring[BACKLOG_LIMIT];
static unsigned added;     /* how many came in so far */
static unsigned forgotten; /* how many of them are gone */

void backlog_add(int64_t time, double value)
{
    ring[added % BACKLOG_LIMIT] = (backlog_sample){.time = time, .value = value};
    added++;
    if (added - forgotten > BACKLOG_LIMIT) forgotten = added - BACKLOG_LIMIT;
}

size_t backlog_batch(backlog_sample *samples, unsigned *mark)
{
    size_t count = added - forgotten < BACKLOG_BATCH ? added - forgotten : BACKLOG_BATCH;
    for (size_t i = 0; i < count; i++) samples[i] = ring[(forgotten + i) % BACKLOG_LIMIT];
    *mark = forgotten + (unsigned)count;
    return count;
}

void backlog_forget(unsigned mark)
{
    /* Some of them may have made room for newer ones meanwhile. */
    if ((int)(mark - forgotten) > 0) forgotten = mark;
}
