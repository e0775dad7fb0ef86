#include "learning/secret.h"
#include "learning/secret_key.h"
#include "learning/sql.h"
#include <string.h>

#define VERSION    1
#define HEAD_BYTES (1 + KEY_ID_BYTES + NONCE_BYTES)

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES   crypto_aead_xchacha20poly1305_ietf_ABYTES

/* What a text is sealed together with: its head without the nonce, and its place. Parts are ended
 * by NUL, which none of them holds, so no two places give the same bytes. */
static uint8_t *associated(struct arena *a, const uint8_t *head, const struct secret_place *place,
                           size_t *n)
{
    const char *parts[] = {place->purpose, place->owner, place->row};
    size_t size = 1 + KEY_ID_BYTES;
    for (int i = 0; i < 3; i++)
        size += strlen(parts[i]) + 1;
    uint8_t *out = arena_alloc(a, size), *p = out + 1 + KEY_ID_BYTES;
    memcpy(out, head, 1 + KEY_ID_BYTES);
    for (int i = 0; i < 3; i++) {
        size_t part = strlen(parts[i]) + 1;
        memcpy(p, parts[i], part);
        p += part;
    }
    *n = size;
    return out;
}

static int no_key(struct error *e)
{
    return error_set(e, ERROR_BUSY,
                     "Private writing is closed for now: the key that keeps it private is not on "
                     "the server. What you wrote before is kept, sealed.");
}

int secret_seal(struct conn *c, const struct learning *l, const struct secret_place *place,
                const char *text, instant at, struct arena *a, const void **sealed, size_t *n,
                struct error *e)
{
    if (!l->secret)
        return no_key(e);
    const struct secret_key *s = &l->secret->keys[0];
    if (db_exec(c, &sql_private_key_used, e, "bi", (const void *)s->id, (size_t)KEY_ID_BYTES, at) <
        0)
        return -1;
    size_t length = strlen(text), more = 0;
    uint8_t *out = arena_alloc(a, HEAD_BYTES + length + TAG_BYTES), *nonce = out + 1 + KEY_ID_BYTES;
    out[0] = VERSION;
    memcpy(out + 1, s->id, KEY_ID_BYTES);
    randombytes_buf(nonce, NONCE_BYTES);
    const uint8_t *with = associated(a, out, place, &more);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + HEAD_BYTES, NULL, (const uint8_t *)text,
                                               length, with, more, NULL, nonce, s->key);
    *sealed = out;
    *n = HEAD_BYTES + length + TAG_BYTES;
    return 0;
}

/* NULL when it is not here. */
static const struct secret_key *key_of(const struct secret *s, const uint8_t *sealed, size_t n)
{
    for (int i = 0; s && n > KEY_ID_BYTES && i < s->count; i++)
        if (memcmp(sealed + 1, s->keys[i].id, KEY_ID_BYTES) == 0)
            return &s->keys[i];
    return NULL;
}

int secret_read(const struct learning *l, const struct secret_place *place, const void *sealed,
                size_t n, struct arena *a, const char **text, struct error *e)
{
    const uint8_t *in = sealed;
    size_t more = 0;
    if (!l->secret)
        return no_key(e);
    if (n < HEAD_BYTES + TAG_BYTES || in[0] != VERSION)
        return error_set(e, ERROR_CONFLICT, "This text was altered and cannot be opened.");
    const struct secret_key *s = key_of(l->secret, in, n);
    if (!s)
        return error_set(e, ERROR_BUSY,
                         "This can't be opened at present: the key that sealed it is not on the "
                         "server. It is kept, sealed, in case the key is found.");
    char *out = arena_alloc(a, n - HEAD_BYTES - TAG_BYTES + 1);
    const uint8_t *with = associated(a, in, place, &more);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt((uint8_t *)out, NULL, NULL, in + HEAD_BYTES,
                                                   n - HEAD_BYTES, with, more,
                                                   in + 1 + KEY_ID_BYTES, s->key) != 0)
        return error_set(e, ERROR_CONFLICT, "This text was altered and cannot be opened.");
    *text = out;
    return 0;
}

/* ---- the proof ---- */

static int prove_one(const struct learning *l, struct stmt *st, struct arena *a,
                     struct secret_proof *out, struct error *e)
{
    size_t n;
    const char *text;
    const void *sealed = db_blob(st, 3, &n);
    struct secret_place place = {db_text(st, 0), db_text(st, 1), db_text(st, 2)};
    out->texts++;
    if (!key_of(l->secret, sealed, n) && n >= HEAD_BYTES + TAG_BYTES)
        return 0;
    if (secret_read(l, &place, sealed, n, a, &text, e))
        return error_set(e, ERROR_INVALID, "%s %s was altered: its key does not open it",
                         place.purpose, place.row);
    out->opened++;
    return 0;
}

int secret_prove(struct conn *c, const struct learning *l, struct secret_proof *out,
                 struct error *e)
{
    *out = (struct secret_proof){0};
    struct stmt *st = db_query(c, &sql_sealed_texts, e, "");
    struct arena *a = arena_create();
    int step = st ? 0 : -1;
    while (st && (step = db_step(st, e)) == 1) {
        if (prove_one(l, st, a, out, e)) {
            step = -1;
            break;
        }
        arena_reset(a);
    }
    db_done(st);
    arena_free(a);
    return step;
}
