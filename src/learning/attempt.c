/* Starting an attempt; answering and loading an attempt or a pre-test; handing in is in submit.c.
 */
#include "learning/attempt.h"
#include "base/text.h"
#include "learning/answer_memory.h"
#include "learning/attempt_sheet.h"
#include "learning/draw.h"
#include "learning/sql.h"
#include <stdio.h>
#include <string.h>

static int open_attempt(struct conn *c, int64_t enrolment, char uuid[37], struct error *e)
{
    struct stmt *st = db_query(c, &sql_attempt_open, e, "i", enrolment);
    if (!st)
        return -1;
    int step = db_step(st, e);
    if (step == 1)
        snprintf(uuid, 37, "%s", db_text(st, 0));
    db_done(st);
    return step;
}

/* The form of the pre-test, whose items come first; "" when there was none. NULL with e. */
static const char *pretest_form(struct conn *c, int64_t enrolment, struct arena *a, struct error *e)
{
    struct stmt *st = db_query(c, &sql_pretest_form, e, "i", enrolment);
    int step = st ? db_step(st, e) : -1;
    const char *form = step == 1 ? arena_strdup(a, db_text(st, 0)) : "";
    db_done(st);
    return step < 0 ? NULL : form;
}

int attempt_start(struct conn *c, struct learning *l, const struct enrolment *en, instant at,
                  struct rng *rng, char uuid[37], struct error *e)
{
    (void)l;
    int open = open_attempt(c, en->id, uuid, e);
    if (open != 0)
        return open < 0 ? -1 : 0;
    int64_t earlier = 0;
    if (db_query_int(c, &sql_attempt_count, &earlier, e, "i", en->id) < 0)
        return -1;
    struct arena *a = arena_create();
    int items;
    const char *before = pretest_form(c, en->id, a, e);
    const char *form =
        before ? draw_form(en->publication, en->shuffle_seed, before, rng, a, &items) : NULL;
    rng_uuid_at(rng, at / 1000, uuid); /* begun together, found together: one page of the index */
    int64_t added = !form ? -1
                          : db_exec(c, &sql_attempt_insert, e, "tiiiitii", uuid, en->id, en->person,
                                    en->publication->id, earlier + 1, form, (int64_t)items, at);
    arena_free(a);
    return added < 0 ? -1 : 0;
}

static int not_found(struct error *e)
{
    return error_set(e, ERROR_NOT_FOUND, "There are no such questions of yours.");
}

const struct sheet sheet_of_checks = {
    .by_uuid = &sql_attempt_by_uuid,
    .for_answer = &sql_attempt_for_answer,
    .steps = &sql_steps,
    .step_insert = &sql_step_insert,
};

const struct sheet sheet_of_pretests = {
    .pre = true,
    .by_uuid = &sql_pretest_by_uuid,
    .for_answer = &sql_pretest_for_answer,
    .steps = &sql_pretest_steps,
    .step_insert = &sql_pretest_step_insert,
};

/* What both kinds' `steps` gives, in the order of the operation ids; the last two: only what
 * attempt_evidence gives. */
enum step_column {
    STEP_OP_ID,
    STEP_ID,
    STEP_PLACE,
    STEP_ANSWER,
    STEP_AT,
    STEP_MARK,
    STEP_ITEM,
    STEP_ITEM_HASH
};

static void keep_step(struct stmt *st, struct arena *a, struct attempt_steps *steps)
{
    if (steps->count == steps->room) {
        size_t room = steps->room ? 2 * steps->room : 32;
        struct attempt_step *more = arena_array(a, room, sizeof *more);
        if (steps->count)
            memcpy(more, steps->list, sizeof *more * steps->count);
        steps->list = more;
        steps->room = room;
    }
    steps->list[steps->count++] =
        (struct attempt_step){.id = db_int(st, STEP_ID),
                              .op_id = arena_strdup(a, db_text(st, STEP_OP_ID)),
                              .item = arena_strdup(a, db_text(st, STEP_ITEM)),
                              .item_hash = arena_strdup(a, db_text(st, STEP_ITEM_HASH)),
                              .answer = arena_strdup(a, db_text(st, STEP_ANSWER)),
                              .mark = db_int(st, STEP_MARK),
                              .at = db_int(st, STEP_AT)};
}

int attempt_read_steps(struct conn *c, int64_t attempt, struct arena *a, struct attempt_steps *out,
                       struct error *e)
{
    struct stmt *st = db_query(c, &sql_attempt_evidence, e, "i", attempt);
    int step = st ? 1 : -1;
    while (step == 1 && (step = db_step(st, e)) == 1)
        keep_step(st, a, out);
    db_done(st);
    return step;
}

