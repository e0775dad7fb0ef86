/* Who signs: the identity, and the present ring behind a mutex, counted by those who use it. */
#include "credential/issuer_keys.h"
#include "base/memory.h"
#include "credential/did.h"
#include "credential/shape.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct current {
    pthread_mutex_t mutex;
    struct snapshot *snapshot;
};

static bool is_trial(const char *host)
{
    size_t length = strcspn(host, ":");
    return (length == 9 && strncmp(host, "localhost", 9) == 0) ||
           (length == 9 && strncmp(host, "127.0.0.1", 9) == 0);
}

/* ---- the present keys ---- */

static struct snapshot *hold(const struct issuer *i)
{
    pthread_mutex_lock(&i->current->mutex);
    struct snapshot *s = i->current->snapshot;
    s->users++;
    pthread_mutex_unlock(&i->current->mutex);
    return s;
}

static void snapshot_free(struct snapshot *s)
{
    key_ring_free(s->ring);
    free(s->document);
    free(s->reason);
    free(s);
}

void issuer_let_go(const struct issuer *i, struct snapshot *s)
{
    pthread_mutex_lock(&i->current->mutex);
    bool last = --s->users == 0;
    pthread_mutex_unlock(&i->current->mutex);
    if (last)
        snapshot_free(s);
}

static void put(struct issuer *i, struct snapshot *next)
{
    next->users = 1;
    pthread_mutex_lock(&i->current->mutex);
    struct snapshot *before = i->current->snapshot;
    i->current->snapshot = next;
    pthread_mutex_unlock(&i->current->mutex);
    issuer_let_go(i, before);
}

static char *write_document(const struct issuer *i, const struct key_ring *ring)
{
    struct arena *a = arena_create();
    const char **keys = arena_array(a, ring->count + 1, sizeof *keys);
    size_t count = 0;
    for (size_t k = 0; k < ring->count; k++)
        if (ring->keys[k].state != KEY_COMPROMISED)
            keys[count++] = ring->keys[k].id;
    char *document = memory_strdup(did_document_write(a, i->identity.did, keys, count));
    arena_free(a);
    return document;
}

void issuer_take_keys(struct issuer *i, struct key_ring *ring)
{
    struct snapshot *s = memory_array(1, sizeof *s);
    const struct signing_key *active = key_ring_active(ring);
    s->ring = ring;
    s->document = write_document(i, ring);
    s->key = active && active->secret ? active : NULL;
    s->reason = memory_strdup(s->key   ? ""
                              : active ? active->locked
                                       : "no key is active: `understory key rotate` makes one");
    put(i, s);
}

const struct key_ring *issuer_ring(const struct issuer *i)
{
    struct snapshot *s = hold(i);
    const struct key_ring *ring = s->ring;
    issuer_let_go(i, s);
    return ring;
}

void issuer_without_keys(struct issuer *i, const char *why)
{
    struct snapshot *s = memory_array(1, sizeof *s);
    s->reason = memory_strdup(why);
    put(i, s);
}

/* ---- open and close ---- */

struct issuer *issuer_create(const char *origin, const char *name, struct error *e)
{
    struct issuer *i = memory_array(1, sizeof *i);
    i->arena = arena_create();
    i->current = memory_array(1, sizeof *i->current);
    pthread_mutex_init(&i->current->mutex, NULL);
    i->current->snapshot = memory_array(1, sizeof *i->current->snapshot);
    i->current->snapshot->users = 1;
    i->current->snapshot->reason = memory_strdup("the keys were not read yet");
    i->identity.did = did_from_origin(i->arena, origin, e);
    if (!i->identity.did)
        goto fail;
    if (!shape_is_line(name)) {
        error_field(e, "coe_name", "the issuer's name must be one line of text");
        goto fail;
    }
    i->identity.origin = arena_strdup(i->arena, origin);
    i->identity.name = arena_strdup(i->arena, name);
    i->identity.trial = is_trial(origin + strlen("https://"));
    return i;
fail:
    issuer_free(i);
    return NULL;
}

