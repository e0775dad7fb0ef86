/* Starting, answering and loading an attempt; handing in is in submit.c. */
#include "learning/attempt.h"
#include "base/text.h"
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
    const char *form = draw_form(en->publication, en->shuffle_seed, rng, a, &items);
    rng_uuid(rng, uuid);
    int64_t added = db_exec(c, &sql_attempt_insert, e, "tiiiitii", uuid, en->id, en->person,
                            en->publication->id, earlier + 1, form, (int64_t)items, at);
    arena_free(a);
    return added < 0 ? -1 : 0;
}

static int not_found(struct error *e)
{
    return error_set(e, ERROR_NOT_FOUND, "There is no such learning check of yours.");
}

/* The answer that stands for an item is its step with the highest id, in whatever order they come.
 */
static int apply_steps(struct conn *c, struct attempt *t, struct arena *a, struct error *e)
{
    int64_t latest[ATTEMPT_MAX_ITEMS] = {0};
    struct stmt *st = db_query(c, &sql_steps_of, e, "i", t->id);
    if (!st)
        return -1;
    int step;
    while ((step = db_step(st, e)) == 1) {
        const char *item = db_text(st, 1);
        for (int i = 0; i < t->item_count; i++) {
            struct attempt_item *it = &t->items[i];
            if (strcmp(it->item->id, item) != 0 || db_int(st, 0) < latest[i])
                continue;
            latest[i] = db_int(st, 0);
            it->answer = arena_strdup(a, db_text(st, 2));
            t->answered -= it->whole;
            it->whole = item_answer_whole(it->item, it->answer);
            t->answered += it->whole;
            it->mark = (int)db_int(st, 3);
            it->answered_at = db_int(st, 4);
        }
    }
    db_done(st);
    return step;
}

int attempt_load(struct conn *c, struct learning *l, const char *uuid, int64_t person,
                 struct arena *a, struct attempt *out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_attempt_by_uuid, e, "ti", uuid, person);
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
                                .passed = db_int(st, 7) != 0};
        out->enrolment = (struct enrolment){.id = db_int(st, 8),
                                            .person = db_int(st, 9),
                                            .started_at = db_int(st, 11),
                                            .shuffle_seed = (uint64_t)db_int(st, 12)};
        publication = db_int(st, 10);
        form = arena_strdup(a, db_text(st, 3));
    }
    db_done(st);
    if (step <= 0)
        return step < 0 ? -1 : not_found(e);
    out->enrolment.publication = shelf_get(l->shelf, publication, e);
    if (!out->enrolment.publication)
        return -1;
    out->pass_marks = out->enrolment.publication->pass_marks;
    out->first = out->number == 1;
    out->items = arena_array(a, ATTEMPT_MAX_ITEMS, sizeof *out->items);
    if (draw_read(out->enrolment.publication, form, out->items, &out->item_count, e))
        return -1;
    return apply_steps(c, out, a, e);
}

static bool operation_id_good(const char *s)
{
    size_t n = strlen(s);
    return n >= 8 && n <= 64 &&
           strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == n;
}

struct answering {
    int64_t attempt;
    const struct item *item;
    bool handed_in;
};

static int handed_in(struct error *e)
{
    return error_set(e, ERROR_CONFLICT,
                     "This learning check was handed in already, so its answers stand. "
                     "You can try again as often as you like.");
}

static int check_answerable(struct conn *c, struct learning *l, const char *uuid, int64_t person,
                            const char *item, struct answering *out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_attempt_for_answer, e, "ti", uuid, person);
    if (!st)
        return -1;
    int step = db_step(st, e), result = 0;
    if (step <= 0) {
        result = step < 0 ? -1 : not_found(e);
    } else if (!draw_has(db_text(st, 3), item)) {
        result = db_null(st, 2)
                     ? error_field(e, "item", "This question is not part of this learning check.")
                     : handed_in(e);
    } else {
        out->attempt = db_int(st, 0);
        out->handed_in = !db_null(st, 2);
        const struct publication *p = shelf_get(l->shelf, db_int(st, 1), e);
        out->item = p ? publication_item(p, item, NULL) : NULL;
        if (!out->item)
            result =
                p ? error_set(e, ERROR_INTERNAL, "item %s is not in its publication", item) : -1;
    }
    db_done(st);
    return result;
}

/* The operation id was used before: the same bytes get the first reply, others a conflict. */
static int repeated(struct conn *c, int64_t attempt, const char *op_id, const char *item,
                    struct attempt_saved *out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_step_by_operation, e, "it", attempt, op_id);
    if (!st)
        return -1;
    int step = db_step(st, e), result = step == 1 ? 0 : -1;
    if (step == 1) {
        snprintf(out->earlier, sizeof out->earlier, "%s", db_text(st, 1));
        out->at = db_int(st, 2);
        if (strcmp(db_text(st, 0), item) != 0 || strcmp(out->earlier, out->answer) != 0)
            result = error_set(e, ERROR_CONFLICT,
                               "This answer was saved before with another choice. Both are shown; "
                               "choose the one that stands.");
    }
    db_done(st);
    return result;
}

/* Nothing is added any more; but what was saved before, by a reply that got lost, is said again. */
static int after_hand_in(struct conn *c, int64_t attempt, const char *op_id, const char *item,
                         struct attempt_saved *out, struct error *e)
{
    struct error why = {0};
    if (op_id && repeated(c, attempt, op_id, item, out, &why) == 0)
        return 0;
    out->earlier[0] = 0;
    if (why.kind != ERROR_NONE && why.kind != ERROR_CONFLICT) {
        *e = why;
        return -1;
    }
    return handed_in(e);
}

int attempt_answer(struct conn *c, struct learning *l, const char *uuid, int64_t person,
                   const char *item, const char *answer, const char *op_id, instant at,
                   struct attempt_saved *out, struct error *e)
{
    struct answering x = {0};
    *out = (struct attempt_saved){.at = at};
    if (op_id && !operation_id_good(op_id))
        return error_field(e, "op_id", "An operation id has 8 to 64 letters, digits, '-' or '_'.");
    if (check_answerable(c, l, uuid, person, item, &x, e) ||
        item_answer_read(x.item, answer, out->answer, e))
        return -1;
    out->whole = item_answer_whole(x.item, out->answer);
    if (x.handed_in)
        return after_hand_in(c, x.attempt, op_id, item, out, e);
    int64_t added = db_exec(c, &sql_step_insert, e, "ittttii", x.attempt, op_id, item, x.item->hash,
                            out->answer, (int64_t)item_mark(x.item, out->answer), at);
    if (added < 0)
        return -1;
    return added == 1 ? 0 : repeated(c, x.attempt, op_id, item, out, e);
}
