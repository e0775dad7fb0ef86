#include "learning/commitment.h"
#include "base/random.h"
#include "base/text.h"
#include "learning/commitment_check.h"
#include "learning/follow_up.h"
#include "learning/secret.h"
#include "learning/sql.h"
#include <stdio.h>
#include <string.h>

#define PURPOSE "commitment"

static int not_found(struct error *e)
{
    return error_set(e, ERROR_NOT_FOUND, "There is no such commitment of yours.");
}

/* ---- reading ---- */

/* The two parts are lines, so a line break stands between them. */
static void split(struct arena *a, const char *text, struct commitment *out)
{
    size_t n = strcspn(text, "\n");
    out->cue = arena_strndup(a, text, n);
    out->act = arena_strdup(a, text[n] ? text + n + 1 : "");
}

/* A text that does not open is still its owner's to see there, to answer for and to delete. */
static int read_row(const struct learning *l, struct stmt *st, struct arena *a,
                    struct commitment *out, struct error *e)
{
    size_t n;
    struct error why = {0};
    const char *text;
    *out = (struct commitment){
        .id = db_int(st, 0), .made_at = db_int(st, 4), .saved_at = db_int(st, 5)};
    snprintf(out->uuid, sizeof out->uuid, "%s", db_text(st, 1));
    struct secret_place place = {PURPOSE, db_text(st, 6), out->uuid};
    const void *sealed = db_blob(st, 3, &n);
    if (secret_read(l, &place, sealed, n, a, &text, &why))
        out->closed = arena_strdup(a, why.message);
    else
        split(a, text, out);
    out->publication = shelf_get(l->shelf, db_int(st, 2), e);
    return out->publication ? 0 : -1;
}

static int read_rows(struct conn *c, const struct learning *l, int64_t owner, struct arena *a,
                     struct commitment *list, struct error *e)
{
    struct stmt *st = db_query(c, &sql_commitments_of, e, "i", owner);
    int step = st ? 0 : -1, count = 0;
    while (st && count < COMMITMENT_MOST && (step = db_step(st, e)) == 1) {
        if (read_row(l, st, a, &list[count], e)) {
            step = -1;
            break;
        }
        count++;
    }
    db_done(st);
    return step < 0 ? -1 : count;
}

static int read_all(struct conn *c, const struct learning *l, int64_t owner, instant at,
                    struct arena *a, struct commitment **out, struct notes *notes, struct error *e)
{
    *out = arena_array(a, COMMITMENT_MOST, sizeof **out);
    int count = read_rows(c, l, owner, a, *out, e);
    if (count < 0 || checks_read(c, owner, a, *out, count, notes, e))
        return -1;
    for (int i = 0; i < count; i++)
        checks_judge(&(*out)[i], notes, at);
    return count;
}

int commitment_list(struct conn *c, const struct learning *l, int64_t owner, instant at,
                    struct arena *a, struct commitment **out, struct error *e)
{
    struct notes notes;
    return read_all(c, l, owner, at, a, out, &notes, e);
}

int commitment_get(struct conn *c, const struct learning *l, int64_t owner, const char *uuid,
                   instant at, struct arena *a, struct commitment *out, struct error *e)
{
    struct commitment *list;
    int count = commitment_list(c, l, owner, at, a, &list, e);
    for (int i = 0; i < count; i++)
        if (strcmp(list[i].uuid, uuid) == 0) {
            *out = list[i];
            return 0;
        }
    return count < 0 ? -1 : not_found(e);
}

/* ---- what stands on My learning ---- */

static instant later_of(instant a, instant b)
{
    return a > b ? a : b;
}

static int read_since(struct conn *c, int64_t owner, const struct notes *notes, bool *off,
                      instant *since, struct error *e)
{
    instant on_at;
    int64_t finished_at = 0;
    if (follow_up_switched(c, owner, off, &on_at, e) ||
        db_query_int(c, &sql_last_finished, &finished_at, e, "i", owner) < 0)
        return -1;
    *since = later_of(notes->sign_at, later_of(on_at, finished_at));
    return 0;
}

int commitment_waiting(struct conn *c, const struct learning *l, int64_t owner, instant at,
                       struct arena *a, struct commitment_waiting *out, struct error *e)
{
    struct notes notes;
    struct commitment *list;
    instant since;
    *out = (struct commitment_waiting){0};
    int count = read_all(c, l, owner, at, a, &list, &notes, e);
    if (count <= 0)
        return count;
    if (read_since(c, owner, &notes, &out->off, &since, e))
        return -1;
    out->any = true;
    out->quiet = checks_quiet(list, count, &notes, since, at);
    out->due = list;
    for (int i = 0; i < count; i++) {
        if (list[i].next_at && (!out->next_at || list[i].next_at < out->next_at))
            out->next_at = list[i].next_at;
        if (list[i].stands && !out->off && !out->quiet)
            out->due[out->count++] = list[i];
    }
    return 0;
}

static int note(struct conn *c, const struct commitment *m, int day, const char *kind,
                const char *outcome, instant at, struct error *e)
{
    return db_exec(c, &sql_commitment_check_insert, e, "iitti", m->id, (int64_t)day, kind, outcome,
                   at) < 0
               ? -1
               : 0;
}

int commitment_offer(struct conn *c, const struct learning *l, int64_t owner, instant at,
                     struct error *e)
{
    struct arena *a = arena_create();
    struct commitment_waiting w;
    int result = commitment_waiting(c, l, owner, at, a, &w, e);
    for (int i = 0; result == 0 && i < w.count; i++)
        if (!w.due[i].offered)
            result = note(c, &w.due[i], w.due[i].due_day, "offered", NULL, at, e);
    arena_free(a);
    return result;
}

