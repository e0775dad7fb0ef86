#include "learning/reflection.h"
#include "base/random.h"
#include "base/text.h"
#include "learning/secret.h"
#include "learning/sql.h"
#include <stdio.h>
#include <string.h>

#define PURPOSE "reflection"

const char *reflection_prompt(const struct publication *p, const char *lesson, const char *prompt)
{
    int index;
    const struct lesson *found = publication_lesson(p, lesson, &index);
    for (int i = 0; found && i < found->piece_count; i++) {
        const struct piece *piece = &found->pieces[i];
        if (piece->kind == PIECE_REFLECT && strcmp(piece->ref, prompt) == 0)
            return piece->html;
    }
    return "";
}

/* ---- reading ---- */

/* A text that does not open is still its owner's to see there and to delete. */
static int read_row(const struct learning *l, struct stmt *st, struct arena *a,
                    struct reflection *out, struct error *e)
{
    size_t n;
    struct error why = {0};
    *out = (struct reflection){.lesson = arena_strdup(a, db_text(st, 2)),
                               .prompt = arena_strdup(a, db_text(st, 3)),
                               .first_saved_at = db_int(st, 4),
                               .saved_at = db_int(st, 5),
                               .is_aside = !db_null(st, 8)};
    snprintf(out->uuid, sizeof out->uuid, "%s", db_text(st, 0));
    struct secret_place place = {PURPOSE, db_text(st, 7), out->uuid};
    const void *sealed = db_blob(st, 6, &n);
    if (secret_read(l, &place, sealed, n, a, &out->text, &why))
        out->closed = arena_strdup(a, why.message);
    out->publication = shelf_get(l->shelf, db_int(st, 1), e);
    return out->publication ? 0 : -1;
}

static int read_one(const struct learning *l, struct stmt *st, struct arena *a,
                    struct reflection *out, struct error *e)
{
    int step = st ? db_step(st, e) : -1;
    if (step == 1 && read_row(l, st, a, out, e))
        step = -1;
    db_done(st);
    return step;
}

int reflection_find(struct conn *c, const struct learning *l, int64_t owner, const char *course,
                    const char *lesson, const char *prompt, struct arena *a, struct reflection *out,
                    struct error *e)
{
    return read_one(l, db_query(c, &sql_reflection_find, e, "ittt", owner, course, lesson, prompt),
                    a, out, e);
}

static int not_found(struct error *e)
{
    return error_set(e, ERROR_NOT_FOUND, "There is no such entry in your journal.");
}

int reflection_get(struct conn *c, const struct learning *l, int64_t owner, const char *uuid,
                   struct arena *a, struct reflection *out, struct error *e)
{
    int step = read_one(l, db_query(c, &sql_reflection_get, e, "ti", uuid, owner), a, out, e);
    return step == 0 ? not_found(e) : step < 0 ? -1 : 0;
}

int reflection_list(struct conn *c, const struct learning *l, int64_t owner, struct arena *a,
                    struct reflection **out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_reflection_list, e, "i", owner);
    int step = st ? 0 : -1, count = 0;
    *out = arena_array(a, REFLECTION_MOST, sizeof **out);
    while (st && count < REFLECTION_MOST && (step = db_step(st, e)) == 1) {
        if (read_row(l, st, a, &(*out)[count], e)) {
            step = -1;
            break;
        }
        count++;
    }
    db_done(st);
    return step < 0 ? -1 : count;
}

/* ---- writing ---- */

struct standing {
    char owner[37], uuid[37];
    instant saved_at; /* 0: nothing stands there */
};

static int read_standing(struct conn *c, const struct reflection_save *s, struct standing *out,
                         struct error *e)
{
    struct stmt *st = db_query(c, &sql_reflection_stands, e, "ittt", s->owner,
                               s->publication->course, s->lesson, s->prompt);
    int step = st ? db_step(st, e) : -1;
    *out = (struct standing){0};
    if (step == 1) {
        snprintf(out->owner, sizeof out->owner, "%s", db_text(st, 2));
        if (!db_null(st, 0)) {
            snprintf(out->uuid, sizeof out->uuid, "%s", db_text(st, 0));
            out->saved_at = db_int(st, 1);
        }
    }
    db_done(st);
    return step == 1 ? 0 : step == 0 ? not_found(e) : -1;
}

static int check_text(const char *text, struct error *e)
{
    if (!*text)
        return error_field(e, "text",
                           "There is nothing to save yet. Write something, or just think it over: "
                           "nothing needs to be saved.");
    if (text_code_points(text) > REFLECTION_MAX)
        return error_field(e, "text",
                           "This is longer than the journal takes (%d characters). Shorten it a "
                           "little.",
                           REFLECTION_MAX);
    return 0;
}

static bool says_the_same(struct conn *c, const struct learning *l, const struct reflection_save *s)
{
    struct error ignored = {0};
    struct reflection r;
    return reflection_find(c, l, s->owner, s->publication->course, s->lesson, s->prompt, s->arena,
                           &r, &ignored) == 1 &&
           r.text && strcmp(r.text, s->text) == 0;
}

int reflection_write(struct conn *c, const struct learning *l, const struct reflection_save *s,
                     struct error *e)
{
    struct standing stands;
    const void *sealed;
    size_t n;
    if (check_text(s->text, e) || read_standing(c, s, &stands, e))
        return -1;
    if (stands.saved_at != s->base && says_the_same(c, l, s))
        return 0; /* sent twice */
    if (stands.saved_at != s->base)
        return error_set(e, ERROR_CONFLICT,
                         "This was changed in another window since you opened this page.");
    if (!stands.saved_at)
        random_uuid(stands.uuid);
    struct secret_place place = {PURPOSE, stands.owner, stands.uuid};
    if (secret_seal(c, l, &place, s->text, s->at, s->arena, &sealed, &n, e))
        return -1;
    int64_t rows = stands.saved_at
                       ? db_exec(c, &sql_reflection_replace, e, "tbii", (const char *)stands.uuid,
                                 sealed, n, s->publication->id, s->at)
                       : db_exec(c, &sql_reflection_insert, e, "titttibi",
                                 (const char *)stands.uuid, s->owner, s->publication->course,
                                 s->lesson, s->prompt, s->publication->id, sealed, n, s->at);
    return rows < 0 ? -1 : 0;
}

int reflection_delete(struct conn *c, int64_t owner, const char *uuid, struct error *e)
{
    int64_t rows = db_exec(c, &sql_reflection_delete, e, "ti", uuid, owner);
    return rows < 0 ? -1 : rows == 0 ? not_found(e) : 0;
}
