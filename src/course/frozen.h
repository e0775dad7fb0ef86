/*
 * Where a publication's frozen bytes are kept: the first FROZEN_PIECE of them in its row, the rest
 * in pieces of that size, so that no single write holds the writer long, however large a course is.
 * The pieces are put down before the row; without a row nobody sees them. What a publishing that
 * was refused or cut off has left is swept away by the next one.
 */
#ifndef COURSE_FROZEN_H
#define COURSE_FROZEN_H
#include "base/buf.h"
#include "db/db.h"

#define FROZEN_PIECE ((size_t)512 << 10) /* bytes */

struct frozen {
    const char *hash; /* the content hash, 64 hex digits */
    const char *bytes;
    size_t n;
};

/* What its row holds, from f->bytes on. */
size_t frozen_head_size(const struct frozen *f);
/* Outside any closure: puts the pieces down, each in a write of its own. */
int frozen_put_down(struct db *db, const struct frozen *f, struct error *e);
/* Inside the closure that makes the row: puts down again what a sweep has taken in between, which
 * is nothing but when two are published at once. */
int frozen_complete(struct conn *c, const struct frozen *f, struct error *e);

/* All bytes of a publication, appended to `out`. ERROR_NOT_FOUND when there is none. */
int frozen_read(struct conn *c, int64_t publication, struct buf *out, struct error *e);

#endif