/* The answer that stands for an item is its latest step. `steps` may be NULL. */
static int put_standing(struct conn *c, const struct sheet *s, struct attempt *t, struct arena *a,
                        struct attempt_steps *steps, struct error *e)
{
    int64_t latest[ATTEMPT_MAX_ITEMS];
    struct stmt *st = db_query(c, steps ? &sql_attempt_evidence : s->steps, e, "i", t->id);
    int step = st ? 1 : -1;
    for (int i = 0; i < t->item_count; i++)
        latest[i] = INT64_MIN;
    while (step == 1 && (step = db_step(st, e)) == 1) {
        int64_t i = db_int(st, STEP_PLACE) - 1;
        if (steps)
            keep_step(st, a, steps);
        if (i < 0 || i >= t->item_count || db_int(st, STEP_ID) < latest[i])
            continue;
        latest[i] = db_int(st, STEP_ID);
        t->items[i].answer = arena_strdup(a, db_text(st, STEP_ANSWER));
        t->items[i].answered_at = db_int(st, STEP_AT);
        t->items[i].mark = (int)db_int(st, STEP_MARK);
    }
    db_done(st);
    return step;
}

static int fill(struct conn *c, const struct sheet *s, const char *form, struct arena *a,
                struct attempt *t, struct attempt_steps *steps, struct error *e)
{
    t->items = arena_array(a, (size_t)draw_count(form), sizeof *t->items);
    if (draw_read(t->enrolment.publication, form, t->items, &t->item_count, e) ||
        put_standing(c, s, t, a, steps, e))
        return -1;
    for (int i = 0; i < t->item_count; i++) {
        struct attempt_item *it = &t->items[i];
        it->whole = it->answer && item_answer_whole(it->item, it->answer);
        t->answered += it->whole;
    }
    return 0;
}

int sheet_fill(struct conn *c, const struct sheet *s, const char *form, struct arena *a,
               struct attempt *t, struct error *e)
{
    return fill(c, s, form, a, t, NULL, e);
}

int attempt_last_answer(struct conn *c, int64_t attempt, instant *at, struct error *e)
{
    int64_t latest = 0;
    if (db_query_int(c, &sql_step_latest, &latest, e, "i", attempt) < 0)
        return -1;
    if (latest > *at)
        *at = latest;
    return 0;
}

/* 1 loaded, 0 not of this kind, -1 with e. */
static int load(struct conn *c, struct learning *l, const struct sheet *s, const char *uuid,
                int64_t person, struct arena *a, struct attempt *out, struct attempt_steps *steps,
                struct error *e)
{
    struct stmt *st = db_query(c, s->by_uuid, e, "ti", uuid, person);
    if (!st)
        return -1;
    int step = db_step(st, e);
    int64_t publication = 0;
    const char *form = "";
    if (step == 1) {
        *out = (struct attempt){.id = db_int(st, 0),
                                .person = db_int(st, 1),
                                .uuid = arena_strdup(a, uuid),
                                .number = (int)db_int(st, 2),
                                .started_at = db_int(st, 4),
                                .submitted_at = db_int(st, 5),
                                .right_count = (int)db_int(st, 6),
                                .passed = db_int(st, 7) != 0,
                                .pre = s->pre,
                                .closed = !db_null(st, 5) || db_int(st, 10) != 0};
        out->enrolment = (struct enrolment){.id = db_int(st, 8), .person = out->person};
        publication = db_int(st, 9);
        form = arena_strdup(a, db_text(st, 3));
    }
    db_done(st);
    if (step <= 0)
        return step;
    out->enrolment.publication = shelf_get(l->shelf, publication, e);
    if (!out->enrolment.publication)
        return -1;
    out->pass_marks = out->enrolment.publication->pass_marks;
    out->first = out->number == 1;
    if (steps)
        *steps = (struct attempt_steps){.form = form};
    return fill(c, s, form, a, out, steps, e) ? -1 : 1;
}

int attempt_load_steps(struct conn *c, struct learning *l, const char *uuid, int64_t person,
                       struct arena *a, struct attempt *out, struct attempt_steps *steps,
                       struct error *e)
{
    return load(c, l, &sheet_of_checks, uuid, person, a, out, steps, e);
}

int attempt_load(struct conn *c, struct learning *l, const char *uuid, int64_t person,
                 struct arena *a, struct attempt *out, struct error *e)
{
    int found = load(c, l, &sheet_of_checks, uuid, person, a, out, NULL, e);
    if (found == 0)
        found = load(c, l, &sheet_of_pretests, uuid, person, a, out, NULL, e);
    return found == 1 ? 0 : found == 0 ? not_found(e) : -1;
}

static bool operation_id_good(const char *s)
{
    size_t n = strlen(s);
    return n >= 8 && n <= 64 &&
           strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == n;
}

struct answering {
    const struct sheet *sheet;
    int64_t attempt;
    struct attempt_item asked;
    bool closed;
    struct open_check *check; /* what is remembered of it, or will be; or NULL */
    bool known;               /* it was remembered: all its steps are there */
};

