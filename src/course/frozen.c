#include "course/frozen.h"
#include "course/sql.h"
#include <stdio.h>

size_t frozen_head_size(const struct frozen *f)
{
    return f->n < FROZEN_PIECE ? f->n : FROZEN_PIECE;
}

/* ---- putting down ---- */

struct piece_write {
    const struct frozen *f;
    int number;
};

static int put_piece(struct conn *c, void *arg, struct error *e)
{
    const struct piece_write *w = arg;
    size_t at = FROZEN_PIECE * (size_t)w->number, left = w->f->n - at;
    return db_exec(c, &sql_frozen_piece_insert, e, "tib", w->f->hash, (int64_t)w->number,
                   w->f->bytes + at, left < FROZEN_PIECE ? left : FROZEN_PIECE) < 0
               ? -1
               : 0;
}

static int pieces(const struct frozen *f)
{
    return f->n <= FROZEN_PIECE ? 0 : (int)((f->n - 1) / FROZEN_PIECE);
}

struct sweep {
    const char *keep;
    bool found;
};

static int sweep_one(struct conn *c, void *arg, struct error *e)
{
    struct sweep *w = arg;
    int64_t id = 0;
    int found = db_query_int(c, &sql_frozen_stray, &id, e, "t", w->keep);
    w->found = found == 1;
    return found < 0 || (found == 1 && db_exec(c, &sql_frozen_piece_delete, e, "i", id) < 0) ? -1
                                                                                             : 0;
}

int frozen_put_down(struct db *db, const struct frozen *f, struct error *e)
{
    struct sweep sweep = {.keep = f->hash, .found = true};
    while (sweep.found)
        if (db_write(db, sweep_one, &sweep, e))
            return -1;
    for (int i = 1; i <= pieces(f); i++)
        if (db_write(db, put_piece, &(struct piece_write){f, i}, e))
            return -1;
    return 0;
}

int frozen_complete(struct conn *c, const struct frozen *f, struct error *e)
{
    for (int i = 1; i <= pieces(f); i++)
        if (put_piece(c, &(struct piece_write){f, i}, e))
            return -1;
    return 0;
}

/* ---- reading ---- */

static void append(struct stmt *st, int column, struct buf *out)
{
    size_t n;
    const void *bytes = db_blob(st, column, &n);
    if (bytes)
        buf_append(out, bytes, n);
}

int frozen_read(struct conn *c, int64_t publication, struct buf *out, struct error *e)
{
    char hash[65] = "";
    struct stmt *st = db_query(c, &sql_frozen_head, e, "i", publication);
    int step = st ? db_step(st, e) : -1;
    if (step == 1) {
        snprintf(hash, sizeof hash, "%s", db_text(st, 0));
        append(st, 1, out);
    }
    db_done(st);
    if (step == 0)
        return error_set(e, ERROR_NOT_FOUND, "publication %lld does not exist",
                         (long long)publication);
    st = step == 1 ? db_query(c, &sql_frozen_pieces, e, "t", hash) : NULL;
    while (st && (step = db_step(st, e)) == 1)
        append(st, 0, out);
    db_done(st);
    return st && step == 0 ? 0 : -1;
}