void issuer_free(struct issuer *i)
{
    if (!i)
        return;
    snapshot_free(i->current->snapshot);
    pthread_mutex_destroy(&i->current->mutex);
    free(i->current);
    arena_free(i->arena);
    free(i);
}

static struct key_ring *ring_with_a_key(const char *folder, struct error *e)
{
    struct clock clock;
    clock_system(&clock);
    struct key_ring *ring = key_ring_open(folder, NULL, e);
    if (!ring || ring->count > 0)
        return ring;
    key_ring_free(ring);
    return key_create(folder, KEY_ACTIVE, NULL, clock_now(&clock), NULL, e)
               ? NULL
               : key_ring_open(folder, NULL, e);
}

struct issuer *issuer_open(const char *keys_folder, const char *origin, const char *name,
                           struct error *e)
{
    struct issuer *i = issuer_create(origin, name, e);
    struct key_ring *ring = i ? ring_with_a_key(keys_folder, e) : NULL;
    if (!ring)
        goto fail;
    issuer_take_keys(i, ring);
    if (issuer_can_sign(i))
        return i;
    error_set(e, ERROR_NOT_FOUND, "%s: %s", keys_folder, i->current->snapshot->reason);
fail:
    issuer_free(i);
    return NULL;
}

/* ---- asking ---- */

const char *issuer_did(const struct issuer *i)
{
    return i->identity.did;
}

const char *issuer_origin(const struct issuer *i)
{
    return i->identity.origin;
}

bool issuer_can_sign(const struct issuer *i)
{
    if (!i)
        return false;
    struct snapshot *s = hold(i);
    bool can = s->key != NULL;
    issuer_let_go(i, s);
    return can;
}

const char *issuer_reason(const struct issuer *i, struct arena *a)
{
    if (!i)
        return "there is no issuer";
    struct snapshot *s = hold(i);
    const char *reason = arena_strdup(a, s->reason);
    issuer_let_go(i, s);
    return reason;
}

char *issuer_key_id(const struct issuer *i, struct arena *a)
{
    if (!i)
        return NULL;
    struct snapshot *s = hold(i);
    char *id = s->key ? arena_strdup(a, s->key->id) : NULL;
    issuer_let_go(i, s);
    return id;
}

const char *issuer_did_document(const struct issuer *i, struct arena *a)
{
    if (!i)
        return NULL;
    struct snapshot *s = hold(i);
    const char *document = s->document ? arena_strdup(a, s->document) : NULL;
    issuer_let_go(i, s);
    return document;
}

size_t issuer_keys(const struct issuer *i, struct arena *a, const struct issuer_key **out)
{
    struct snapshot *s = hold(i);
    size_t n = s->ring ? s->ring->count : 0;
    struct issuer_key *list = arena_array(a, n + 1, sizeof *list);
    const struct signing_key *active = s->ring ? key_ring_active(s->ring) : NULL;
    for (size_t k = 0; k < n; k++) {
        const struct signing_key *key = &s->ring->keys[k];
        list[k] = (struct issuer_key){
            .id = arena_strdup(a, key->id),
            .fingerprint = key_fingerprint(a, key->public_key),
            .state = key_state_name(key->state),
            .form = key->state > KEY_ACTIVE ? "" : key_form_name(key->form),
            .created = key->created,
            .since = key->since,
            .signs = key == active,
            .locked = arena_strdup(a, key->locked),
        };
    }
    issuer_let_go(i, s);
    *out = list;
    return n;
}

struct snapshot *issuer_hold_to_sign(const struct issuer *i, struct error *e)
{
    struct snapshot *s = hold(i);
    if (s->key)
        return s;
    error_set(e, ERROR_BUSY, "There is no key to sign with just now.");
    issuer_let_go(i, s);
    return NULL;
}
