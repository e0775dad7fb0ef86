#include "credential/verify_log.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "credential/note.h"
#include "credential/terms.h"
#include <string.h>

struct judging {
    const struct verify_input *in;
    const cJSON *document;
    const char *host;
    struct arena *arena;
    struct verify_step *out;
    struct checkpoint given, along; /* --checkpoint; of the proof that came along */
    struct checkpoint before;       /* in the certificate itself */
    bool has_before;
    struct log_proof proof;
};

static void say(struct judging *j, bool ok, bool open, const char *detail)
{
    *j->out = (struct verify_step){"log", ok, open, detail};
}

static void fails(struct judging *j, const char *detail)
{
    say(j, false, false, detail);
}

static void unknown(struct judging *j, const char *detail)
{
    say(j, false, true, detail);
}

/* The note the caller vouches for. */
static bool read_given(struct judging *j)
{
    const struct verify_input *in = j->in;
    struct error e = {0};
    if (in->log_key && checkpoint_open(in->checkpoint, in->checkpoint_length, in->log_key, j->arena,
                                       &j->given, &e) != 0) {
        fails(j, arena_printf(j->arena,
                              "the checkpoint given is not one that the pinned key of %s's log has "
                              "signed: %s",
                              j->host, e.message));
        return false;
    }
    if (checkpoint_read(in->checkpoint, in->checkpoint_length, j->arena, &j->given, &e) != 0) {
        fails(j, arena_printf(j->arena, "the checkpoint given is none: %s", e.message));
        return false;
    }
    size_t length = strlen(j->host);
    if (in->log_key || (strncmp(j->given.origin, j->host, length) == 0 &&
                        (!j->given.origin[length] || j->given.origin[length] == '/')))
        return true;
    fails(j, arena_printf(j->arena, "the checkpoint given is of another log, %s", j->given.origin));
    return false;
}

/* What the certificate's own evidence says, which the issuer has signed. */
static bool read_before(struct judging *j)
{
    struct error e = {0};
    const cJSON *evidence = json_get(j->document, "evidence");
    const char *note = evidence ? json_string(evidence->child, "narrative") : NULL;
    if (!note)
        return true;
    j->has_before = true;
    if (checkpoint_read(note, strlen(note), j->arena, &j->before, &e) == 0)
        return true;
    fails(j, arena_printf(j->arena, "the checkpoint in the certificate is none: %s", e.message));
    return false;
}

/* Two checkpoints of one size must name one root, and one log. */
static bool contradict(const struct checkpoint *a, const struct checkpoint *b)
{
    return a->size == b->size && !merkle_equal(&a->root, &b->root);
}

static bool proof_fits(struct judging *j)
{
    struct error e = {0};
    uint8_t hash[HASH_BYTES];
    if (text_equal(json_string(json_get(j->document, "proof"), "cryptosuite"), SUITE_JCS)) {
        unknown(j, "the log lists the other file of this certificate (credential.json): check "
                   "that one");
        return false;
    }
    if (log_proof_read(j->in->log_proof, j->in->log_proof_length, j->arena, &j->proof, &e) != 0 ||
        checkpoint_read(j->proof.note, j->proof.note_length, j->arena, &j->along, &e) != 0) {
        unknown(j,
                arena_printf(j->arena, "the proof that came along cannot be read: %s", e.message));
        return false;
    }
    hash_sha256(j->in->credential, j->in->credential_length, hash);
    struct merkle_hash leaf = merkle_leaf(hash);
    if (!merkle_inclusion_holds(&leaf, j->proof.index, j->along.size, j->proof.proof.hashes,
                                j->proof.proof.count, &j->along.root)) {
        fails(j, "the proof that came along does not fit this certificate");
        return false;
    }
    if (!j->has_before || j->before.size <= j->proof.index)
        return true;
    fails(j, "the certificate says that it is younger than its own place in the log");
    return false;
}

static const char *stands(struct judging *j, const char *by)
{
    return arena_printf(j->arena, "stands in the log of %s as number %lld of %lld, %s", j->host,
                        (long long)j->proof.index + 1, (long long)j->along.size, by);
}

static void judge_with_given(struct judging *j)
{
    if (contradict(&j->given, &j->along))
        fails(j, arena_printf(j->arena,
                              "the checkpoint given and the one that came along are of %lld "
                              "certificates both and contradict each other: one of them is forged, "
                              "or the log was changed",
                              (long long)j->given.size));
    else if (j->given.size == j->along.size)
        say(j, true, false,
            stands(j, j->in->log_key ? "by the checkpoint given, which the pinned key signed"
                                     : "by the checkpoint given"));
    else
        unknown(j, arena_printf(j->arena,
                                "the proof that came along is for the checkpoint of %lld "
                                "certificates, and the one given is of %lld: get the former from "
                                "https://%s/log/checkpoint/%lld",
                                (long long)j->along.size, (long long)j->given.size, j->host,
                                (long long)j->along.size));
}

static void judge_alone(struct judging *j)
{
    struct error e = {0};
    struct checkpoint signed_one;
    if (!j->in->log_key)
        unknown(j, "the proof that came along fits, but nothing here vouches for its checkpoint: "
                   "give one that you have from elsewhere (--checkpoint)");
    else if (checkpoint_open(j->proof.note, j->proof.note_length, j->in->log_key, j->arena,
                             &signed_one, &e) == 0)
        say(j, true, false, stands(j, "by a checkpoint that the pinned key signed"));
    else
        unknown(j, arena_printf(j->arena,
                                "the checkpoint that came along is not one that the pinned key of "
                                "the log signed: %s",
                                e.message));
}

static void judge(struct judging *j)
{
    const struct verify_input *in = j->in;
    if ((in->checkpoint && !read_given(j)) || !read_before(j))
        return;
    if (in->checkpoint && j->has_before && contradict(&j->given, &j->before))
        fails(j, "the checkpoint given and the one in the certificate contradict each other: one "
                 "of them is forged, or the log was changed");
    else if (!in->log_proof)
        unknown(j, "no inclusion proof came along: only a bundle holds one");
    else if (!proof_fits(j))
        return;
    else if (in->checkpoint)
        judge_with_given(j);
    else
        judge_alone(j);
}

bool verify_log(const struct verify_input *in, const cJSON *document, const char *host,
                struct arena *a, struct verify_step *out)
{
    if (!in->checkpoint && !in->log_proof)
        return false;
    struct judging *j = arena_alloc(a, sizeof *j); /* proofs are large for a stack */
    *j = (struct judging){.in = in, .document = document, .host = host, .arena = a, .out = out};
    judge(j);
    return true;
}