static int closed(const struct answering *x, struct error *e)
{
    return error_set(e, ERROR_CONFLICT,
                     x->sheet->pre
                         ? "These questions belong before the course and are closed now. They come "
                           "back in your learning check."
                         : "This learning check was handed in already, so its answers stand. "
                           "You can try again as often as you like.");
}

/* 1 found, 0 not of this kind, -1 with e. */
static int find_open(struct conn *c, struct learning *l, const char *uuid, int64_t person,
                     const char *item, struct answering *out, struct error *e)
{
    struct stmt *st = db_query(c, out->sheet->for_answer, e, "ti", uuid, person);
    if (!st)
        return -1;
    int step = db_step(st, e), result = step;
    if (step == 1) {
        out->attempt = db_int(st, 0);
        out->closed = !db_null(st, 2) || db_int(st, 4) != 0;
        const struct publication *p = shelf_get(l->shelf, db_int(st, 1), e);
        if (!p || draw_read_item(p, db_text(st, 3), item, &out->asked, e))
            result = -1;
        else if (!out->asked.item)
            result = out->closed ? closed(out, e)
                                 : error_field(e, "item", "This question is not one of these.");
        else if (!out->closed && !out->sheet->pre)
            out->check =
                answer_memory_add(l->answers, c, uuid, person, out->attempt, p, db_text(st, 3));
    }
    db_done(st);
    return result;
}

static int recall_open(struct open_check *check, const char *item, struct answering *out,
                       struct error *e)
{
    out->sheet = &sheet_of_checks;
    out->attempt = check->id;
    out->check = check;
    out->known = true;
    if (draw_read_item(check->publication, check->form, item, &out->asked, e))
        return -1;
    return out->asked.item ? 0 : error_field(e, "item", "This question is not one of these.");
}

static int check_answerable(struct conn *c, struct learning *l, const char *uuid, int64_t person,
                            const char *item, struct answering *out, struct error *e)
{
    struct open_check *known = answer_memory_find(l->answers, c, uuid, person);
    if (known)
        return recall_open(known, item, out, e);
    out->sheet = &sheet_of_checks;
    int found = find_open(c, l, uuid, person, item, out, e);
    if (found == 0) {
        out->sheet = &sheet_of_pretests;
        found = find_open(c, l, uuid, person, item, out, e);
    }
    return found == 1 ? 0 : found == 0 ? not_found(e) : -1;
}

/* What the steps so far say about a new one. */
struct earlier {
    int count;
    int64_t last_id;
    int64_t standing_id;        /* of the item's answer that stands; 0: none does */
    char standing[ANSWER_ROOM]; /* that answer, */
    instant standing_at;        /* and when it was saved */
    bool repeated, same;        /* the operation id was used; and with the same bytes */
    char saved[ANSWER_ROOM];    /* what it saved, */
    instant saved_at;           /* and when */
};

static void look_at_step(struct stmt *st, const struct answering *x, const char *op_id,
                         const char *answer, struct earlier *out)
{
    int64_t id = db_int(st, STEP_ID);
    const char *given = db_text(st, STEP_ANSWER);
    bool same_item = db_int(st, STEP_PLACE) == x->asked.place;
    out->count++;
    if (id > out->last_id)
        out->last_id = id;
    if (same_item && id > out->standing_id) {
        out->standing_id = id;
        out->standing_at = db_int(st, STEP_AT);
        snprintf(out->standing, sizeof out->standing, "%s", given);
    }
    if (op_id && strcmp(db_text(st, STEP_OP_ID), op_id) == 0) {
        out->repeated = true;
        out->same = same_item && strcmp(given, answer) == 0;
        out->saved_at = db_int(st, STEP_AT);
        snprintf(out->saved, sizeof out->saved, "%s", given);
    }
}

static void note_step(struct stmt *st, struct open_check *check)
{
    open_check_note(check, db_text(st, STEP_OP_ID), db_int(st, STEP_ID),
                    (int)db_int(st, STEP_PLACE), db_text(st, STEP_ANSWER), db_int(st, STEP_AT));
}

static int look_back(struct conn *c, const struct answering *x, const char *op_id,
                     const char *answer, struct earlier *out, struct error *e)
{
    struct stmt *st = db_query(c, x->sheet->steps, e, "i", x->attempt);
    int step = st ? 1 : -1;
    struct open_check *learns = x->known ? NULL : x->check;
    *out = (struct earlier){0};
    while (step == 1 && (step = db_step(st, e)) == 1) {
        look_at_step(st, x, op_id, answer, out);
        if (learns)
            note_step(st, learns);
    }
    db_done(st);
    if (step == 0 && learns)
        open_check_whole(learns);
    return step;
}

