/*
 * The table in memory: one word for each slot, the enrolment's low half and the minute's, written
 * without a lock. Two enrolments that share a slot push each other out, which costs a write that
 * changes nothing.
 */
#include "learning/activity.h"
#include "base/memory.h"
#include "learning/sql.h"
#include <stdatomic.h>
#include <stdlib.h>

#define SLOTS       4096 /* power of two */
#define ADD_AT_MOST (24 * 60)

struct activity {
    _Atomic uint64_t noted[SLOTS];
};

struct activity *activity_create(void)
{
    return memory_array(1, sizeof(struct activity));
}

void activity_free(struct activity *a)
{
    free(a);
}

/* Was this very minute noted? If not, it is from now on. */
static bool was_noted(struct activity *a, int64_t enrolment, int64_t minute)
{
    uint64_t word = (uint64_t)enrolment << 32 | ((uint64_t)minute & 0xffffffffu);
    _Atomic uint64_t *slot = &a->noted[(uint64_t)enrolment * 0x9e3779b97f4a7c15u >> 52];
    return atomic_exchange_explicit(slot, word, memory_order_relaxed) == word;
}

struct minute {
    int64_t enrolment, minute;
};

static int write_minute(struct conn *c, void *arg, struct error *e)
{
    const struct minute *m = arg;
    return db_exec(c, &sql_active_minute_insert, e, "ii", m->enrolment, m->minute) < 0 ? -1 : 0;
}

void activity_note(const struct learning *l, int64_t enrolment, instant at)
{
    struct minute m = {enrolment, at / INSTANT_MINUTE};
    if (l->activity && was_noted(l->activity, enrolment, m.minute))
        return;
    db_write_later(l->db, write_minute, &m, sizeof m);
}

int activity_add(struct conn *c, int64_t enrolment, instant from, instant to, struct error *e)
{
    struct minute m = {enrolment, from / INSTANT_MINUTE};
    int64_t last = to / INSTANT_MINUTE;
    for (int n = 0; m.minute <= last && n < ADD_AT_MOST; m.minute++, n++)
        if (write_minute(c, &m, e))
            return -1;
    return 0;
}

int64_t activity_minutes(struct conn *c, int64_t person, const char *course, instant now,
                         struct error *e)
{
    int64_t earlier = 0;
    return db_query_int(c, &sql_active_minutes_of, &earlier, e, "iti", person, course,
                        now / INSTANT_MINUTE) < 0
               ? -1
               : earlier + 1;
}
