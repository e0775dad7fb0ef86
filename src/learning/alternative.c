/* Each statement that lists gives the same columns, read by take_row. */
#include "learning/alternative.h"
#include "base/text.h"
#include "learning/ledger.h"
#include "learning/people.h"
#include "learning/sql.h"
#include <string.h>

static const char *const keys[ALTERNATIVE__COUNT] = {
    [ALTERNATIVE_OPEN] = "open",           [ALTERNATIVE_EXCUSED] = "excused",
    [ALTERNATIVE_ANOTHER] = "another",     [ALTERNATIVE_DECLINED] = "declined",
    [ALTERNATIVE_WITHDRAWN] = "withdrawn",
};

const char *alternative_outcome_key(enum alternative_outcome o)
{
    return keys[o];
}

static enum alternative_outcome outcome_of(const char *key)
{
    for (int i = 0; i < ALTERNATIVE__COUNT; i++)
        if (text_equal(keys[i], key))
            return (enum alternative_outcome)i;
    return ALTERNATIVE_OPEN;
}

bool alternative_outcome_read(const char *key, enum alternative_outcome *out)
{
    *out = outcome_of(key);
    return *out != ALTERNATIVE_OPEN && *out != ALTERNATIVE_WITHDRAWN;
}

/* ---- asking ---- */

/* 1 and the last request of a person for a course, 0, or -1. */
static int last_of(struct conn *c, int64_t person, const char *course, int64_t *id, char uuid[37],
                   bool *open, struct error *e)
{
    struct stmt *st = db_query(c, &sql_alternative_last, e, "it", person, course);
    int step = st ? db_step(st, e) : -1;
    if (step == 1) {
        *id = db_int(st, 0);
        memcpy(uuid, db_text(st, 1), 36);
        uuid[36] = 0;
        *open = db_null(st, 2);
    }
    db_done(st);
    return step;
}

int alternative_ask(struct conn *c, int64_t person, const char *course, const char *words,
                    instant at, char uuid[37], struct error *e)
{
    int64_t id, same = 0;
    bool open = false;
    if (last_of(c, person, course, &id, uuid, &open, e) < 0 ||
        (open && db_query_int(c, &sql_alternative_says, &same, e, "it", id, words) < 0))
        return -1;
    if (same)
        return 0;
    if (open)
        return error_set(e, ERROR_CONFLICT,
                         "You have asked already, and an answer is on its way. Take that request "
                         "back if you want to write another.");
    random_uuid(uuid);
    if (db_exec(c, &sql_alternative_insert, e, "titti", uuid, person, course, words, at) < 0)
        return -1;
    return audit_append(c, person, "alternative.ask", uuid, "", at, e);
}

static int add_answer(struct conn *c, int64_t request, enum alternative_outcome outcome,
                      const char *words, int64_t waiver, int64_t actor, instant at, struct error *e)
{
    int64_t added = waiver ? db_exec(c, &sql_alternative_answer_insert, e, "ittiii", request,
                                     keys[outcome], words, waiver, actor, at)
                           : db_exec(c, &sql_alternative_answer_insert, e, "ittnii", request,
                                     keys[outcome], words, actor, at);
    if (added < 0)
        return -1;
    return db_exec(c, &sql_alternative_answer_stands, e, "ii", request, db_last_id(c)) < 0 ? -1 : 0;
}

int alternative_withdraw(struct conn *c, int64_t person, const char *course, instant at,
                         struct error *e)
{
    int64_t id;
    char uuid[37];
    bool open = false;
    int found = last_of(c, person, course, &id, uuid, &open, e);
    if (found < 0)
        return -1;
    if (!found || !open)
        return error_set(e, ERROR_NOT_FOUND, "No request of yours is waiting here.");
    if (add_answer(c, id, ALTERNATIVE_WITHDRAWN, "", 0, person, at, e))
        return -1;
    return audit_append(c, person, "alternative.withdraw", uuid, "", at, e);
}

/* ---- answering ---- */

struct standing {
    int64_t id, person, answer, waiver;
    char course[129];
};

static int read_standing(struct conn *c, const char *uuid, struct standing *out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_alternative_standing, e, "t", uuid);
    int step = st ? db_step(st, e) : -1;
    if (step == 1) {
        *out = (struct standing){.id = db_int(st, 0),
                                 .person = db_int(st, 1),
                                 .answer = db_int(st, 3),
                                 .waiver = db_int(st, 4)};
        strncpy(out->course, db_text(st, 2), sizeof out->course - 1);
    }
    db_done(st);
    if (step == 0)
        return error_set(e, ERROR_NOT_FOUND, "There is no such request.");
    return step < 0 ? -1 : 0;
}

