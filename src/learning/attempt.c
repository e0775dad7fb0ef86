/* Starting an attempt; answering and loading an attempt or a pre-test; handing in is in submit.c.
 */
#include "learning/attempt.h"
#include "base/text.h"
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
    rng_uuid(rng, uuid);
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
    .step_insert = &sql_step_insert,
    .step_by_operation = &sql_step_by_operation,
    .step_standing = &sql_step_standing,
    .step_first = &sql_step_first,
};

const struct sheet sheet_of_pretests = {
    .pre = true,
    .by_uuid = &sql_pretest_by_uuid,
    .for_answer = &sql_pretest_for_answer,
    .step_insert = &sql_pretest_step_insert,
    .step_by_operation = &sql_pretest_step_by_operation,
    .step_standing = &sql_pretest_step_standing,
    .step_first = &sql_pretest_step_first,
};

#define STEPS_AT_ONCE 64 /* an attempt that was changed more often is read item by item */

static void put_answer(struct attempt_item *it, struct stmt *st, int column, struct arena *a)
{
    it->answer = arena_strdup(a, db_text(st, column));
    it->answered_at = db_int(st, column + 1);
    it->mark = (int)db_int(st, column + 2);
}

/* The answer that stands for an item is its latest step. */
static int put_standing(struct conn *c, const struct sheet *s, int64_t id, struct attempt_item *it,
                        struct arena *a, struct error *e)
{
    struct stmt *st = db_query(c, s->step_standing, e, "it", id, it->item->id);
    int step = st ? db_step(st, e) : -1;
    if (step == 1)
        put_answer(it, st, 0, a);
    db_done(st);
    return step < 0 ? -1 : 0;
}

static struct attempt_item *find_item(struct attempt *t, const char *id)
{
    for (int i = 0; i < t->item_count; i++)
        if (strcmp(t->items[i].item->id, id) == 0)
            return &t->items[i];
    return NULL;
}

/* All steps in one go, an item's later ones over the earlier: 1 when that is all there are, 0 when
 * there are more, -1 with e. */
static int put_steps(struct conn *c, const struct sheet *s, struct attempt *t, struct arena *a,
                     struct error *e)
{
    struct stmt *st = db_query(c, s->step_first, e, "ii", t->id, (int64_t)STEPS_AT_ONCE);
    int rows = 0, step = st ? 1 : -1;
    while (step == 1 && (step = db_step(st, e)) == 1) {
        struct attempt_item *it = find_item(t, db_text(st, 0));
        if (it)
            put_answer(it, st, 1, a);
        rows++;
    }
    db_done(st);
    return step < 0 ? -1 : rows < STEPS_AT_ONCE;
}

int sheet_fill(struct conn *c, const struct sheet *s, const char *form, struct arena *a,
               struct attempt *t, struct error *e)
{
    t->items = arena_array(a, ATTEMPT_MAX_ITEMS, sizeof *t->items);
    if (draw_read(t->enrolment.publication, form, t->items, &t->item_count, e))
        return -1;
    int all = put_steps(c, s, t, a, e);
    for (int i = 0; all == 0 && i < t->item_count; i++)
        if (put_standing(c, s, t->id, &t->items[i], a, e))
            return -1;
    for (int i = 0; i < t->item_count; i++) {
        struct attempt_item *it = &t->items[i];
        it->whole = it->answer && item_answer_whole(it->item, it->answer);
        t->answered += it->whole;
    }
    return all < 0 ? -1 : 0;
}

int attempt_last_answer(struct conn *c, int64_t attempt, const char *form, instant *at,
                        struct error *e)
{
    char item[DRAW_ID_SIZE];
    while (draw_next_id(&form, item)) {
        struct stmt *st = db_query(c, &sql_step_standing, e, "it", attempt, item);
        int step = st ? db_step(st, e) : -1;
        if (step == 1 && db_int(st, 1) > *at)
            *at = db_int(st, 1);
        db_done(st);
        if (step < 0)
            return -1;
    }
    return 0;
}

/* 1 loaded, 0 not of this kind, -1 with e. */
static int load(struct conn *c, struct learning *l, const struct sheet *s, const char *uuid,
                int64_t person, struct arena *a, struct attempt *out, struct error *e)
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
                                .closed = !db_null(st, 5) || db_int(st, 13) != 0};
        out->enrolment = (struct enrolment){.id = db_int(st, 8),
                                            .person = db_int(st, 9),
                                            .started_at = db_int(st, 11),
                                            .shuffle_seed = (uint64_t)db_int(st, 12)};
        publication = db_int(st, 10);
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
    return sheet_fill(c, s, form, a, out, e) ? -1 : 1;
}

