#include "learning/answer_read.h"
#include "learning/sql.h"
#include <stdio.h>

struct reading {
    int64_t person;
    instant until;
    char place[160];
};

int answer_read_until(struct conn *c, int64_t person, const char *place, instant *until,
                      struct error *e)
{
    *until = 0;
    return db_query_int(c, &sql_answer_read_until, until, e, "it", person, place) < 0 ? -1 : 0;
}

static int write_reading(struct conn *c, void *arg, struct error *e)
{
    const struct reading *w = arg;
    return db_exec(c, &sql_answer_read_note, e, "iti", w->person, w->place, w->until) < 0 ? -1 : 0;
}

void answer_read_note(struct learning *l, int64_t person, const char *place, instant until)
{
    struct reading w = {.person = person, .until = until};
    snprintf(w.place, sizeof w.place, "%s", place);
    db_write_later(l->db, write_reading, &w, sizeof w);
}
