#include "learning/secret.h"
#include "base/memory.h"
#include "credential/key_file.h"
#include "learning/sql.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VERSION    1
#define ID_BYTES   8
#define HEAD_BYTES (1 + ID_BYTES + NONCE_BYTES)

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES   crypto_aead_xchacha20poly1305_ietf_ABYTES
#define KEY_SIZE    crypto_aead_xchacha20poly1305_ietf_KEYBYTES

_Static_assert(crypto_kdf_KEYBYTES == 32 && KEY_SIZE == 32, "one size of key");

/* The file: this line, then the key in base64url and a line's end. */
static const char magic[] = "understory-private-key 1\n";
#define KEY_TEXT   43
#define FILE_BYTES (sizeof magic - 1 + KEY_TEXT + 1)

static const char context[crypto_kdf_CONTEXTBYTES] = {'p', 'r', 'i', 'v', 'a', 't', 'e', '1'};
enum { SUBKEY_SEAL = 1, SUBKEY_ID = 2 };

struct secret {
    uint8_t *key; /* the subkey that seals, in locked memory */
    uint8_t id[ID_BYTES];
};

/* ---- the key's file ---- */

static uint8_t *locked(size_t n)
{
    uint8_t *p = sodium_malloc(n);
    if (!p)
        memory_exhausted();
    return p;
}

static struct secret *from_master(const uint8_t *master)
{
    uint8_t id[crypto_kdf_BYTES_MIN];
    struct secret *s = memory_array(1, sizeof *s);
    s->key = locked(KEY_SIZE);
    crypto_kdf_derive_from_key(s->key, KEY_SIZE, SUBKEY_SEAL, context, master);
    crypto_kdf_derive_from_key(id, sizeof id, SUBKEY_ID, context, master);
    memcpy(s->id, id, ID_BYTES);
    sodium_mprotect_readonly(s->key);
    return s;
}

