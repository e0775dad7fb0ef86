#include "credential/note.h"
#include "base/encode.h"
#include "base/text.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define ED25519         0x01 /* the signature type */
#define KEY_ID_BYTES    4
#define SIGNATURE_BYTES 64
#define MOST_SIGNATURES 16
#define DASH            "\xe2\x80\x94 " /* em dash, space */

bool note_name_is_good(const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < length; i++)
        if (name[i] <= ' ' || name[i] > '~' || name[i] == '+')
            return false;
    return length > 0 && length < NOTE_NAME_BYTES;
}

static void key_id(const struct note_key *key, uint8_t out[KEY_ID_BYTES])
{
    uint8_t bytes[NOTE_NAME_BYTES + 2 + KEY_BYTES], hash[HASH_BYTES];
    size_t length = strlen(key->name);
    memcpy(bytes, key->name, length);
    bytes[length++] = '\n';
    bytes[length++] = ED25519;
    memcpy(bytes + length, key->public_key, KEY_BYTES);
    hash_sha256(bytes, length + KEY_BYTES, hash);
    memcpy(out, hash, KEY_ID_BYTES);
}

char *note_vkey(struct arena *a, const struct note_key *key)
{
    uint8_t id[KEY_ID_BYTES], bytes[1 + KEY_BYTES] = {ED25519};
    key_id(key, id);
    memcpy(bytes + 1, key->public_key, KEY_BYTES);
    return arena_printf(a, "%s+%s+%s", key->name, hex_encode(a, id, sizeof id),
                        base64_encode(a, bytes, sizeof bytes));
}

int note_vkey_read(const char *text, struct note_key *out, struct error *e)
{
    struct arena *a = arena_create();
    const char *id = strchr(text, '+');
    const char *last = id ? strchr(id + 1, '+') : NULL;
    size_t name = id ? (size_t)(id - text) : 0, n = 0;
    bool good = false;
    memset(out, 0, sizeof *out);
    if (!last || name >= NOTE_NAME_BYTES)
        goto out;
    memcpy(out->name, text, name);
    const uint8_t *bytes = base64_decode(a, last + 1, strlen(last + 1), &n);
    if (!note_name_is_good(out->name) || !bytes || n != 1 + KEY_BYTES || bytes[0] != ED25519)
        goto out;
    memcpy(out->public_key, bytes + 1, KEY_BYTES);
    good = strcmp(note_vkey(a, out), text) == 0; /* the key id, too, is what it must be */
out:
    arena_free(a);
    return good ? 0
                : error_set(e, ERROR_INVALID,
                            "this is not the key of a log: it has the form NAME+8 hex "
                            "digits+base64");
}

char *checkpoint_sign(struct arena *a, const struct note_key *key,
                      const uint8_t secret[NOTE_SECRET], int64_t size,
                      const struct merkle_hash *root)
{
    uint8_t signed_by[KEY_ID_BYTES + SIGNATURE_BYTES];
    const char *text = arena_printf(a, "%s\n%lld\n%s\n", key->name, (long long)size,
                                    base64_encode(a, root->bytes, HASH_BYTES));
    key_id(key, signed_by);
    crypto_sign_detached(signed_by + KEY_ID_BYTES, NULL, (const uint8_t *)text, strlen(text),
                         secret);
    return arena_printf(a, "%s\n" DASH "%s %s\n", text, key->name,
                        base64_encode(a, signed_by, sizeof signed_by));
}

/* A reader of lines: the next one, without its newline; false at the end or when it has none. */
struct lines {
    const char *at, *end;
};

static bool next_line(struct lines *lines, const char **line, size_t *n)
{
    const char *newline =
        lines->at < lines->end ? memchr(lines->at, '\n', (size_t)(lines->end - lines->at)) : NULL;
    if (!newline)
        return false;
    *line = lines->at;
    *n = (size_t)(newline - lines->at);
    lines->at = newline + 1;
    return true;
}

static bool read_hash(struct arena *a, const char *line, size_t n, struct merkle_hash *out)
{
    size_t length = 0;
    const uint8_t *bytes = n == 44 ? base64_decode(a, line, n, &length) : NULL;
    if (!bytes || length != HASH_BYTES)
        return false;
    memcpy(out->bytes, bytes, HASH_BYTES);
    return true;
}

static bool read_number(struct arena *a, const char *line, size_t n, int64_t *out)
{
    return n > 0 && n < 20 && line[0] != '-' &&
           text_to_int64(arena_strndup(a, line, n), 0, MERKLE_SIZE_MAX, out);
}