int attempt_load(struct conn *c, struct learning *l, const char *uuid, int64_t person,
                 struct arena *a, struct attempt *out, struct error *e)
{
    int found = load(c, l, &sheet_of_checks, uuid, person, a, out, e);
    if (found == 0)
        found = load(c, l, &sheet_of_pretests, uuid, person, a, out, e);
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
    const struct item *item;
    struct item_layout layout;
    bool closed;
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
        struct attempt_item asked;
        if (!p || draw_read_item(p, db_text(st, 3), item, &asked, e))
            result = -1;
        else if (!asked.item)
            result = out->closed ? closed(out, e)
                                 : error_field(e, "item", "This question is not one of these.");
        out->item = result == 1 ? asked.item : NULL;
        if (out->item)
            out->layout = asked.layout;
    }
    db_done(st);
    return result;
}

static int check_answerable(struct conn *c, struct learning *l, const char *uuid, int64_t person,
                            const char *item, struct answering *out, struct error *e)
{
    out->sheet = &sheet_of_checks;
    int found = find_open(c, l, uuid, person, item, out, e);
    if (found == 0) {
        out->sheet = &sheet_of_pretests;
        found = find_open(c, l, uuid, person, item, out, e);
    }
    return found == 1 ? 0 : found == 0 ? not_found(e) : -1;
}

/* Was the operation id used before? 0 no; 1 yes, with the same bytes: the first reply is in *out.
 * With others -1 and ERROR_CONFLICT. */
static int repeated(struct conn *c, const struct answering *x, const char *op_id,
                    struct attempt_saved *out, struct error *e)
{
    struct stmt *st = db_query(c, x->sheet->step_by_operation, e, "it", x->attempt, op_id);
    if (!st)
        return -1;
    int step = db_step(st, e), result = step;
    if (step == 1) {
        const char *before = db_text(st, 1);
        bool same = strcmp(db_text(st, 0), x->item->id) == 0 && strcmp(before, out->answer) == 0;
        out->at = db_int(st, 2);
        if (!same) {
            snprintf(out->earlier, sizeof out->earlier, "%s", before);
            result = error_set(e, ERROR_CONFLICT,
                               "This answer was saved before with another choice. Both are shown; "
                               "choose the one that stands.");
        }
    }
    db_done(st);
    return result;
}

/* Does another answer stand than the one that was seen? 0 no; 1 yes, and it is this very one; -1
 * with ERROR_CONFLICT when it is neither. */
static int overtaken(struct conn *c, const struct answering *x, const char *was,
                     struct attempt_saved *out, struct error *e)
{
    struct stmt *st = db_query(c, x->sheet->step_standing, e, "it", x->attempt, x->item->id);
    if (!st)
        return -1;
    int step = db_step(st, e), result = step < 0 ? -1 : 0;
    const char *stands = step == 1 ? db_text(st, 0) : ATTEMPT_WAS_NONE;
    if (step >= 0 && strcmp(stands, was) != 0) {
        result = strcmp(stands, out->answer) == 0;
        if (result == 1) {
            out->at = db_int(st, 1);
        } else if (step == 1) {
            snprintf(out->earlier, sizeof out->earlier, "%s", stands);
            result = error_set(e, ERROR_CONFLICT,
                               "This question was answered somewhere else since you saw it here. "
                               "Both answers are shown; choose the one that stands.");
        }
    }
    db_done(st);
    return result;
}

/* An order as it was shown is an answer only after another one: somebody has put it back. */
static int check_moved(struct conn *c, const struct answering *x, const char *answer,
                       struct error *e)
{
    struct error other = {0};
    if (draw_check_moved(x->item, &x->layout, answer, e) == 0)
        return 0;
    struct stmt *st = db_query(c, x->sheet->step_standing, &other, "it", x->attempt, x->item->id);
    int step = st ? db_step(st, &other) : -1;
    db_done(st);
    if (step == 0)
        return -1;
    *e = other;
    return step < 0 ? -1 : 0;
}

int attempt_answer(struct conn *c, struct learning *l, const char *uuid, int64_t person,
                   const char *item, const char *answer, const char *was, const char *op_id,
                   instant at, struct attempt_saved *out, struct error *e)
{
    struct answering x = {0};
    *out = (struct attempt_saved){.at = at};
    if (op_id && !operation_id_good(op_id))
        return error_field(e, "op_id", "An operation id has 8 to 64 letters, digits, '-' or '_'.");
    if (check_answerable(c, l, uuid, person, item, &x, e) ||
        item_answer_read(x.item, answer, out->answer, e))
        return -1;
    out->whole = item_answer_whole(x.item, out->answer);
    int before = op_id ? repeated(c, &x, op_id, out, e) : 0;
    if (before == 1) /* also after closing: a reply got lost, and is given again */
        return 0;
    if (x.closed && (before == 0 || e->kind == ERROR_CONFLICT)) {
        out->earlier[0] = 0;
        return closed(&x, e);
    }
    if (before == 0 && check_moved(c, &x, out->answer, e))
        return -1;
    if (before == 0 && was)
        before = overtaken(c, &x, was, out, e);
    if (before != 0)
        return before < 0 ? -1 : 0;
    return db_exec(c, x.sheet->step_insert, e, "ittttii", x.attempt, op_id, item, x.item->hash,
                   out->answer, (int64_t)item_mark(x.item, out->answer), at) < 0
               ? -1
               : 0;
}
