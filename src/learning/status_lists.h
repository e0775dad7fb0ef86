/*
 * The signed status lists as served. A list's bits are those of certificate_revocation; it is
 * signed anew when one was set, when the signing key is another, and every day (a signed list holds
 * for seven). What is fresh comes from memory. Any thread.
 */
#ifndef LEARNING_STATUS_LISTS_H
#define LEARNING_STATUS_LISTS_H
#include "learning/learning.h"

struct status_cache;
struct status_cache *status_cache_create(void);
void status_cache_free(struct status_cache *s); /* NULL is fine */

struct status_list {
    const char *json;
    size_t length;
    char etag[33]; /* made once, when it is signed: a list may hold thousands of bits */
};

/* List N; its text in the arena. ERROR_NOT_FOUND; ERROR_BUSY while there is no key to sign with. */
int status_list_read(struct status_cache *s, struct conn *c, struct learning *l, int64_t list,
                     instant at, struct arena *a, struct status_list *out, struct error *e);
/* List N as it was within the last second, without asking the database; false when that is not
 * known. After a bit was set by this process it is asked again, so the second is for one that is
 * being set at this moment. */
bool status_list_recent(struct status_cache *s, struct learning *l, int64_t list, instant at,
                        struct arena *a, struct status_list *out);
/* Its text alone. */
int status_list_get(struct status_cache *s, struct conn *c, struct learning *l, int64_t list,
                    instant at, struct arena *a, const char **json, struct error *e);

/* ---- before the host goes ---- */

/* How many lists there are: 1 … n. -1 with e. */
int64_t status_list_count(struct conn *c, struct error *e);
/* List N as it stands, signed by the present key and valid until then; not kept. */
int status_list_last(struct conn *c, struct learning *l, int64_t list, instant at, instant until,
                     struct arena *a, const char **json, struct error *e);

#endif
