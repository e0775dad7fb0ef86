#include "learning/certificate_file.h"
#include "base/hash.h"
#include "credential/open.h"
#include "learning/sql.h"
#include <string.h>

#define FILE_MAX_BYTES ((size_t)1 << 20)

static const char *const kinds[] = {
    [PRINT_PDF_LETTER] = "pdf-letter", [PRINT_PDF_A4] = "pdf-a4", [PRINT_PNG] = "png"};

int certificate_file_stored(struct conn *c, int64_t certificate, enum print_kind kind,
                            struct arena *a, struct file_bytes *out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_certificate_file, e, "it", certificate, kinds[kind]);
    int step = st ? db_step(st, e) : -1;
    if (step == 1) {
        const void *bytes = db_blob(st, 0, &out->length);
        out->bytes = arena_memdup(a, bytes, out->length);
    }
    db_done(st);
    return step;
}

struct storing {
    int64_t certificate;
    enum print_kind kind;
    struct buf made;
    instant at;
    struct arena *arena;
    struct file_bytes *out;
};

static int store(struct conn *c, void *arg, struct error *e)
{
    struct storing *s = arg;
    uint8_t sha[HASH_BYTES];
    *s->out = (struct file_bytes){0};
    hash_sha256(s->made.data, s->made.length, sha);
    int64_t inserted =
        db_exec(c, &sql_certificate_file_insert, e, "itbbi", s->certificate, kinds[s->kind],
                s->made.data, s->made.length, sha, sizeof sha, s->at);
    if (inserted != 0)
        return inserted < 0 ? -1 : 0;
    /* Somebody else was first: theirs is the file. */
    return certificate_file_stored(c, s->certificate, s->kind, s->arena, s->out, e) < 0 ? -1 : 0;
}

int certificate_file_make(struct learning *l, const struct certificate *certificate,
                          enum print_kind kind, instant at, struct arena *a, struct file_bytes *out,
                          struct error *e)
{
    struct storing s = {certificate->id, kind, {0}, at, a, out};
    *out = (struct file_bytes){0};
    if (!l->press)
        return error_set(e, ERROR_BUSY, "The server cannot print just now.");
    buf_init(&s.made, FILE_MAX_BYTES);
    int result = press_print(l->press, kind, certificate->bytes, certificate->token, &s.made, e);
    if (result == 0)
        result = db_write(l->db, store, &s, e);
    if (result && e->kind == ERROR_FULL) {
        *e = (struct error){0};
        result = 0;
    }
    if (result == 0 && !out->bytes)
        *out = (struct file_bytes){arena_memdup(a, s.made.data, s.made.length), s.made.length};
    buf_free(&s.made);
    return result;
}

static int verify(struct stmt *st, struct arena *a, struct error *e)
{
    uint8_t sha[HASH_BYTES];
    size_t n, sha_n;
    struct opened opened;
    struct error why = {0};
    const void *bytes = db_blob(st, 2, &n), *stored = db_blob(st, 3, &sha_n);
    const char *credential = db_text(st, 4);
    hash_sha256(bytes, n, sha);
    if (sha_n != sizeof sha || memcmp(stored, sha, sizeof sha) != 0)
        return error_set(e, ERROR_IO, "certificate %s: its stored %s was altered", db_text(st, 0),
                         db_text(st, 1));
    if (credential_open(bytes, n, a, &opened, &why) ||
        opened.credential_length != strlen(credential) ||
        memcmp(opened.credential, credential, opened.credential_length) != 0)
        return error_set(e, ERROR_IO, "certificate %s: its stored %s does not hold it",
                         db_text(st, 0), db_text(st, 1));
    return 0;
}

int certificate_file_verify_all(struct conn *c, int64_t *count, struct error *e)
{
    *count = 0;
    struct stmt *st = db_query(c, &sql_certificate_files_all, e, "");
    if (!st)
        return -1;
    struct arena *a = arena_create();
    int step, result = 0;
    while (result == 0 && (step = db_step(st, e)) != 0) {
        arena_reset(a);
        result = step < 0 ? -1 : verify(st, a, e);
        *count += result == 0;
    }
    db_done(st);
    arena_free(a);
    return result;
}

int certificate_file_check_name(const struct learning *l, const char *name, struct error *e)
{
    return l->press && name ? press_check_name(l->press, name, e) : 0;
}
