/* The rows of a course's publications, without their bytes. */
#include "base/arena.h"
#include "course/list.h"
#include "course/shelf.h"
#include "course/sql.h"

int publication_history(struct conn *c, const char *course, struct arena *a,
                        struct publication_record **out, struct error *e)
{
    struct list rows = {0};
    struct stmt *st = db_query(c, &sql_publication_history, e, "t", course);
    if (!st)
        return -1;
    int step;
    while ((step = db_step(st, e)) == 1) {
        struct publication_record *r = list_add(a, &rows, sizeof *r);
        *r = (struct publication_record){.id = db_int(st, 0),
                                         .hash = arena_strdup(a, db_text(st, 1)),
                                         .version = arena_strdup(a, db_text(st, 2)),
                                         .title = arena_strdup(a, db_text(st, 3)),
                                         .note = arena_strdup(a, db_text(st, 5)),
                                         .at = db_int(st, 6),
                                         .by = db_int(st, 7)};
        change_kind_read(db_text(st, 4), &r->kind);
    }
    db_done(st);
    *out = rows.data;
    return step < 0 ? -1 : rows.count;
}
