#include "credential/verify_log.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "credential/terms.h"
#include <string.h>

struct judging {
    const struct verify_input *in;
    const cJSON *document;
    const char *host;
    struct arena *arena;
    struct verify_step *out;
    struct checkpoint given, before, along; /* --checkpoint; in the certificate; of the proof */
    bool has_given, has_before, has_along;
    struct log_proof proof;
    struct log_consistency since;
};

static void say(struct judging *j, bool ok, bool open, const char *detail)
{
    j->out->ok = ok;
    j->out->open = open;
    j->out->detail = detail;
}

static void fails(struct judging *j, const char *detail)
{
    say(j, false, false, detail);
}

static void unknown(struct judging *j, const char *detail)
{
    say(j, false, true, detail);
}

/* ---- checkpoints, and who vouches for them ---- */

static bool same(const struct checkpoint *a, const struct checkpoint *b)
{
    return a->size == b->size && merkle_equal(&a->root, &b->root);
}

/* Two checkpoints of one size must name one root. */
static bool contradict(const struct checkpoint *a, const struct checkpoint *b)
{
    return a->size == b->size && !merkle_equal(&a->root, &b->root);
}

/* Did a pinned key sign it? */
static bool is_signed(struct judging *j, const char *note, size_t n, struct error *e)
{
    struct checkpoint says;
    return checkpoint_open_any(note, n, j->in->log_keys, j->in->log_key_count, j->arena, &says,
                               e) == 0;
}

