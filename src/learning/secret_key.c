/*
 * One file seals, private.key. Files private-NAME.key beside it are keys of before, put back after
 * one was lost and found: they only open. Which one seals is known by table private_key, whose
 * newest row is it.
 */
#include "learning/secret_key.h"
#include "base/encode.h"
#include "base/memory.h"
#include "base/text.h"
#include "credential/key_file.h"
#include "learning/ledger.h"
#include "learning/secret.h"
#include "learning/sql.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Static_assert(crypto_kdf_KEYBYTES == 32 && SECRET_KEY_BYTES == 32, "one size of key");

/* The file: this line, then the key in base64url and a line's end. */
static const char magic[] = "understory-private-key 1\n";
#define KEY_TEXT   43
#define FILE_BYTES (sizeof magic - 1 + KEY_TEXT + 1)

static const char context[crypto_kdf_CONTEXTBYTES] = {'p', 'r', 'i', 'v', 'a', 't', 'e', '1'};
enum { SUBKEY_SEAL = 1, SUBKEY_ID = 2 };

/* ---- one file ---- */

static void derive(const uint8_t *master, struct secret_key *out)
{
    uint8_t id[crypto_kdf_BYTES_MIN];
    out->key = memory_locked(SECRET_KEY_BYTES);
    crypto_kdf_derive_from_key(out->key, SECRET_KEY_BYTES, SUBKEY_SEAL, context, master);
    crypto_kdf_derive_from_key(id, sizeof id, SUBKEY_ID, context, master);
    memcpy(out->id, id, KEY_ID_BYTES);
    sodium_mprotect_readonly(out->key);
}