/* The same from what is remembered, for an operation id that is new. */
static void recall(const struct answering *x, struct earlier *out)
{
    const struct standing_answer *standing = &x->check->standing[x->asked.place - 1];
    *out = (struct earlier){.count = x->check->steps,
                            .last_id = x->check->last_id,
                            .standing_id = standing->id,
                            .standing_at = standing->at};
    if (standing->id)
        memcpy(out->standing, standing->answer, sizeof out->standing);
}

/* The operation id was used before: the first reply, or ERROR_CONFLICT when it was for other bytes.
 */
static int repeated(const struct earlier *before, struct attempt_saved *out, struct error *e)
{
    out->at = before->saved_at;
    if (before->same)
        return 0;
    memcpy(out->earlier, before->saved, sizeof out->earlier);
    return error_set(e, ERROR_CONFLICT,
                     "This answer was saved before with another choice. Both are shown; "
                     "choose the one that stands.");
}

/* Does another answer stand than the one that was seen? 0 no; 1 yes, and it is this very one; -1
 * with ERROR_CONFLICT when it is neither. */
static int overtaken(const struct earlier *before, const char *was, struct attempt_saved *out,
                     struct error *e)
{
    if (!before->standing_id || strcmp(before->standing, was) == 0)
        return 0;
    if (strcmp(before->standing, out->answer) == 0) {
        out->at = before->standing_at;
        return 1;
    }
    memcpy(out->earlier, before->standing, sizeof out->earlier);
    return error_set(e, ERROR_CONFLICT,
                     "This question was answered somewhere else since you saw it here. "
                     "Both answers are shown; choose the one that stands.");
}

static int version_of(struct conn *c, struct answer_memory *m, const struct item *item, int64_t *id,
                      struct error *e)
{
    *id = answer_memory_version(m, c, item);
    if (*id)
        return 0;
    int found = db_query_int(c, &sql_item_version, id, e, "tt", item->hash, item->id);
    if (found == 0 &&
        (found = (int)db_exec(c, &sql_item_version_insert, e, "tt", item->hash, item->id)) == 1)
        *id = db_last_id(c);
    if (found != 1)
        return -1;
    answer_memory_put_version(m, item, *id);
    return 0;
}

static int append(struct conn *c, struct answer_memory *m, const struct answering *x,
                  const struct earlier *before, const char *op_id,
                  const struct attempt_saved *saved, struct error *e)
{
    char own[24];
    int64_t version, id = before->last_id + 1;
    if (before->count >= ATTEMPT_MAX_STEPS)
        return error_set(e, ERROR_CONFLICT,
                         "These questions have taken %d answers, which is all they hold. Hand them "
                         "in; you can try again as often as you like.",
                         ATTEMPT_MAX_STEPS);
    snprintf(own, sizeof own, "=%lld", (long long)id); /* like no operation id */
    if (!op_id)
        op_id = own;
    if (version_of(c, m, x->asked.item, &version, e) ||
        db_exec(c, x->sheet->step_insert, e, "itiiitii", x->attempt, op_id, id,
                (int64_t)x->asked.place, version, saved->answer,
                (int64_t)item_mark(x->asked.item, saved->answer), saved->at) < 0)
        return -1;
    if (x->check)
        open_check_note(x->check, op_id, id, x->asked.place, saved->answer, saved->at);
    return 0;
}

int attempt_answer(struct conn *c, struct learning *l, const char *uuid, int64_t person,
                   const char *item, const char *answer, const char *was, const char *op_id,
                   instant at, struct attempt_saved *out, struct error *e)
{
    struct answering x = {0};
    struct earlier before;
    *out = (struct attempt_saved){.at = at};
    if (op_id && !operation_id_good(op_id))
        return error_field(e, "op_id", "An operation id has 8 to 64 letters, digits, '-' or '_'.");
    if (check_answerable(c, l, uuid, person, item, &x, e) ||
        item_answer_read(x.asked.item, answer, out->answer, e))
        return -1;
    out->whole = item_answer_whole(x.asked.item, out->answer);
    if (x.known && !(op_id && open_check_may_have(x.check, op_id)))
        recall(&x, &before);
    else if (look_back(c, &x, op_id, out->answer, &before, e))
        return -1;
    if (before.repeated &&
        before.same) /* also after closing: a reply got lost, and is given again */
        return repeated(&before, out, e);
    if (x.closed)
        return closed(&x, e);
    if (before.repeated)
        return repeated(&before, out, e);
    /* An order as it was shown is an answer only after another one: somebody has put it back. */
    if (!before.standing_id && draw_check_moved(x.asked.item, &x.asked.layout, out->answer, e))
        return -1;
    int stands = was ? overtaken(&before, was, out, e) : 0;
    if (stands != 0)
        return stands < 0 ? -1 : 0;
    return append(c, l->answers, &x, &before, op_id, out, e);
}