/* The note the caller vouches for. */
static bool read_given(struct judging *j)
{
    const struct verify_input *in = j->in;
    struct error e = {0};
    if (in->log_key_count > 0 && !is_signed(j, in->checkpoint, in->checkpoint_length, &e)) {
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
    if (in->log_key_count == 0 && (strncmp(j->given.origin, j->host, length) != 0 ||
                                   (j->given.origin[length] && j->given.origin[length] != '/'))) {
        fails(j, arena_printf(j->arena, "the checkpoint given is of another log, %s",
                              j->given.origin));
        return false;
    }
    j->has_given = true;
    return true;
}

static const char *evidence_note(const cJSON *document)
{
    const cJSON *evidence = json_get(document, "evidence");
    return evidence ? json_string(evidence->child, "narrative") : NULL;
}

/* What the certificate's own evidence says, which the issuer has signed. */
static bool read_before(struct judging *j)
{
    struct error e = {0};
    const char *note = evidence_note(j->document);
    if (!note)
        return true;
    j->has_before = checkpoint_read(note, strlen(note), j->arena, &j->before, &e) == 0;
    if (!j->has_before)
        fails(j,
              arena_printf(j->arena, "the checkpoint in the certificate is none: %s", e.message));
    return j->has_before;
}

static void judge_by_given(struct judging *j, const struct checkpoint *c, const char *shown)
{
    if (contradict(&j->given, c))
        fails(j, arena_printf(j->arena,
                              "the checkpoint given and the one that came along are of %lld "
                              "certificates both and contradict each other: one of them is forged, "
                              "or the log was changed",
                              (long long)c->size));
    else if (same(&j->given, c))
        say(j, true, false,
            arena_printf(j->arena, "%s, by the checkpoint given%s", shown,
                         j->in->log_key_count > 0 ? ", which the pinned key signed" : ""));
    else
        unknown(j, arena_printf(j->arena,
                                "the proof that came along is for the checkpoint of %lld "
                                "certificates, and the one given is of %lld: get the former from "
                                "https://%s/log/checkpoint/%lld",
                                (long long)c->size, (long long)j->given.size, j->host,
                                (long long)c->size));
}

/* A proof leads to this checkpoint, which came along: `shown` holds if somebody vouches for it. */
static void judge_by(struct judging *j, const char *note, size_t n, const struct checkpoint *c,
                     const char *shown)
{
    struct error e = {0};
    if (j->has_given)
        judge_by_given(j, c, shown);
    else if (j->in->log_key_count == 0)
        unknown(j, "the proof that came along fits, but nothing here vouches for its checkpoint: "
                   "give one that you have from elsewhere (--checkpoint)");
    else if (is_signed(j, note, n, &e))
        say(j, true, false,
            arena_printf(j->arena, "%s, by a checkpoint that the pinned key signed", shown));
    else
        unknown(j, arena_printf(j->arena,
                                "the checkpoint that came along is not one that the pinned key of "
                                "the log signed: %s",
                                e.message));
}

/* ---- its place ---- */

/* True when there is a proof that can be judged. */
static bool read_proof(struct judging *j)
{
    struct error e = {0};
    if (!j->in->log_proof) {
        unknown(j, "no inclusion proof came along: only a bundle holds one");
        return false;
    }
    j->has_along =
        log_proof_read(j->in->log_proof, j->in->log_proof_length, j->arena, &j->proof, &e) == 0 &&
        checkpoint_read(j->proof.note, j->proof.note_length, j->arena, &j->along, &e) == 0;
    if (!j->has_along)
        unknown(j,
                arena_printf(j->arena, "the proof that came along cannot be read: %s", e.message));
    return j->has_along;
}

static bool proof_fits(struct judging *j)
{
    uint8_t hash[HASH_BYTES];
    if (text_equal(json_string(json_get(j->document, "proof"), "cryptosuite"), SUITE_JCS)) {
        unknown(j, "the log lists the other file of this certificate (credential.json): check "
                   "that one");
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

static void judge_place(struct judging *j)
{
    /* All of them, since the other step needs them, too; what is said last counts most. */
    bool read = read_proof(j), before = read_before(j);
    bool given = !j->in->checkpoint || read_given(j);
    if (!before || !given)
        return;
    if (j->has_given && j->has_before && contradict(&j->given, &j->before))
        fails(j, "the checkpoint given and the one in the certificate contradict each other: one "
                 "of them is forged, or the log was changed");
    else if (read && proof_fits(j))
        judge_by(j, j->proof.note, j->proof.note_length, &j->along,
                 arena_printf(j->arena, "stands in the log of %s as number %lld of %lld", j->host,
                              (long long)j->proof.index + 1, (long long)j->along.size));
}

/* ---- and the log since ---- */

/* Nothing but the proof of its place came along. Where two checkpoints are one, no proof is needed.
 */
static void judge_without(struct judging *j)
{
    if (j->has_along && contradict(&j->before, &j->along))
        fails(j, "the checkpoint in the certificate and the one that came along contradict each "
                 "other: one of them is forged, or the log was changed");
    else if (j->has_along && same(&j->before, &j->along))
        judge_by(j, j->proof.note, j->proof.note_length, &j->along,
                 "the checkpoint in the certificate is the one that came along");
    else if (j->has_along)
        unknown(j, arena_printf(j->arena,
                                "no consistency proof came along: "
                                "https://%s/log/consistency/%lld/%lld has it",
                                j->host, (long long)j->before.size, (long long)j->along.size));
    else
        unknown(j, "no consistency proof came along");
}

/* The old root is the one in the certificate, never one that came along. */
static void judge_with(struct judging *j)
{
    struct error e = {0};
    struct checkpoint later;
    const struct log_consistency *since = &j->since;
    if (log_consistency_read(j->in->log_consistency, j->in->log_consistency_length, j->arena,
                             &j->since, &e) != 0 ||
        checkpoint_read(since->note, since->note_length, j->arena, &later, &e) != 0)
        unknown(j,
                arena_printf(j->arena, "the consistency proof that came along cannot be read: %s",
                             e.message));
    else if (since->old != j->before.size)
        fails(j, arena_printf(j->arena,
                              "the consistency proof that came along goes on from %lld "
                              "certificates, and the checkpoint in this one is of %lld",
                              (long long)since->old, (long long)j->before.size));
    else if (j->has_along && !same(&later, &j->along))
        fails(j, "the consistency proof that came along leads to another checkpoint than the "
                 "inclusion proof");
    else if (!merkle_consistency_holds(since->old, &j->before.root, later.size, &later.root,
                                       since->proof.hashes, since->proof.count))
        fails(j, arena_printf(j->arena,
                              "the consistency proof that came along does not lead from the "
                              "checkpoint in the certificate, of %lld certificates, to the later "
                              "one, of %lld: one of the three was altered, or the log was changed",
                              (long long)since->old, (long long)later.size));
    else
        judge_by(j, since->note, since->note_length, &later,
                 arena_printf(j->arena,
                              "the log of %s with %lld certificates, as it stood when this one was "
                              "issued, is the beginning of that with %lld",
                              j->host, (long long)since->old, (long long)later.size));
}

static void judge_since(struct judging *j)
{
    if (!j->has_before || j->before.size == 0)
        unknown(j, "the certificate carries no checkpoint that a later one could go on from: the "
                   "first of a log have none");
    else if (!j->in->log_consistency)
        judge_without(j);
    else
        judge_with(j);
}

int verify_log(const struct verify_input *in, const cJSON *document, const char *host,
               struct arena *a, struct verify_step out[VERIFY_LOG_STEPS])
{
    bool came_along = in->log_proof || in->log_consistency;
    if (!in->checkpoint && !came_along)
        return 0;
    struct judging *j = arena_alloc(a, sizeof *j); /* proofs are large for a stack */
    *j = (struct judging){.in = in, .document = document, .host = host, .arena = a, .out = out};
    out[0].name = "log";
    judge_place(j);
    if (!came_along)
        return 1;
    j->out = &out[1];
    out[1].name = "consistency";
    judge_since(j);
    return 2;
}

bool credential_checkpoint(const char *credential, size_t n, struct arena *a,
                           struct checkpoint *out)
{
    struct error ignored = {0};
    cJSON *document = n <= CREDENTIAL_MAX_BYTES ? json_parse(credential, n, &ignored) : NULL;
    const char *note = evidence_note(document);
    bool found = note && checkpoint_read(note, strlen(note), a, out, &ignored) == 0;
    cJSON_Delete(document);
    return found;
}