/* Makes the file; what it holds is read back like any other, so a key that seals is on disk. */
static int make_file(const char *folder, struct error *e)
{
    uint8_t *master = memory_locked(crypto_kdf_KEYBYTES);
    char *bytes = memory_locked(FILE_BYTES + 1);
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

static int read_file(const char *path, const char *name, struct secret_key *out, struct error *e)
{
    size_t length = 0, n = 0;
    int result = -1, folder = key_folder_open(path, e);
    char *bytes = folder < 0 ? NULL : key_file_read(folder, path, name, &length, e);
    if (folder >= 0)
        close(folder);
    if (!bytes)
        return -1;
    uint8_t *master = memory_locked(crypto_kdf_KEYBYTES);
    if (length == FILE_BYTES && memcmp(bytes, magic, sizeof magic - 1) == 0 &&
        sodium_base642bin(master, crypto_kdf_KEYBYTES, bytes + sizeof magic - 1, KEY_TEXT, NULL, &n,
                          NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
        n == crypto_kdf_KEYBYTES) {
        derive(master, out);
        result = 0;
    } else {
        error_set(e, ERROR_INVALID,
                  "%s/%s does not hold a key to private writing: put the right file back", path,
                  name);
    }
    sodium_free(master);
    sodium_memzero(bytes, KEY_FILE_MAX_BYTES);
    free(bytes);
    return result;
}

/* ---- which key sealed last ---- */

struct newest {
    uint8_t id[KEY_ID_BYTES];
    instant at;
    int64_t keys; /* how many have ever sealed here; 0: nothing was ever sealed */
};

static int read_newest(struct conn *c, struct newest *out, struct error *e)
{
    *out = (struct newest){0};
    struct stmt *st = db_query(c, &sql_private_key_newest, e, "");
    int step = st ? db_step(st, e) : -1;
    if (step == 1) {
        size_t n;
        const void *p = db_blob(st, 0, &n);
        memcpy(out->id, p, n == KEY_ID_BYTES ? n : 0);
        out->at = db_int(st, 1);
        out->keys = db_int(st, 2);
    }
    db_done(st);
    return step < 0 ? -1 : 0;
}

static int newest_of(struct db *db, struct newest *out, struct error *e)
{
    struct conn *c = db_read_begin(db, e);
    int result = c ? read_newest(c, out, e) : -1;
    db_read_end(db, c);
    return result;
}

int secret_began_anew(struct conn *c, instant *at, struct error *e)
{
    struct newest newest;
    if (read_newest(c, &newest, e))
        return -1;
    *at = newest.at;
    return newest.keys > 1;
}

/* ---- opening ---- */

static bool is_older(const char *name)
{
    return text_starts(name, SECRET_OLDER) && text_ends(name, ".key") &&
           strlen(name) < KEY_FILE_NAME_MAX;
}

/* Keys of before. One that is not to be read is an error, so that nobody wonders why it opens
 * nothing. */
static int read_older(const char *folder, struct secret *s, struct error *e)
{
    int result = 0;
    const struct dirent *entry;
    DIR *d = opendir(folder);
    while (d && result == 0 && (entry = readdir(d))) {
        if (!is_older(entry->d_name))
            continue;
        if (s->count == SECRET_KEYS_MOST)
            result = error_set(e, ERROR_INVALID, "%s holds more than %d keys to private writing",
                               folder, SECRET_KEYS_MOST);
        else
            result = read_file(folder, entry->d_name, &s->keys[s->count], e);
        s->count += result == 0;
    }
    if (d)
        closedir(d);
    return result;
}

static int missing(const char *folder, struct error *e)
{
    return error_set(
        e, ERROR_NOT_FOUND,
        "the key to private writing is missing (%s/%s): what people wrote stays sealed and nothing "
        "new is taken. Restore it from the backup of the keys; if it is lost for good, see "
        "`understory key --help`",
        folder, SECRET_FILE);
}

static int other_key(const char *folder, struct error *e)
{
    return error_set(
        e, ERROR_CONFLICT,
        "%s/%s is another key than the one that private writing here was sealed with: put the "
        "right one back from the backup of the keys. A key of before that was found may stand "
        "beside it as " SECRET_OLDER "found.key",
        folder, SECRET_FILE);
}

/* 0, or -1; without a message when there is no key and none is to be made. */
static int read_sealing(const char *folder, const struct newest *newest, bool make,
                        struct secret *s, struct error *e)
{
    struct error why = {0};
    int result = read_file(folder, SECRET_FILE, &s->keys[0], &why);
    if (result && why.kind == ERROR_NOT_FOUND && newest->keys)
        return missing(folder, e);
    if (result && why.kind == ERROR_NOT_FOUND) {
        if (!make || make_file(folder, e) || read_file(folder, SECRET_FILE, &s->keys[0], e))
            return -1;
    } else if (result) {
        *e = why;
        return -1;
    }
    s->count = 1;
    return newest->keys && memcmp(s->keys[0].id, newest->id, KEY_ID_BYTES) != 0
               ? other_key(folder, e)
               : 0;
}

struct secret *secret_open(const char *folder, struct db *db, bool make, struct error *e)
{
    struct newest newest;
    if (newest_of(db, &newest, e))
        return NULL;
    struct secret *s = memory_array(1, sizeof *s);
    if (read_sealing(folder, &newest, make, s, e) == 0 && read_older(folder, s, e) == 0)
        return s;
    secret_free(s);
    return NULL;
}

void secret_free(struct secret *s)
{
    for (int i = 0; s && i < s->count; i++)
        sodium_free(s->keys[i].key);
    free(s);
}

/* ---- when the key is lost ---- */

int secret_lost(const char *folder, struct db *db, struct secret_loss *out, struct error *e)
{
    struct newest newest;
    struct secret_key key;
    struct error why = {0};
    *out = (struct secret_loss){0};
    if (newest_of(db, &newest, e))
        return -1;
    if (read_file(folder, SECRET_FILE, &key, &why) == 0) {
        bool right = !newest.keys || memcmp(key.id, newest.id, KEY_ID_BYTES) == 0;
        sodium_free(key.key);
        return right ? 0 : other_key(folder, e);
    }
    if (why.kind != ERROR_NOT_FOUND) {
        *e = why;
        return -1;
    }
    struct conn *c = db_read_begin(db, e);
    struct stmt *st = c ? db_query(c, &sql_sealed_texts_count, e, "") : NULL;
    int step = st ? db_step(st, e) : -1;
    if (step == 1)
        *out = (struct secret_loss){newest.keys > 0, db_int(st, 0), db_int(st, 1)};
    db_done(st);
    db_read_end(db, c);
    return step == 1 ? 0 : -1;
}

struct renewal {
    const struct secret_key *key;
    const struct secret_loss *loss;
    instant at;
};

static int write_renewal(struct conn *c, void *arg, struct error *e)
{
    const struct renewal *r = arg;
    struct newest newest;
    char detail[64];
    snprintf(detail, sizeof detail, "lost; texts=%lld", (long long)r->loss->texts);
    if (read_newest(c, &newest, e))
        return -1;
    instant first =
        r->at > newest.at ? r->at : newest.at + 1; /* the newest is the one that seals */
    return db_exec(c, &sql_private_key_used, e, "bi", (const void *)r->key->id,
                   (size_t)KEY_ID_BYTES, first) < 0 ||
                   db_exec(c, &sql_reflections_set_aside, e, "i", r->at) < 0 ||
                   audit_append(c, AUDIT_COMMAND_LINE, "private-key.new", "", detail, r->at, e)
               ? -1
               : 0;
}

int secret_begin_anew(const char *folder, struct db *db, instant at, struct error *e)
{
    struct secret_loss loss;
    struct secret_key key = {0};
    if (secret_lost(folder, db, &loss, e))
        return -1;
    if (!loss.is_missing)
        return error_set(e, ERROR_CONFLICT, "no key to private writing is missing");
    if (make_file(folder, e))
        return -1;
    struct renewal r = {&key, &loss, at};
    int result = read_file(folder, SECRET_FILE, &key, e) || db_write(db, write_renewal, &r, e);
    sodium_free(key.key);
    if (result) { /* nothing was sealed with it */
        char path[4096];
        if (snprintf(path, sizeof path, "%s/%s", folder, SECRET_FILE) < (int)sizeof path)
            unlink(path);
    }
    return result ? -1 : 0;
}
