#include "learning/session_cache.h"
#include "base/hash.h"
#include "learning/signin_internal.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS                                                                                      \
    4096 /* power of two; the token's hash is uniform, so its first bytes choose the slot */

struct session_cache {
    pthread_mutex_t mutex;
    uint64_t epoch; /* how often something was forgotten */
    struct session slots[SLOTS];
};

struct session_cache *session_cache_create(void)
{
    struct session_cache *s = calloc(1, sizeof *s);
    if (s)
        pthread_mutex_init(&s->mutex, NULL);
    return s;
}

void session_cache_free(struct session_cache *s)
{
    if (!s)
        return;
    pthread_mutex_destroy(&s->mutex);
    free(s);
}

static struct session *slot_of(struct session_cache *s, const uint8_t hash[HASH_BYTES])
{
    return &s->slots[(hash[0] | (unsigned)hash[1] << 8) % SLOTS];
}

static bool is_this(const struct session *slot, const uint8_t hash[HASH_BYTES])
{
    return slot->person != 0 && bytes_equal(slot->token_hash, hash, HASH_BYTES);
}

bool session_recall(struct session_cache *s, const char *token, instant at, struct session *out,
                    uint64_t *epoch)
{
    uint8_t hash[HASH_BYTES];
    session_token_hash(token, hash);
    memcpy(out->token_hash, hash, sizeof hash);
    *epoch = 0;
    if (!s)
        return false;
    pthread_mutex_lock(&s->mutex);
    const struct session *slot = slot_of(s, hash);
    bool found = is_this(slot, hash) && session_is_good(slot, at);
    if (found)
        *out = *slot;
    *epoch = s->epoch;
    pthread_mutex_unlock(&s->mutex);
    return found;
}

void session_remember(struct session_cache *s, const struct session *found, uint64_t epoch)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->mutex);
    if (s->epoch == epoch)
        *slot_of(s, found->token_hash) = *found;
    pthread_mutex_unlock(&s->mutex);
}

void session_forget(struct session_cache *s, const uint8_t token_hash[32])
{
    if (!s)
        return;
    pthread_mutex_lock(&s->mutex);
    s->epoch++;
    struct session *slot = slot_of(s, token_hash);
    if (is_this(slot, token_hash))
        *slot = (struct session){0};
    pthread_mutex_unlock(&s->mutex);
}

void session_forget_others(struct session_cache *s, int64_t person, const uint8_t kept_hash[32])
{
    if (!s)
        return;
    pthread_mutex_lock(&s->mutex);
    s->epoch++;
    for (size_t i = 0; i < SLOTS; i++)
        if (s->slots[i].person == person && !is_this(&s->slots[i], kept_hash))
            s->slots[i] = (struct session){0};
    pthread_mutex_unlock(&s->mutex);
}

void session_forget_person(struct session_cache *s, int64_t person)
{
    static const uint8_t none[HASH_BYTES];
    session_forget_others(s, person, none);
}

void session_note_seen(struct session_cache *s, const uint8_t token_hash[32], instant at)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->mutex);
    struct session *slot = slot_of(s, token_hash);
    if (is_this(slot, token_hash) && slot->seen_at < at)
        slot->seen_at = at;
    pthread_mutex_unlock(&s->mutex);
}
