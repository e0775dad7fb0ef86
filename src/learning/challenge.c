/* Each statement that lists gives the same columns, read by take_row. */
#include "learning/challenge.h"
#include "learning/draw.h"
#include "learning/ledger.h"
#include "learning/sql.h"
#include <stdio.h>
#include <string.h>

/* ---- what may be challenged ---- */

/* The publication of the latest handed-in check that held the item: 1, 0 none, -1. */
static int handed_in_with(struct conn *c, const struct enrolment *en, const char *item,
                          int64_t *publication, struct error *e)
{
    struct stmt *st =
        db_query(c, &sql_challenge_handed_in, e, "it", en->person, en->publication->course);
    int step = st ? 0 : -1;
    bool found = false;
    while (st && !found && (step = db_step(st, e)) == 1) {
        found = draw_has(db_text(st, 0), item);
        *publication = db_int(st, 1);
    }
    db_done(st);
    return step < 0 ? -1 : found;
}

static int no_such_part(struct error *e)
{
    return error_set(e, ERROR_NOT_FOUND, "There is no such lesson or question in this course.");
}

static int find_item(struct conn *c, struct learning *l, const struct enrolment *en, const char *id,
                     struct challenge_part *out, struct error *e)
{
    int index;
    out->item = publication_item(out->publication, id, &index);
    if (out->item && out->item->use == ITEM_FOR_LESSON)
        return 0;
    int64_t publication = 0;
    int found = handed_in_with(c, en, id, &publication, e);
    if (found == 0)
        found = db_query_int(c, &sql_challenge_came_back, &publication, e, "it", en->person, id);
    if (found < 0)
        return -1;
    if (!found)
        return no_such_part(e);
    out->publication = shelf_get(l->shelf, publication, e);
    out->item = out->publication ? publication_item(out->publication, id, &index) : NULL;
    return out->item ? 0 : out->publication ? no_such_part(e) : -1;
}

int challenge_find_part(struct conn *c, struct learning *l, const struct enrolment *en,
                        const char *lesson, const char *item, struct challenge_part *out,
                        struct error *e)
{
    int index;
    *out = (struct challenge_part){.publication = en->publication};
    if (item)
        return find_item(c, l, en, item, out, e);
    out->lesson = lesson ? publication_lesson(en->publication, lesson, &index) : NULL;
    return out->lesson ? 0 : no_such_part(e);
}

/* ---- saying it ---- */

/* The beginning of the local day: all that an anonymous row tells of its time. */
static instant day_of(const struct zone *zone, instant at)
{
    char date[11];
    instant start = 0;
    zone_date(zone, at, date);
    return zone_day_start(zone, date, &start) ? start : at - at % INSTANT_DAY;
}

/* 1 when the very same waits for an answer already (a button pressed twice), 0, or -1. */
static int is_there(struct conn *c, const struct challenge_part *part, int64_t person,
                    const char *wrong, const char *source, char uuid[37], struct error *e)
{
    struct stmt *st =
        db_query(c, &sql_challenge_same, e, "tttitt", part->publication->course,
                 part->item ? "item" : "lesson", part->item ? part->item->id : part->lesson->id,
                 person, wrong, source);
    int step = st ? db_step(st, e) : -1;
    if (step == 1)
        snprintf(uuid, 37, "%s", db_text(st, 0));
    db_done(st);
    return step;
}

int challenge_add(struct conn *c, const struct challenge_part *part, int64_t person,
                  const char *wrong, const char *source, const struct zone *zone, instant at,
                  char uuid[37], struct error *e)
{
    const char *kind = part->item ? "item" : "lesson";
    const char *id = part->item ? part->item->id : part->lesson->id;
    const char *hash = part->item ? part->item->hash : part->lesson->hash;
    int there = is_there(c, part, person, wrong, source, uuid, e);
    if (there)
        return there < 0 ? -1 : 0;
    random_uuid(uuid);
    if (!person)
        return db_exec(c, &sql_challenge_insert, e, "ttitttntti", uuid, part->publication->course,
                       part->publication->id, kind, id, hash, wrong, source, day_of(zone, at)) < 0
                   ? -1
                   : 0;
    if (db_exec(c, &sql_challenge_insert, e, "ttitttitti", uuid, part->publication->course,
                part->publication->id, kind, id, hash, person, wrong, source, at) < 0)
        return -1;
    return audit_append(c, person, "challenge.add", uuid, "", at, e);
}

/* 1 when one was made anonymous, 0 when none was left, -1. */
static int forget_one(struct conn *c, int64_t person, const struct zone *zone, struct error *e)
{
    char uuid[37];
    instant at = 0;
    struct stmt *st = db_query(c, &sql_challenge_one_of, e, "i", person);
    int step = st ? db_step(st, e) : -1;
    if (step == 1) {
        snprintf(uuid, sizeof uuid, "%s", db_text(st, 0));
        at = db_int(st, 1);
    }
    db_done(st);
    if (step == 1 &&
        db_exec(c, &sql_challenge_forget_sender, e, "ti", (const char *)uuid, day_of(zone, at)) < 0)
        return -1;
    return step;
}

int64_t challenges_forget_sender(struct conn *c, int64_t person, const struct zone *zone,
                                 int64_t max, struct error *e)
{
    int64_t count = 0;
    int step = 1;
    while (count < max && (step = forget_one(c, person, zone, e)) == 1)
        count++;
    return step < 0 ? -1 : count;
}

/* ---- answering ---- */

static int check_answer(const struct challenge_answer *a, struct error *e)
{
    if (!a->accepted)
        return 0;
    if (!*a->said)
        return error_field(e, "said", "What it said: please fill this in, as it will be public");
    if (!*a->says)
        return error_field(e, "says",
                           "What it says now: please fill this in, as it will be public");
    return *a->corrected_on ? 0
                            : error_field(e, "corrected_on",
                                          "Corrected on: please give the day it was corrected");
}

