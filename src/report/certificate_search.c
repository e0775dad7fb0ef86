#include "report/certificate_search.h"
#include "base/text.h"
#include "report/sql.h"

static struct stmt *look(struct conn *c, int64_t person, const char *query, int64_t page,
                         struct arena *a, struct error *e)
{
    struct directory_query q;
    int64_t most = DIRECTORY_PAGE + 1, skip = (page - 1) * DIRECTORY_PAGE;
    if (person)
        return db_query(c, &sql_certificates_of_person, e, "iii", person, most, skip);
    if (!*text_trim(a, query))
        return db_query(c, &sql_certificates_latest, e, "ii", most, skip);
    if (directory_query_read(a, query, &q, e))
        return NULL;
    return db_query(c, &sql_certificates_of_people, e, "ttttii", q.words[0], q.words[1], q.words[2],
                    q.email, most, skip);
}

int certificate_search(struct conn *c, int64_t person, const char *query, int64_t page,
                       struct arena *a, struct certificate_row **out, bool *more, struct error *e)
{
    struct stmt *st = look(c, person, query, page, a, e);
    int count = 0, step = st ? 0 : -1;
    *more = false;
    *out = arena_array(a, DIRECTORY_PAGE, sizeof **out);
    while (st && (step = db_step(st, e)) == 1) {
        if (count == DIRECTORY_PAGE) {
            *more = true;
            step = 0;
            break;
        }
        (*out)[count++] = (struct certificate_row){.uuid = arena_strdup(a, db_text(st, 0)),
                                                   .person = arena_strdup(a, db_text(st, 1)),
                                                   .course = arena_strdup(a, db_text(st, 2)),
                                                   .earned_at = db_int(st, 3),
                                                   .issued_at = db_int(st, 4),
                                                   .valid_until = db_int(st, 5),
                                                   .withdrawn = arena_strdup(a, db_text(st, 6)),
                                                   .current = db_int(st, 7) != 0};
    }
    db_done(st);
    return step < 0 ? -1 : count;
}
