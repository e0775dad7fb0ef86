/*
 * The canonical form: what RDF Dataset Canonicalization (RDFC-1.0) makes of one of our documents,
 * written directly from the table of terms. Lines of N-Quads, sorted by bytes, each once, each with
 * a newline. Correct for the shapes in terms.h only; an unknown member is an error, never skipped.
 */
#ifndef CREDENTIAL_QUADS_H
#define CREDENTIAL_QUADS_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "credential/terms.h"
#include <cjson/cJSON.h>

#define QUADS_MAX_BYTES ((size_t)4 << 20)

/* Appends the canonical form of `object`, a node of kind `root`, to `out` (which the caller has
 * initialised with QUADS_MAX_BYTES). Scratch comes from the arena. -1 ERROR_INVALID names the
 * member that cannot stand in a statement. */
int quads_write(const cJSON *object, enum node root, struct arena *a, struct buf *out,
                struct error *e);

/* One canonical literal's text: \b \t \n \f \r \" \\ escaped (RDFC-1.0 §5, canonical N-Quads).
 * false for another control character, which we never sign. */
bool quads_escape(struct buf *out, const char *s);

#endif
