/* What a deletion would meet, and what may be said of it. */
#include "base/text.h"
#include "learning/erasure.h"
#include "learning/erasure_reason.h"
#include "learning/sql.h"
#include <string.h>

#define NAME_WORD_MIN 3 /* bytes; shorter ones are words of every sentence */

static int read_tally(struct conn *c, int64_t person, struct erasure_plan *out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_erasure_tally, e, "i", person);
    int step = st ? db_step(st, e) : -1;
    if (step == 1)
        *out = (struct erasure_plan){.completions = db_int(st, 0),
                                     .certificates = db_int(st, 1),
                                     .certificates_waiting = db_int(st, 2),
                                     .reflections = db_int(st, 3),
                                     .commitments = db_int(st, 4),
                                     .challenges = db_int(st, 5),
                                     .drafts = db_int(st, 6)};
    db_done(st);
    return step == 1 ? 0 : -1;
}

int erasure_plan(struct conn *c, int64_t person, instant at, struct arena *a,
                 struct erasure_plan *out, struct error *e)
{
    if (read_tally(c, person, out, e))
        return -1;
    struct stmt *st = db_query(c, &sql_erasure_last_of, e, "ii", person, at);
    int step = st ? 0 : -1;
    while (st && (step = db_step(st, e)) == 1) {
        if (strcmp(db_text(st, 0), "administrator") == 0) {
            out->last_administrator = true;
        } else if (out->left_count < ERASURE_LEFT_MOST) {
            out->left[out->left_count].role = arena_strdup(a, db_text(st, 0));
            out->left[out->left_count++].department = arena_strdup(a, db_text(st, 1));
        }
    }
    db_done(st);
    return step < 0 ? -1 : 0;
}

/* ---- the typed reason ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* Does `text` hold `word` (n bytes, both in small letters) as a word of its own? */
static bool holds_word(const char *text, const char *word, size_t n)
{
    for (const char *p = text; *p; p++)
        if ((p == text || !is_letter(p[-1])) && strncmp(p, word, n) == 0 && !is_letter(p[n]))
            return true;
    return false;
}

/* The first word of a name that `text` holds, or NULL. */
static const char *word_of(struct arena *a, const char *text, const char *name)
{
    const char *p = text_lower_ascii(a, name);
    while (*p) {
        size_t n = 0;
        while (is_letter(p[n]))
            n++;
        if (n >= NAME_WORD_MIN && holds_word(text, p, n))
            return arena_strndup(a, p, n);
        p += n ? n : 1;
    }
    return NULL;
}

static const char *said_of_person(struct conn *c, int64_t person, const char *reason,
                                  struct arena *a, struct error *e)
{
    const char *text = text_lower_ascii(a, reason), *said = NULL;
    struct stmt *st = db_query(c, &sql_erasure_identity, e, "i", person);
    if (st && db_step(st, e) == 1)
        for (int i = 0; i < 4 && !said; i++) {
            const char *value = db_text(st, i);
            if (value && i < 2)
                said = word_of(a, text, value);
            else if (value && *value && strstr(text, text_lower_ascii(a, value)))
                said = arena_strdup(a, value);
        }
    db_done(st);
    return said;
}

int erasure_check_reason(struct conn *c, int64_t person, const char *reason, struct error *e)
{
    if (!reason || reason[strspn(reason, " ")] == '\0')
        return error_field(e, "reason", "Say why, in a few words.");
    if (!text_is_line(reason, strlen(reason)) || text_code_points(reason) > ERASURE_REASON_MAX)
        return error_field(e, "reason", "Say why in one line of at most %d characters.",
                           ERASURE_REASON_MAX);
    struct arena *a = arena_create();
    struct error failed = {0};
    const char *said = said_of_person(c, person, reason, a, &failed);
    int result = 0;
    if (failed.kind != ERROR_NONE) {
        *e = failed;
        result = -1;
    } else if (said) {
        result = error_field(e, "reason",
                             "The audit keeps the reason for good, so it can't say who it was: "
                             "leave out “%s”.",
                             said);
    }
    arena_free(a);
    return result;
}
