#include "learning/transcript.h"
#include "base/random.h"
#include "learning/sql.h"
#include <string.h>

#define LINES_MOST 1000

/* ---- what was completed ---- */

static int read_line(const struct learning *l, struct stmt *st, struct arena *a,
                     struct transcript_line *out, struct error *e)
{
    *out = (struct transcript_line){.earned_at = db_int(st, 1),
                                    .by_assessment = db_int(st, 2) != 0,
                                    .certificate_uuid = arena_strdup(a, db_text(st, 3)),
                                    .active_minutes = db_int(st, 4),
                                    .valid_until = db_int(st, 5)};
    out->publication = shelf_get(l->shelf, db_int(st, 0), e);
    return out->publication ? 0 : -1;
}

int transcript_lines(struct conn *c, const struct learning *l, int64_t person, struct arena *a,
                     struct transcript_line **out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_transcript_lines, e, "i", person);
    int step = st ? 0 : -1, count = 0;
    *out = arena_array(a, LINES_MOST, sizeof **out);
    while (st && count < LINES_MOST && (step = db_step(st, e)) == 1) {
        if (read_line(l, st, a, &(*out)[count], e)) {
            step = -1;
            break;
        }
        count++;
    }
    db_done(st);
    return step < 0 ? -1 : count;
}

/* ---- hours ---- */

bool credit_hours_read(const char *text, int64_t *out)
{
    int64_t whole = 0, part = 0;
    size_t digits = strspn(text, "0123456789"), decimals = 0;
    if (digits == 0 || digits > 4)
        return false;
    for (size_t i = 0; i < digits; i++)
        whole = whole * 10 + (text[i] - '0');
    text += digits;
    if (*text == '.' || *text == ',') {
        decimals = strspn(++text, "0123456789");
        if (decimals == 0 || decimals > 2)
            return false;
        for (size_t i = 0; i < 2; i++)
            part = part * 10 + (i < decimals ? text[i] - '0' : 0);
    }
    *out = whole * 100 + part;
    return text[decimals] == '\0' && *out > 0 && *out <= CREDIT_HOURS_MAX;
}

const char *credit_hours_words(struct arena *a, int64_t hours)
{
    long long whole = hours / 100, part = hours % 100;
    if (part == 0)
        return arena_printf(a, "%lld", whole);
    if (part % 10 == 0)
        return arena_printf(a, "%lld.%lld", whole, part / 10);
    return arena_printf(a, "%lld.%02lld", whole, part);
}

/* ---- external credits ---- */

static void read_credit(struct stmt *st, struct arena *a, struct external_credit *out)
{
    *out = (struct external_credit){.uuid = arena_strdup(a, db_text(st, 0)),
                                    .title = arena_strdup(a, db_text(st, 1)),
                                    .provider = arena_strdup(a, db_text(st, 2)),
                                    .earned_on = arena_strdup(a, db_text(st, 3)),
                                    .hours = db_int(st, 4)};
}

int external_credits(struct conn *c, int64_t person, struct arena *a, struct external_credit **out,
                     struct error *e)
{
    struct stmt *st = db_query(c, &sql_external_credits_of, e, "i", person);
    int step = st ? 0 : -1, count = 0;
    *out = arena_array(a, CREDITS_MOST, sizeof **out);
    while (st && count < CREDITS_MOST && (step = db_step(st, e)) == 1)
        read_credit(st, a, &(*out)[count++]);
    db_done(st);
    return step < 0 ? -1 : count;
}

static int not_found(struct error *e)
{
    return error_set(e, ERROR_NOT_FOUND, "There is no such credit on your transcript.");
}

int external_credit_get(struct conn *c, int64_t person, const char *uuid, struct arena *a,
                        struct external_credit *out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_external_credit_get, e, "ti", uuid, person);
    int step = st ? db_step(st, e) : -1;
    if (step == 1)
        read_credit(st, a, out);
    db_done(st);
    return step == 1 ? 0 : step == 0 ? not_found(e) : -1;
}

static int check_credit(const struct external_credit *credit, const char *today, struct error *e)
{
    if (strcmp(credit->earned_on, today) > 0)
        return error_field(e, "earned_on", "Date: this day is still to come.");
    if (strcmp(credit->earned_on, "1950-01-01") < 0)
        return error_field(e, "earned_on", "Date: please use a day from 1950 on.");
    return 0;
}

int external_credit_add(struct conn *c, int64_t person, const struct external_credit *credit,
                        const char *today, instant at, struct error *e)
{
    int64_t count = 0, same = 0;
    char uuid[37];
    if (check_credit(credit, today, e) ||
        db_query_int(c, &sql_external_credit_same, &same, e, "ittti", person, credit->title,
                     credit->provider, credit->earned_on, credit->hours) < 0 ||
        db_query_int(c, &sql_external_credit_count, &count, e, "i", person) < 0)
        return -1;
    if (same)
        return 0;
    if (count >= CREDITS_MOST)
        return error_field(e, "title", "A transcript holds %d credits added by hand; delete some.",
                           CREDITS_MOST);
    random_uuid(uuid);
    return db_exec(c, &sql_external_credit_insert, e, "titttii", (const char *)uuid, person,
                   credit->title, credit->provider, credit->earned_on, credit->hours, at) < 0
               ? -1
               : 0;
}

int external_credit_change(struct conn *c, int64_t person, const struct external_credit *credit,
                           const char *today, struct error *e)
{
    if (check_credit(credit, today, e))
        return -1;
    int64_t rows = db_exec(c, &sql_external_credit_change, e, "tittti", credit->uuid, person,
                           credit->title, credit->provider, credit->earned_on, credit->hours);
    return rows < 0 ? -1 : rows == 0 ? not_found(e) : 0;
}

int external_credit_delete(struct conn *c, int64_t person, const char *uuid, struct error *e)
{
    int64_t rows = db_exec(c, &sql_external_credit_delete, e, "ti", uuid, person);
    return rows < 0 ? -1 : rows == 0 ? not_found(e) : 0;
}
