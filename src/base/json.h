/*
 * JSON in through one strict gate, out as text or in canonical form. cJSON alone takes duplicate
 * keys, bad UTF-8, infinities and trailing text, and its depth is bounded by the stack only; so
 * nothing from outside reaches cJSON (or SQLite's JSON functions) before json_scan has passed it.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_MAX_DEPTH 32

/* Where a text stopped being acceptable. Lines and columns count from 1; columns in bytes. */
struct json_position {
    size_t line, column;
};

/* RFC 8259 and more: UTF-8, depth <= 32, no duplicate names (compared after unescaping), no raw
 * control characters, no U+0000, no lone surrogate escapes, numbers in double range, nothing after
 * the value; a number has at most 63 characters. 0, or -1 with e and *at. When `at` is NULL, the
 * message begins with the position. Needs no stack beyond a few hundred bytes. */
int json_scan(const char *s, size_t n, struct json_position *at, struct error *e);
/* The same for at most so many values. */
int json_scan_few(const char *s, size_t n, size_t most, struct json_position *at, struct error *e);

/* json_scan, then cJSON. The caller frees with cJSON_Delete. NULL and e when refused. */
cJSON *json_parse(const char *s, size_t n, struct error *e);
/* The same, with the place of what was refused in *at rather than in the message. */
cJSON *json_parse_at(const char *s, size_t n, struct json_position *at, struct error *e);
/* For a text that may be long and holds little: with more than `most` values (objects and arrays,
 * strings, numbers and words; names not counted) it is refused before anything is made of it. cJSON
 * takes some 64 bytes for each, so that 2 MB of "[0,0,…" would take 64. */
cJSON *json_parse_few(const char *s, size_t n, size_t most, struct error *e);

/* RFC 8785 canonical form (names by UTF-16 code unit, ECMAScript numbers). -1 for NaN or infinity.
 */
int json_canonical(const cJSON *value, struct buf *out, struct error *e);

/* Compact text (cJSON's own printer is recursive too, but our own trees are shallow). */
void json_print(const cJSON *value, struct buf *out);

/*
 * Trees that last as long as an arena. json_start once, before the first tree of the process. From
 * json_trees_in(a) on, what cJSON makes on this thread lies in `a`, until json_trees_in(NULL); it
 * must not outlive `a`. cJSON_Delete is good for any tree, wherever its parts lie, on any thread:
 * it gives back what does not lie in an arena. Without json_start everything comes from malloc,
 * and json_trees_in is not for use. json_done is cJSON_Delete for a tree that was made on this
 * thread since the last json_trees_in: in an arena nothing is walked, all goes at once.
 */
void json_start(void);
void json_trees_in(struct arena *a);
void json_done(cJSON *tree);

/* Reading: exact names, typed, NULL or the fallback when absent or of another type. */
const cJSON *json_get(const cJSON *object, const char *name);
const char *json_string(const cJSON *object, const char *name); /* NULL when not a string */
const char *json_string_or(const cJSON *object, const char *name, const char *fallback);
double json_number_or(const cJSON *object, const char *name, double fallback);
bool json_bool_or(const cJSON *object, const char *name, bool fallback);

/* Building views. Each adds a member and returns it where that is useful; a NULL string adds
 * nothing. */
cJSON *json_object(cJSON *object, const char *name);
cJSON *json_array(cJSON *object, const char *name);
cJSON *json_item(cJSON *array); /* appends a new object */
void json_put(cJSON *object, const char *name, const char *value);
void json_putf(cJSON *object, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void json_put_int(cJSON *object, const char *name, int64_t value); /* exact up to 2^53 */
void json_put_bool(cJSON *object, const char *name, bool value);

#endif