/* Makes the file; what it holds is read back like any other, so a key that seals is on disk. */
static int make_file(const char *folder, struct error *e)
{
    uint8_t *master = locked(crypto_kdf_KEYBYTES);
    char *bytes = (char *)locked(FILE_BYTES + 1);
    memcpy(bytes, magic, sizeof magic - 1);
    crypto_kdf_keygen(master);
    sodium_bin2base64(bytes + sizeof magic - 1, KEY_TEXT + 1, master, crypto_kdf_KEYBYTES,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    bytes[FILE_BYTES - 1] = '\n';
    int result = key_file_write(folder, SECRET_FILE, bytes, FILE_BYTES, false, e);
    sodium_free(master);
    sodium_free(bytes);
    return result;
}

static struct secret *read_file(const char *path, struct error *e)
{
    size_t length = 0, n = 0;
    struct secret *s = NULL;
    int folder = key_folder_open(path, e);
    char *bytes = folder < 0 ? NULL : key_file_read(folder, path, SECRET_FILE, &length, e);
    if (folder >= 0)
        close(folder);
    if (!bytes)
        return NULL;
    uint8_t *master = locked(crypto_kdf_KEYBYTES);
    if (length == FILE_BYTES && memcmp(bytes, magic, sizeof magic - 1) == 0 &&
        sodium_base642bin(master, crypto_kdf_KEYBYTES, bytes + sizeof magic - 1, KEY_TEXT, NULL, &n,
                          NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
        n == crypto_kdf_KEYBYTES)
        s = from_master(master);
    else
        error_set(e, ERROR_INVALID,
                  "%s/%s does not hold a key to private writing: put the right file back", path,
                  SECRET_FILE);
    sodium_free(master);
    sodium_memzero(bytes, KEY_FILE_MAX_BYTES);
    free(bytes);
    return s;
}

/* The id of the key that sealed last: 1, 0 when nothing was ever sealed, -1. */
static int newest_id(struct db *db, uint8_t id[ID_BYTES], struct error *e)
{
    struct conn *c = db_read_begin(db, e);
    struct stmt *st = c ? db_query(c, &sql_private_key_newest, e, "") : NULL;
    int step = st ? db_step(st, e) : -1;
    if (step == 1) {
        size_t n;
        const void *p = db_blob(st, 0, &n);
        memcpy(id, p, n == ID_BYTES ? n : 0);
    }
    db_done(st);
    db_read_end(db, c);
    return step;
}

struct secret *secret_open(const char *folder, struct db *db, bool make, struct error *e)
{
    uint8_t id[ID_BYTES] = {0};
    struct error why = {0};
    int used = newest_id(db, id, e);
    if (used < 0)
        return NULL;
    struct secret *s = read_file(folder, &why);
    if (!s && why.kind == ERROR_NOT_FOUND && !used) {
        if (!make || make_file(folder, e))
            return NULL;
        return read_file(folder, e);
    }
    if (!s && why.kind == ERROR_NOT_FOUND)
        error_set(
            e, ERROR_NOT_FOUND,
            "the key to private writing is missing (%s/%s): what people wrote stays sealed and "
            "nothing new is taken. Restore it from the backup of the keys",
            folder, SECRET_FILE);
    else if (!s)
        *e = why;
    if (s && used && memcmp(s->id, id, ID_BYTES) != 0) {
        error_set(e, ERROR_CONFLICT,
                  "%s/%s is another key than the one that private writing here was sealed with: "
                  "put the right one back from the backup of the keys",
                  folder, SECRET_FILE);
        secret_free(s);
        return NULL;
    }
    return s;
}

void secret_free(struct secret *s)
{
    if (!s)
        return;
    sodium_free(s->key);
    free(s);
}

/* ---- sealing and opening ---- */

/* What a text is sealed together with: its head without the nonce, and its place. Parts are ended
 * by NUL, which none of them holds, so no two places give the same bytes. */
static uint8_t *associated(struct arena *a, const uint8_t *head, const struct secret_place *place,
                           size_t *n)
{
    const char *parts[] = {place->purpose, place->owner, place->row};
    size_t size = 1 + ID_BYTES;
    for (int i = 0; i < 3; i++)
        size += strlen(parts[i]) + 1;
    uint8_t *out = arena_alloc(a, size), *p = out + 1 + ID_BYTES;
    memcpy(out, head, 1 + ID_BYTES);
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
    const struct secret *s = l->secret;
    if (!s)
        return no_key(e);
    if (db_exec(c, &sql_private_key_used, e, "bi", (const void *)s->id, (size_t)ID_BYTES, at) < 0)
        return -1;
    size_t length = strlen(text), more = 0;
    uint8_t *out = arena_alloc(a, HEAD_BYTES + length + TAG_BYTES), *nonce = out + 1 + ID_BYTES;
    out[0] = VERSION;
    memcpy(out + 1, s->id, ID_BYTES);
    randombytes_buf(nonce, NONCE_BYTES);
    const uint8_t *with = associated(a, out, place, &more);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + HEAD_BYTES, NULL, (const uint8_t *)text,
                                               length, with, more, NULL, nonce, s->key);
    *sealed = out;
    *n = HEAD_BYTES + length + TAG_BYTES;
    return 0;
}

static bool is_of_key(const struct secret *s, const uint8_t *sealed, size_t n)
{
    return s && n > ID_BYTES && memcmp(sealed + 1, s->id, ID_BYTES) == 0;
}

int secret_read(const struct learning *l, const struct secret_place *place, const void *sealed,
                size_t n, struct arena *a, const char **text, struct error *e)
{
    const struct secret *s = l->secret;
    const uint8_t *in = sealed;
    size_t more = 0;
    if (!s)
        return no_key(e);
    if (n < HEAD_BYTES + TAG_BYTES || in[0] != VERSION)
        return error_set(e, ERROR_CONFLICT, "This text was altered and cannot be opened.");
    if (!is_of_key(s, in, n))
        return error_set(e, ERROR_BUSY,
                         "This text was sealed with a key that is not on the server now. It is "
                         "kept as it is.");
    char *out = arena_alloc(a, n - HEAD_BYTES - TAG_BYTES + 1);
    const uint8_t *with = associated(a, in, place, &more);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt((uint8_t *)out, NULL, NULL, in + HEAD_BYTES,
                                                   n - HEAD_BYTES, with, more, in + 1 + ID_BYTES,
                                                   s->key) != 0)
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
    if (!is_of_key(l->secret, sealed, n) && n >= HEAD_BYTES + TAG_BYTES)
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