struct signature {
    const char *name;
    size_t name_length;
    const uint8_t *bytes; /* key id, signature */
    size_t length;
};

/* "— NAME BASE64" */
static bool read_signature(struct arena *a, const char *line, size_t n, struct signature *out)
{
    size_t dash = strlen(DASH);
    if (n < dash || memcmp(line, DASH, dash) != 0)
        return false;
    out->name = line + dash;
    const char *space = memchr(out->name, ' ', n - dash);
    if (!space || space == out->name)
        return false;
    out->name_length = (size_t)(space - out->name);
    out->bytes = base64_decode(a, space + 1, (size_t)(line + n - space - 1), &out->length);
    return out->bytes && out->length > KEY_ID_BYTES && !memchr(out->name, '+', out->name_length);
}

struct note {
    struct checkpoint says;
    size_t text_length; /* what is signed, its last newline included */
    struct signature signatures[MOST_SIGNATURES];
    size_t count;
};

static bool read_note(const char *bytes, size_t n, struct arena *a, struct note *out)
{
    struct lines lines = {.at = bytes, .end = bytes + n};
    const char *line;
    size_t length;
    memset(out, 0, sizeof *out);
    if (n == 0 || n > NOTE_MAX_BYTES || !text_is_block(bytes, n) || memchr(bytes, '\t', n) ||
        memchr(bytes, '\r', n))
        return false;
    if (!next_line(&lines, &line, &length) || length == 0)
        return false;
    out->says.origin = arena_strndup(a, line, length);
    if (!next_line(&lines, &line, &length) || !read_number(a, line, length, &out->says.size) ||
        !next_line(&lines, &line, &length) || !read_hash(a, line, length, &out->says.root))
        return false;
    out->text_length = (size_t)(lines.at - bytes);
    if (!next_line(&lines, &line, &length) || length != 0)
        return false;
    while (next_line(&lines, &line, &length)) {
        if (out->count == MOST_SIGNATURES ||
            !read_signature(a, line, length, &out->signatures[out->count++]))
            return false;
    }
    return out->count > 0 && lines.at == lines.end;
}

static int not_a_checkpoint(struct error *e)
{
    return error_set(e, ERROR_INVALID,
                     "this is not a checkpoint of a log: it has a name, a size, a hash, an empty "
                     "line and a signature");
}

int checkpoint_read(const char *note, size_t n, struct arena *a, struct checkpoint *out,
                    struct error *e)
{
    struct note read;
    if (!read_note(note, n, a, &read))
        return not_a_checkpoint(e);
    *out = read.says;
    return 0;
}

/* How many signatures are this key's; -1 when one of them does not hold. */
static int signed_by(const struct note *note, const char *text, const struct note_key *key)
{
    uint8_t id[KEY_ID_BYTES];
    int count = 0;
    key_id(key, id);
    for (size_t i = 0; i < note->count; i++) {
        const struct signature *s = &note->signatures[i];
        if (s->name_length != strlen(key->name) ||
            memcmp(s->name, key->name, s->name_length) != 0 ||
            memcmp(s->bytes, id, KEY_ID_BYTES) != 0)
            continue;
        if (s->length != KEY_ID_BYTES + SIGNATURE_BYTES ||
            crypto_sign_verify_detached(s->bytes + KEY_ID_BYTES, (const uint8_t *)text,
                                        note->text_length, key->public_key) != 0)
            return -1;
        count++;
    }
    return count;
}

int checkpoint_open(const char *note, size_t n, const struct note_key *key, struct arena *a,
                    struct checkpoint *out, struct error *e)
{
    struct note read;
    if (!read_note(note, n, a, &read))
        return not_a_checkpoint(e);
    if (strcmp(read.says.origin, key->name) != 0 || signed_by(&read, note, key) < 1)
        return error_set(e, ERROR_FORBIDDEN, "this checkpoint is not signed by the log %s",
                         key->name);
    *out = read.says;
    return 0;
}

int checkpoint_open_any(const char *note, size_t n, const struct note_key *keys, size_t count,
                        struct arena *a, struct checkpoint *out, struct error *e)
{
    struct error why = {0};
    for (size_t i = 0; i < count; i++) {
        why = (struct error){0};
        if (checkpoint_open(note, n, &keys[i], a, out, &why) == 0)
            return 0;
    }
    if (count == 0)
        return error_set(e, ERROR_FORBIDDEN, "no key is known that this checkpoint could be of");
    *e = why;
    return -1;
}

