/*
 * The verifier: is this file a certificate, did its issuer sign every word of it, and does it
 * stand? Works offline from what it is given, and trusts nothing that comes with the certificate:
 * only the did document that the caller vouches for makes a key the issuer's.
 *
 * When several things are wrong the worst is the verdict: invalid, then issuer key not confirmed
 * (nothing below can be known without the key), then revoked (final), then expired or not yet
 * valid, then status unknown; that also when the certificate and what came along of the log
 * contradict each other, or a checkpoint was given and does not show it. Valid means that no step
 * says no, and that every one passed that was asked for.
 */
#ifndef CREDENTIAL_VERIFY_H
#define CREDENTIAL_VERIFY_H
#include "base/arena.h"
#include "base/error.h"
#include "base/instant.h"
#include <stdbool.h>
#include <stddef.h>

#define CREDENTIAL_MAX_BYTES  ((size_t)64 << 10)
#define STATUS_FILE_MAX_BYTES ((size_t)2 << 20)
#define STATUS_FILE_MOST      100 /* values in its JSON; a good one has some 25, one of them long */

/* How far the verifier's clock may be behind the issuer's: what was signed that little "in the
 * future" (a certificate, a status list) is taken for just signed. Only a beginning is read with
 * tolerance: what has ended has ended. */
#define VERIFY_CLOCK_TOLERANCE (5 * INSTANT_MINUTE)

enum verdict { /* also the exit code of `understory verify` */
               VERDICT_VALID = 0,
               VERDICT_INVALID = 1,
               VERDICT_REVOKED = 3,
               VERDICT_EXPIRED = 4,        /* or not yet valid */
               VERDICT_STATUS_UNKNOWN = 5, /* or in doubt: contradicted */
               VERDICT_KEY_UNCONFIRMED = 6
};

/* What a status list says of the certificate, the weakest first; no list, one that is not the
 * issuer's and one that does not say it are all nothing. Revocation is final. */
enum list_says { LIST_NOTHING, LIST_ONCE_CLEAR, LIST_CLEAR, LIST_REVOKED };

struct note_key;

struct verify_input {
    const char *credential; /* bytes of the file */
    size_t credential_length;
    const char *how; /* how it came (open.h), for a first step "file"; NULL: no such step */
    const struct did_keys
        *did_keys;            /* did_document as it was read before, for who checks many; or NULL */
    const char *did_document; /* trusted (given by --did or pinned), or NULL */
    size_t did_length;
    bool did_came_along;     /* one came with the certificate: said to be no proof */
    const char *status_list; /* signed list credential, or NULL */
    size_t status_length;
    enum list_says records; /* without a list: what the caller knows who keeps the issuer's own
                               records; LIST_NOTHING: nothing */
    const char *log_proof;  /* an inclusion proof that came along (note.h), or NULL */
    size_t log_proof_length;
    const char *log_consistency; /* a consistency proof that came along (note.h), or NULL */
    size_t log_consistency_length;
    const char *checkpoint; /* of the log, which the caller vouches for, or NULL: then the
                               certificate must stand under it to be valid */
    size_t checkpoint_length;
    const struct note_key *log_keys; /* pinned: a checkpoint counts when one of them signed it */
    size_t log_key_count;
    instant at;
    const struct zone *zone; /* for days in words, "Wed 1 Jul 2026"; NULL: UTC, "2026-07-01" */
};

struct verify_step {
    const char *name; /* "file", "shape", "signature", "issuer key", "dates", "status", "log",
                         "consistency" */
    bool ok;
    bool open;          /* not ok, and not wrong either: it could not be checked */
    const char *detail; /* plain words */
};

/* The claims are NULL unless shape and signature hold; valid_until, version and validUntil may be
 * absent from a good certificate too. Times are RFC 3339 as signed. */
struct verify_report {
    enum verdict verdict;
    bool unreadable;   /* invalid, and because it is no JSON or ends too early: nothing to judge */
    bool absent;       /* invalid, and because a good file of another kind holds no certificate */
    bool early;        /* expired, but for the other reason: its time has not begun */
    bool superseded;   /* revoked, and whoever keeps the records knows that another took its place;
                          a list has one bit for both, so this is never set here */
    bool unrecorded;   /* status unknown, and because whoever keeps the records has no such one:
                          never set here either */
    bool contradicted; /* status unknown, and because it does not go together with what is here of
                          the log: dated back, or something of it or of the log was changed */
    enum list_says list_says;
    instant list_from; /* the list's validFrom, when it says something */
    const char *words; /* the one sentence for a clerk */
    struct verify_step steps[8];
    int step_count;
    const char *issuer, *issuer_name, *holder, *title, *course, *criteria, *description, *awarded,
        *valid_from, *valid_until, *key_id, *fingerprint, *version, *id, *status_list,
        *status_index;
};

/* Checks everything that can be checked; the report's strings are in the arena. Returns 0, or -1
 * only for internal errors: a bad file is a verdict. */
int credential_verify(const struct verify_input *in, struct arena *a, struct verify_report *out,
                      struct error *e);

/* The host ("train.example.edu", "localhost:8080") that a certificate says it is from, unproven,
 * to look up a pinned did document; NULL when it says none. */
const char *credential_claimed_host(const char *credential, size_t n, struct arena *a);

/* "valid", "invalid", "revoked", "expired", "status-unknown", "key-unconfirmed" */
const char *verdict_name(enum verdict v);

#endif
