/* Samples that the hub has not acknowledged: a ring of the newest ones. Called by device.c. */
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

unsigned backlog_first(void)
{
    return forgotten;
}

unsigned backlog_next(void)
{
    return added;
}

size_t backlog_batch(backlog_sample *samples, unsigned end)
{
    size_t count = 0;
    for (; count < BACKLOG_BATCH && forgotten + count < end; count++) {
        samples[count] = ring[(forgotten + count) % BACKLOG_LIMIT];
    }
    return count;
}

void backlog_forget(unsigned mark)
{
    /* Some of them may have made room for newer ones meanwhile. */
    if ((int)(mark - forgotten) > 0) forgotten = mark;
}