struct listed {
    const struct learning *learning; /* outlives the queue */
    int64_t owner;
    instant at;
};

static int write_listed(struct conn *c, void *arg, struct error *e)
{
    struct listed *w = arg;
    return commitment_offer(c, w->learning, w->owner, w->at, e);
}

void commitment_listed(struct learning *l, int64_t owner, instant at)
{
    struct listed w = {l, owner, at};
    db_write_later(l->db, write_listed, &w, sizeof w);
}

/* ---- writing ---- */

static int check_part(const char *text, const char *field, const char *missing, struct error *e)
{
    if (!*text)
        return error_field(e, field, "%s", missing);
    if (text_code_points(text) > COMMITMENT_MAX || !text_is_line(text, strlen(text)))
        return error_field(e, field, "Keep this to one line of at most %d characters.",
                           COMMITMENT_MAX);
    return 0;
}

static int check_parts(const struct commitment_save *s, struct error *e)
{
    return check_part(s->cue, "cue", "Say when: after “If”, the moment you will notice.", e) ||
                   check_part(s->act, "act", "Say what: after “I will”, the one thing you do.", e)
               ? -1
               : 0;
}

static bool says(const struct commitment *m, const struct commitment_save *s)
{
    return m->cue && strcmp(m->cue, s->cue) == 0 && strcmp(m->act, s->act) == 0;
}

static int seal(struct conn *c, const struct learning *l, const struct commitment_save *s,
                const char *uuid, const void **sealed, size_t *n, struct error *e)
{
    struct stmt *st = db_query(c, &sql_uuid_of_person, e, "i", s->owner);
    int step = st ? db_step(st, e) : -1;
    const char *owner = step == 1 ? arena_strdup(s->arena, db_text(st, 0)) : NULL;
    db_done(st);
    if (!owner)
        return step == 0 ? not_found(e) : -1;
    struct secret_place place = {PURPOSE, owner, uuid};
    const char *text = arena_printf(s->arena, "%s\n%s", s->cue, s->act);
    return secret_seal(c, l, &place, text, s->at, s->arena, sealed, n, e);
}

static int add(struct conn *c, const struct learning *l, const struct commitment_save *s,
               const struct commitment *list, int count, struct error *e)
{
    const void *sealed;
    size_t n;
    char uuid[37];
    for (int i = 0; i < count; i++)
        if (strcmp(list[i].publication->course, s->publication->course) == 0 && says(&list[i], s))
            return 0; /* sent twice */
    if (count == COMMITMENT_MOST)
        return error_field(e, "act",
                           "You have %d commitments here, which is all that fit. Delete "
                           "one that is over first.",
                           COMMITMENT_MOST);
    random_uuid(uuid);
    if (seal(c, l, s, uuid, &sealed, &n, e))
        return -1;
    return db_exec(c, &sql_commitment_insert, e, "titibi", (const char *)uuid, s->owner,
                   s->publication->course, s->publication->id, sealed, n, s->at) < 0
               ? -1
               : 0;
}

static int replace(struct conn *c, const struct learning *l, const struct commitment_save *s,
                   const struct commitment *list, int count, struct error *e)
{
    const struct commitment *m = NULL;
    for (int i = 0; i < count; i++)
        m = strcmp(list[i].uuid, s->uuid) == 0 ? &list[i] : m;
    if (!m)
        return not_found(e);
    if (says(m, s))
        return 0;
    if (m->saved_at != s->base)
        return error_set(e, ERROR_CONFLICT,
                         "This was changed in another window since you opened this page.");
    const void *sealed;
    size_t n;
    if (seal(c, l, s, m->uuid, &sealed, &n, e))
        return -1;
    return db_exec(c, &sql_commitment_replace, e, "ibi", m->id, sealed, n, s->at) < 0 ? -1 : 0;
}

int commitment_write(struct conn *c, const struct learning *l, const struct commitment_save *s,
                     struct error *e)
{
    struct commitment *list;
    if (check_parts(s, e))
        return -1;
    int count = commitment_list(c, l, s->owner, s->at, s->arena, &list, e);
    if (count < 0)
        return -1;
    return s->uuid ? replace(c, l, s, list, count, e) : add(c, l, s, list, count, e);
}

int commitment_delete(struct conn *c, const struct learning *l, int64_t owner, const char *uuid,
                      struct error *e)
{
    struct arena *a = arena_create();
    struct commitment m;
    int result = commitment_get(c, l, owner, uuid, 0, a, &m, e);
    if (result == 0)
        result = db_exec(c, &sql_commitment_checks_delete, e, "i", m.id) < 0 ||
                         db_exec(c, &sql_commitment_delete, e, "i", m.id) < 0
                     ? -1
                     : 0;
    arena_free(a);
    return result;
}

int commitment_tell(struct conn *c, const struct learning *l, int64_t owner, const char *uuid,
                    enum outcome outcome, instant at, struct error *e)
{
    struct arena *a = arena_create();
    struct commitment m;
    int result = commitment_get(c, l, owner, uuid, at, a, &m, e);
    if (result == 0) {
        const struct commitment_answer *last =
            m.answer_count ? &m.answers[m.answer_count - 1] : NULL;
        if (!last || last->outcome != outcome || at - last->at >= INSTANT_MINUTE)
            result = note(c, &m, m.due_day, "answered", outcome_code(outcome), at, e);
    }
    arena_free(a);
    return result;
}

int commitment_put_off(struct conn *c, const struct learning *l, int64_t owner, const char *uuid,
                       instant at, struct error *e)
{
    struct arena *a = arena_create();
    struct commitment m;
    int result = commitment_get(c, l, owner, uuid, at, a, &m, e);
    if (result == 0 && m.stands)
        result = note(c, &m, m.due_day, "put_off", NULL, at, e);
    arena_free(a);
    return result;
}
