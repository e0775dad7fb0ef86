/*
 * A checkpoint, a proof and the key of a log, as somebody hands them in. The key is a fixed one,
 * whose secret half is not here, so only the corpus holds notes that it has signed. What was read
 * can be written again, and is then the same.
 */
#include "base/arena.h"
#include "base/hash.h"
#include "credential/note.h"
#include "fuzz.h"
#include <string.h>

static void as_proof(const char *text, size_t n, const struct note_key *key, struct arena *a)
{
    struct error e = {0};
    struct log_proof read, again;
    struct checkpoint says;
    uint8_t sha[HASH_BYTES];
    hash_sha256("fuzz", 4, sha);
    bool good = log_proof_read(text, n, a, &read, &e) == 0;
    bool holds = log_proof_check(text, n, sha, key, a, &says, &e) == 0;
    require(good || !holds);
    if (!good)
        return;
    require(read.index >= 0 && read.proof.count <= MERKLE_PROOF_MAX);
    const char *note = arena_strndup(a, read.note, read.note_length);
    const char *same = log_proof_write(a, read.index, &read.proof, note);
    require(strlen(same) == n && memcmp(same, text, n) == 0);
    require(log_proof_read(same, n, a, &again, &e) == 0 && again.index == read.index);
}

static void as_consistency(const char *text, size_t n, struct arena *a)
{
    struct error e = {0};
    struct log_consistency read;
    if (log_consistency_read(text, n, a, &read, &e) != 0)
        return;
    require(read.old >= 0 && read.proof.count <= MERKLE_PROOF_MAX);
    const char *note = arena_strndup(a, read.note, read.note_length);
    const char *same = log_consistency_write(a, read.old, &read.proof, note);
    require(strlen(same) == n && memcmp(same, text, n) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char vkey[] =
        "train.example.edu/log+48807ec2+Ac7MFQfcHd1ylZUcKQiI8JWtuQRNG3PWlubfBl1oO9T8";
    struct arena *a = arena_create();
    struct error e = {0};
    struct note_key key, read;
    struct checkpoint says, same;
    const char *text = arena_strndup(a, (const char *)data, size);
    require(note_vkey_read(vkey, &key, &e) == 0);
    if (note_vkey_read(text, &read, &e) == 0)
        require(note_name_is_good(read.name) && strncmp(note_vkey(a, &read), text, size) == 0);
    if (checkpoint_open((const char *)data, size, &key, a, &says, &e) == 0) {
        require(checkpoint_read((const char *)data, size, a, &same, &e) == 0);
        require(says.size == same.size && merkle_equal(&says.root, &same.root));
        require(says.size >= 0 && says.size <= MERKLE_SIZE_MAX);
    }
    as_proof((const char *)data, size, &key, a);
    as_consistency((const char *)data, size, a);
    arena_free(a);
    return 0;
}
