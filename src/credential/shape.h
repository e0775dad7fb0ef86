/*
 * The exact shape. A JSON-LD processor reads many texts as the same statements: reordered, aliased,
 * with null members, with names defined by an added context. We read one: the two contexts and
 * nothing else, the members of terms.h in one form, ids under the issuer's own host.
 */
#ifndef CREDENTIAL_SHAPE_H
#define CREDENTIAL_SHAPE_H
#include "base/arena.h"
#include "base/error.h"
#include "credential/terms.h"
#include <cjson/cJSON.h>

/* root: NODE_CREDENTIAL or NODE_LIST_CREDENTIAL. 0, or -1 with plain words naming the place
 * ("credentialSubject.achievement: version is missing") in e. */
int shape_check(const cJSON *document, enum node root, struct arena *a, struct error *e);

/* The two text rules, also used before signing. A line: UTF-8 without control characters, not
 * empty, no line or paragraph separators. A block may hold newlines, no other control character. */
bool shape_is_line(const char *s);
bool shape_is_block(const char *s);

/* Lower-case UUID, 8-4-4-4-12. */
bool shape_is_uuid(const char *s);

#endif