int alternative_give(struct conn *c, const char *uuid, int64_t seen,
                     const struct alternative_answer *answer, int64_t actor, instant at,
                     struct error *e)
{
    struct standing now;
    int64_t waiver = 0;
    if (read_standing(c, uuid, &now, e))
        return -1;
    if (now.answer != seen)
        return error_set(e, ERROR_CONFLICT,
                         "This request was answered or taken back since you opened it. That "
                         "stands; yours was not sent.");
    if (now.waiver && waiver_end(c, now.waiver, actor, at, e))
        return -1;
    if (answer->outcome == ALTERNATIVE_EXCUSED) {
        if (waiver_add(c, now.person, now.course, uuid, actor, at, answer->until, at, e))
            return -1;
        waiver = db_last_id(c);
    }
    if (add_answer(c, now.id, answer->outcome, answer->words, waiver, actor, at, e))
        return -1;
    return audit_append(c, actor, "alternative.answer", uuid, keys[answer->outcome], at, e);
}

/* ---- reading ---- */

static void take_row(struct stmt *st, struct arena *a, struct alternative *out)
{
    *out = (struct alternative){
        .uuid = arena_strdup(a, db_text(st, 0)),
        .course = arena_strdup(a, db_text(st, 1)),
        .words = arena_strdup(a, db_text(st, 2)),
        .person = db_int(st, 3),
        .at = db_int(st, 4),
        .answer = db_int(st, 5),
        .outcome = outcome_of(db_text(st, 6)),
        .answer_words = arena_strdup(a, db_null(st, 7) ? "" : db_text(st, 7)),
        .answered_at = db_int(st, 8),
        .until = db_int(st, 9),
    };
}

/* Takes up to ALTERNATIVES_PAGE rows; *more (unless NULL): was there one behind them? */
static int take_rows(struct stmt *st, struct arena *a, struct alternative **out, bool *more,
                     struct error *e)
{
    int step = st ? 0 : -1, n = 0;
    bool behind = false;
    *out = arena_array(a, ALTERNATIVES_PAGE, sizeof **out);
    while (st && !behind && (step = db_step(st, e)) == 1) {
        behind = n == ALTERNATIVES_PAGE;
        if (!behind)
            take_row(st, a, &(*out)[n++]);
    }
    db_done(st);
    if (more)
        *more = behind;
    return step < 0 ? -1 : n;
}

int alternative_get(struct conn *c, const char *uuid, struct arena *a, struct alternative *out,
                    struct error *e)
{
    struct alternative *found;
    int n = take_rows(db_query(c, &sql_alternative_by_uuid, e, "t", uuid), a, &found, NULL, e);
    if (n == 0)
        return error_set(e, ERROR_NOT_FOUND, "There is no such request.");
    if (n == 1)
        *out = found[0];
    return n < 0 ? -1 : 0;
}

int alternative_latest(struct conn *c, int64_t person, const char *course, struct arena *a,
                       struct alternative *out, struct error *e)
{
    struct alternative *found;
    int n = take_rows(db_query(c, &sql_alternative_latest, e, "it", person, course), a, &found,
                      NULL, e);
    if (n == 1)
        *out = found[0];
    return n;
}

int alternatives_of(struct conn *c, int64_t person, struct arena *a, struct alternative **out,
                    struct error *e)
{
    return take_rows(db_query(c, &sql_alternatives_of, e, "ii", person, (int64_t)ALTERNATIVES_PAGE),
                     a, out, NULL, e);
}

int alternatives_open(struct conn *c, struct arena *a, struct alternative **out, struct error *e)
{
    return take_rows(db_query(c, &sql_alternatives_open, e, "i", (int64_t)ALTERNATIVES_PAGE), a,
                     out, NULL, e);
}

int64_t alternatives_open_count(struct conn *c, struct error *e)
{
    int64_t n = 0;
    return db_query_int(c, &sql_alternatives_open_count, &n, e, "") < 0 ? -1 : n;
}

int alternatives_answered(struct conn *c, int64_t page, struct arena *a, struct alternative **out,
                          bool *more, struct error *e)
{
    int64_t before = (page - 1) * ALTERNATIVES_PAGE;
    return take_rows(
        db_query(c, &sql_alternatives_answered, e, "ii", (int64_t)ALTERNATIVES_PAGE + 1, before), a,
        out, more, e);
}
