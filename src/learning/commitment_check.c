/* "Did it happen?": which checks are due, stand or have gone by, from the rows and an instant. */
#include "learning/commitment_check.h"
#include "learning/follow_up.h"
#include "learning/sql.h"
#include <string.h>

static const char *const codes[] = {[OUTCOME_DONE] = "done",
                                    [OUTCOME_PARTLY] = "partly",
                                    [OUTCOME_NOT_YET] = "not_yet",
                                    [OUTCOME_NO_LONGER] = "no_longer"};

const char *outcome_code(enum outcome o)
{
    return codes[o];
}

int outcome_read(const char *code, enum outcome *out)
{
    for (int i = 0; i < OUTCOME__COUNT; i++)
        if (strcmp(codes[i], code) == 0) {
            *out = (enum outcome)i;
            return 0;
        }
    return -1;
}

/* ---- reading ---- */

static struct commitment *of_id(struct commitment *list, int count, int64_t id)
{
    for (int i = 0; i < count; i++)
        if (list[i].id == id)
            return &list[i];
    return NULL;
}

/* Room doubles: 0, 8, 16, … */
static void *grow(struct arena *a, const void *from, int count, size_t size)
{
    if (count && (count < 8 || (count & (count - 1))))
        return (void *)(uintptr_t)from;
    void *more = arena_array(a, count ? 2 * (size_t)count : 8, size);
    if (count)
        memcpy(more, from, (size_t)count * size);
    return more;
}

static struct noted *note_of(struct notes *n, struct arena *a, int64_t commitment, int day)
{
    for (int i = 0; i < n->count; i++)
        if (n->list[i].commitment == commitment && n->list[i].day == day)
            return &n->list[i];
    n->list = grow(a, n->list, n->count, sizeof *n->list);
    n->list[n->count] = (struct noted){.commitment = commitment, .day = day};
    return &n->list[n->count++];
}

static void take_row(struct stmt *st, struct arena *a, struct commitment *m, struct notes *out)
{
    const char *kind = db_text(st, 2);
    instant at = db_int(st, 4);
    if (strcmp(kind, "answered") == 0) {
        struct commitment_answer answer = {.at = at};
        outcome_read(db_text(st, 3), &answer.outcome);
        m->answers = grow(a, m->answers, m->answer_count, sizeof *m->answers);
        m->answers[m->answer_count++] = answer;
    } else if (strcmp(kind, "offered") == 0) {
        note_of(out, a, m->id, (int)db_int(st, 1))->offered_at = at;
        return; /* being asked is no sign of life */
    } else {
        note_of(out, a, m->id, (int)db_int(st, 1))->put_off_at = at;
    }
    out->sign_at = at > out->sign_at ? at : out->sign_at;
}

int checks_read(struct conn *c, int64_t owner, struct arena *a, struct commitment *list, int count,
                struct notes *out, struct error *e)
{
    *out = (struct notes){0};
    for (int i = 0; i < count; i++)
        out->sign_at = list[i].made_at > out->sign_at ? list[i].made_at : out->sign_at;
    struct stmt *st = db_query(c, &sql_commitment_checks_of, e, "i", owner);
    if (!st)
        return -1;
    int step;
    while ((step = db_step(st, e)) == 1) {
        struct commitment *m = of_id(list, count, db_int(st, 0));
        if (m)
            take_row(st, a, m, out);
    }
    db_done(st);
    return step;
}

/* ---- judging ---- */

static instant day_of(const struct commitment *m, int day)
{
    return m->made_at + day * INSTANT_DAY;
}

static const struct commitment_answer *last_answer(const struct commitment *m)
{
    return m->answer_count ? &m->answers[m->answer_count - 1] : NULL;
}

static const struct noted *noted(const struct notes *notes, int64_t commitment, int day)
{
    for (int i = 0; i < notes->count; i++)
        if (notes->list[i].commitment == commitment && notes->list[i].day == day)
            return &notes->list[i];
    return NULL;
}

static bool is_put_off(const struct noted *n)
{
    return n->put_off_at && n->put_off_at >= n->offered_at;
}

/* When a check that was offered and left alone has gone by. */
static instant gone_by_at(const struct commitment *m, const struct noted *n)
{
    instant end = n->offered_at + COMMITMENT_STANDS;
    for (int i = 0; i < m->publication->commitment_count; i++) {
        int day = m->publication->commitment_days[i];
        if (day > n->day && day_of(m, day) < end)
            end = day_of(m, day);
    }
    return end;
}

void checks_judge(struct commitment *m, const struct notes *notes, instant at)
{
    const struct commitment_answer *last = last_answer(m);
    bool over = last && last->outcome == OUTCOME_NO_LONGER;
    for (int i = 0; !over && i < m->publication->commitment_count; i++) {
        int day = m->publication->commitment_days[i];
        instant due = day_of(m, day);
        if (due > at && (!m->next_at || due < m->next_at))
            m->next_at = due;
        if (due <= at && due > m->due_at && (!last || last->at < due)) {
            m->due_day = day;
            m->due_at = due;
        }
    }
    if (!m->due_day)
        return;
    const struct noted *n = noted(notes, m->id, m->due_day);
    bool put_off = n && is_put_off(n);
    bool back = put_off && at >= n->put_off_at + COMMITMENT_PAUSE;
    m->offered = n && n->offered_at && !put_off;
    m->stands = !n || back || (m->offered && at < gone_by_at(m, n));
    if (put_off && !back && (!m->next_at || n->put_off_at + COMMITMENT_PAUSE < m->next_at))
        m->next_at = n->put_off_at + COMMITMENT_PAUSE;
}

bool checks_quiet(const struct commitment *list, int count, const struct notes *notes,
                  instant since, instant at)
{
    int gone_by = 0;
    for (int i = 0; i < notes->count; i++) {
        const struct noted *n = &notes->list[i];
        for (int k = 0; k < count && n->offered_at > since; k++)
            if (list[k].id == n->commitment && !is_put_off(n) && at >= gone_by_at(&list[k], n))
                gone_by++;
    }
    return gone_by >= COMMITMENT_QUIET;
}