#define PROOF_HEAD "c2sp.org/tlog-proof@v1"

/* Both proofs: a head, a hash on each line, an empty line, the checkpoint. */
static char *write_proof(struct arena *a, const char *head, const struct merkle_proof *proof,
                         const char *checkpoint)
{
    struct buf b;
    buf_init(&b, LOG_PROOF_MAX_BYTES);
    buf_puts(&b, head);
    for (size_t i = 0; i < proof->count; i++)
        buf_printf(&b, "%s\n", base64_encode(a, proof->hashes[i].bytes, HASH_BYTES));
    buf_printf(&b, "\n%s", checkpoint);
    char *text = arena_strndup(a, b.data, b.length);
    buf_free(&b);
    return text;
}

char *log_proof_write(struct arena *a, int64_t index, const struct merkle_proof *proof,
                      const char *checkpoint)
{
    return write_proof(a, arena_printf(a, PROOF_HEAD "\nindex %lld\n", (long long)index), proof,
                       checkpoint);
}

char *log_consistency_write(struct arena *a, int64_t old, const struct merkle_proof *proof,
                            const char *checkpoint)
{
    return write_proof(a, arena_printf(a, "old %lld\n", (long long)old), proof, checkpoint);
}

/* A line "LABEL N"; the label ends with its space. */
static bool read_labeled(struct lines *lines, const char *label, struct arena *a, int64_t *out)
{
    const char *line;
    size_t length, n = strlen(label);
    return next_line(lines, &line, &length) && length >= n && memcmp(line, label, n) == 0 &&
           read_number(a, line + n, length - n, out);
}

/* What stands below the head. */
static bool read_hashes(struct lines *lines, struct arena *a, struct merkle_proof *out)
{
    const char *line;
    size_t length;
    while (next_line(lines, &line, &length) && length > 0) {
        if (out->count == MERKLE_PROOF_MAX ||
            !read_hash(a, line, length, &out->hashes[out->count++]))
            return false;
    }
    return lines->at < lines->end;
}

static bool read_proof(const char *text, size_t n, struct arena *a, struct log_proof *out)
{
    struct lines lines = {.at = text, .end = text + n};
    const char *line;
    size_t length;
    if (n > LOG_PROOF_MAX_BYTES || !next_line(&lines, &line, &length) ||
        length != strlen(PROOF_HEAD) || memcmp(line, PROOF_HEAD, length) != 0 ||
        !read_labeled(&lines, "index ", a, &out->index) || !read_hashes(&lines, a, &out->proof))
        return false;
    out->note = lines.at;
    out->note_length = (size_t)(lines.end - lines.at);
    return true;
}

int log_proof_read(const char *text, size_t n, struct arena *a, struct log_proof *out,
                   struct error *e)
{
    struct checkpoint says;
    memset(out, 0, sizeof *out);
    if (!read_proof(text, n, a, out))
        return error_set(e, ERROR_INVALID, "this is not a proof of a log: it begins %s",
                         PROOF_HEAD);
    return checkpoint_read(out->note, out->note_length, a, &says, e);
}

int log_consistency_read(const char *text, size_t n, struct arena *a, struct log_consistency *out,
                         struct error *e)
{
    struct checkpoint says;
    struct lines lines = {.at = text, .end = text + n};
    memset(out, 0, sizeof *out);
    if (n > LOG_PROOF_MAX_BYTES || !read_labeled(&lines, "old ", a, &out->old) ||
        !read_hashes(&lines, a, &out->proof))
        return error_set(e, ERROR_INVALID,
                         "this is not a proof that a log was continued: it begins with \"old\" and "
                         "a size");
    out->note = lines.at;
    out->note_length = (size_t)(lines.end - lines.at);
    return checkpoint_read(out->note, out->note_length, a, &says, e);
}

int log_proof_check(const char *text, size_t n, const uint8_t sha256[HASH_BYTES],
                    const struct note_key *key, struct arena *a, struct checkpoint *out,
                    struct error *e)
{
    struct log_proof read;
    if (log_proof_read(text, n, a, &read, e) ||
        checkpoint_open(read.note, read.note_length, key, a, out, e))
        return -1;
    struct merkle_hash leaf = merkle_leaf(sha256);
    if (!merkle_inclusion_holds(&leaf, read.index, out->size, read.proof.hashes, read.proof.count,
                                &out->root))
        return error_set(e, ERROR_INVALID,
                         "the proof does not lead from this file to the "
                         "checkpoint: one of the two is another's");
    return 0;
}
