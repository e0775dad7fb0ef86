#include "learning/status_lists.h"
#include "base/encode.h"
#include "base/hash.h"
#include "base/memory.h"
#include "credential/status_list.h"
#include "learning/sql.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RESIGN INSTANT_DAY
/* Lists of 65,536 certificates each; an older one in the same slot is made anew. */
#define SLOTS     64
#define RECENT_US 1000000

struct signed_list {
    int64_t list, changes;
    instant at;
    int64_t checked_us,
        bits_set; /* when the database was asked (monotonic), and l->bits_set before */
    char *key;
    char *json;
    size_t length;
    char etag[33];
};

struct status_cache {
    pthread_mutex_t mutex;
    struct signed_list slots[SLOTS];
};

struct status_cache *status_cache_create(void)
{
    struct status_cache *s = memory_array(1, sizeof *s);
    pthread_mutex_init(&s->mutex, NULL);
    return s;
}

static void slot_clear(struct signed_list *s)
{
    free(s->key);
    free(s->json);
    *s = (struct signed_list){0};
}

void status_cache_free(struct status_cache *s)
{
    if (!s)
        return;
    for (int i = 0; i < SLOTS; i++)
        slot_clear(&s->slots[i]);
    pthread_mutex_destroy(&s->mutex);
    free(s);
}

static int read_bits(struct conn *c, int64_t list, uint8_t *bits, struct error *e)
{
    struct stmt *st = db_query(c, &sql_list_bits, e, "i", list);
    int step = st ? 0 : -1;
    while (st && (step = db_step(st, e)) == 1)
        status_list_set(bits, STATUS_LIST_BYTES, (uint64_t)db_int(st, 0));
    db_done(st);
    return step;
}

/* A snapshot that began before the latest change sees what a newer one has signed: never older. */
static bool fresh(const struct signed_list *s, const struct signed_list *wanted)
{
    return s->json && s->list == wanted->list && s->changes >= wanted->changes &&
           strcmp(s->key, wanted->key) == 0 && s->at <= wanted->at && wanted->at < s->at + RESIGN;
}

static int sign_into(struct signed_list *slot, const struct signed_list *wanted, struct conn *c,
                     struct learning *l, struct arena *a, struct error *e)
{
    const char *json;
    uint8_t *bits = arena_alloc(a, STATUS_LIST_BYTES);
    if (read_bits(c, wanted->list, bits, e) ||
        issuer_sign_status_list(l->issuer, wanted->list, bits, STATUS_LIST_BYTES, wanted->at, a,
                                &json, e))
        return -1;
    slot_clear(slot);
    *slot = *wanted;
    slot->key = memory_strdup(wanted->key);
    slot->json = memory_strdup(json);
    slot->length = strlen(json);
    uint8_t hash[HASH_BYTES];
    hash_blake2b(json, slot->length, hash);
    snprintf(slot->etag, sizeof slot->etag, "%s", hex_encode(a, hash, 16));
    return 0;
}

static void copy_out(const struct signed_list *slot, struct arena *a, struct status_list *out)
{
    *out = (struct status_list){.json = arena_memdup(a, slot->json, slot->length),
                                .length = slot->length};
    memcpy(out->etag, slot->etag, sizeof out->etag);
}

bool status_list_recent(struct status_cache *s, struct learning *l, int64_t list, instant at,
                        struct arena *a, struct status_list *out)
{
    const char *key = issuer_key_id(l->issuer, a);
    struct signed_list *slot = &s->slots[list % SLOTS];
    if (!key)
        return false;
    pthread_mutex_lock(&s->mutex);
    bool recent = slot->json && slot->list == list && slot->bits_set == atomic_load(&l->bits_set) &&
                  clock_monotonic_us() - slot->checked_us < RECENT_US &&
                  strcmp(slot->key, key) == 0 && slot->at <= at && at < slot->at + RESIGN;
    if (recent)
        copy_out(slot, a, out);
    pthread_mutex_unlock(&s->mutex);
    return recent;
}

int status_list_read(struct status_cache *s, struct conn *c, struct learning *l, int64_t list,
                     instant at, struct arena *a, struct status_list *out, struct error *e)
{
    struct signed_list wanted = {.list = list, .at = at};
    int64_t now = clock_monotonic_us(), bits_set = atomic_load(&l->bits_set);
    int found = db_query_int(c, &sql_list_changes, &wanted.changes, e, "i", list);
    if (found <= 0)
        return found < 0
                   ? -1
                   : error_set(e, ERROR_NOT_FOUND, "There is no status list with this number.");
    wanted.key = issuer_key_id(l->issuer, a);
    if (!wanted.key) /* "there is none" would be wrong, and is what a forger would like to hear */
        return error_set(e, ERROR_BUSY, "The site has no signing key just now.");
    struct signed_list *slot = &s->slots[list % SLOTS];
    pthread_mutex_lock(&s->mutex);
    int result = fresh(slot, &wanted) ? 0 : sign_into(slot, &wanted, c, l, a, e);
    if (result == 0) {
        slot->checked_us = now;
        slot->bits_set = bits_set;
        copy_out(slot, a, out);
    }
    pthread_mutex_unlock(&s->mutex);
    return result;
}

int status_list_get(struct status_cache *s, struct conn *c, struct learning *l, int64_t list,
                    instant at, struct arena *a, const char **json, struct error *e)
{
    struct status_list found;
    int result = status_list_read(s, c, l, list, at, a, &found, e);
    *json = result == 0 ? found.json : NULL;
    return result;
}

/* ---- before the host goes ---- */

int64_t status_list_count(struct conn *c, struct error *e)
{
    int64_t last = 0;
    return db_query_int(c, &sql_list_current, &last, e, "") < 0 ? -1 : last;
}

int status_list_last(struct conn *c, struct learning *l, int64_t list, instant at, instant until,
                     struct arena *a, const char **json, struct error *e)
{
    uint8_t *bits = arena_alloc(a, STATUS_LIST_BYTES);
    return read_bits(c, list, bits, e) ||
                   issuer_sign_last_status_list(l->issuer, list, bits, STATUS_LIST_BYTES, at, until,
                                                a, json, e)
               ? -1
               : 0;
}