int challenge_answer(struct conn *c, const char *uuid, int64_t seen,
                     const struct challenge_answer *answer, int64_t actor, instant at,
                     struct error *e)
{
    int64_t standing = 0;
    int found = db_query_int(c, &sql_challenge_standing, &standing, e, "t", uuid);
    if (found < 0)
        return -1;
    if (!found)
        return error_set(e, ERROR_NOT_FOUND, "There is no such question.");
    if (standing != seen)
        return error_set(e, ERROR_CONFLICT,
                         "Somebody has answered this since you opened it. Their answer is kept; "
                         "yours was not sent.");
    if (check_answer(answer, e))
        return -1;
    bool yes = answer->accepted;
    if (db_exec(c, &sql_challenge_answer_insert, e, "tittttii", uuid, (int64_t)yes, answer->words,
                yes ? answer->said : "", yes ? answer->says : "", yes ? answer->corrected_on : "",
                actor, at) < 0 ||
        db_exec(c, &sql_challenge_answer_stands, e, "ti", uuid, db_last_id(c)) < 0)
        return -1;
    return audit_append(c, actor, "challenge.answer", uuid, yes ? "accepted" : "declined", at, e);
}

/* ---- lists ---- */

static int take_row(struct stmt *st, struct learning *l, struct arena *a, struct challenge *out,
                    struct error *e)
{
    int index;
    const struct publication *p = shelf_get(l->shelf, db_int(st, 1), e);
    if (!p)
        return -1;
    bool item = strcmp(db_text(st, 2), "item") == 0;
    const char *id = db_text(st, 3);
    *out = (struct challenge){
        .uuid = arena_strdup(a, db_text(st, 0)),
        .part = {.publication = p,
                 .lesson = item ? NULL : publication_lesson(p, id, &index),
                 .item = item ? publication_item(p, id, &index) : NULL},
        .person = db_int(st, 4),
        .wrong = arena_strdup(a, db_text(st, 5)),
        .source = arena_strdup(a, db_text(st, 6)),
        .at = db_int(st, 7),
    };
    if (!out->part.lesson && !out->part.item)
        return error_set(e, ERROR_INTERNAL, "challenge %s names no part of its publication",
                         out->uuid);
    if (!db_null(st, 8))
        out->answer = (struct challenge_answer){
            .id = db_int(st, 8),
            .accepted = db_int(st, 9) != 0,
            .words = arena_strdup(a, db_text(st, 10)),
            .said = arena_strdup(a, db_text(st, 11)),
            .says = arena_strdup(a, db_text(st, 12)),
            .corrected_on = arena_strdup(a, db_text(st, 13)),
            .at = db_int(st, 14),
        };
    return 0;
}

/* Takes up to CHALLENGES_PAGE rows; *more (unless NULL): was there one behind them? */
static int take_rows(struct stmt *st, struct learning *l, struct arena *a, struct challenge **out,
                     bool *more, struct error *e)
{
    int step = st ? 0 : -1, n = 0;
    bool behind = false;
    *out = arena_array(a, CHALLENGES_PAGE, sizeof **out);
    while (st && (step = db_step(st, e)) == 1) {
        behind = n == CHALLENGES_PAGE;
        if (behind)
            break;
        if (take_row(st, l, a, &(*out)[n++], e)) {
            step = -1;
            break;
        }
    }
    db_done(st);
    if (more)
        *more = behind;
    return step < 0 ? -1 : n;
}

#define ONE_MORE ((int64_t)CHALLENGES_PAGE + 1)

static int64_t before_page(int64_t page)
{
    return (page - 1) * CHALLENGES_PAGE;
}

int challenge_get(struct conn *c, struct learning *l, const char *uuid, struct arena *a,
                  struct challenge *out, struct error *e)
{
    struct challenge *found;
    int n = take_rows(db_query(c, &sql_challenge_by_uuid, e, "t", uuid), l, a, &found, NULL, e);
    if (n == 0)
        return error_set(e, ERROR_NOT_FOUND, "There is no such question.");
    if (n == 1)
        *out = found[0];
    return n < 0 ? -1 : 0;
}

int challenges_open(struct conn *c, struct learning *l, struct arena *a, struct challenge **out,
                    struct error *e)
{
    return take_rows(db_query(c, &sql_challenges_open, e, "i", (int64_t)CHALLENGES_PAGE), l, a, out,
                     NULL, e);
}

int64_t challenges_open_count(struct conn *c, struct error *e)
{
    int64_t n = 0;
    return db_query_int(c, &sql_challenges_open_count, &n, e, "") < 0 ? -1 : n;
}

int challenges_answered(struct conn *c, struct learning *l, int64_t page, struct arena *a,
                        struct challenge **out, bool *more, struct error *e)
{
    return take_rows(db_query(c, &sql_challenges_answered, e, "ii", ONE_MORE, before_page(page)), l,
                     a, out, more, e);
}

int challenges_of(struct conn *c, struct learning *l, int64_t person, struct arena *a,
                  struct challenge **out, struct error *e)
{
    return take_rows(db_query(c, &sql_challenges_of, e, "ii", person, (int64_t)CHALLENGES_PAGE), l,
                     a, out, NULL, e);
}

int corrections_of(struct conn *c, struct learning *l, const char *course, int64_t page,
                   struct arena *a, struct challenge **out, bool *more, struct error *e)
{
    return take_rows(
        db_query(c, &sql_corrections_of, e, "tii", course, ONE_MORE, before_page(page)), l, a, out,
        more, e);
}
