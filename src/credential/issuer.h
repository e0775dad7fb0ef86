/*
 * The issuer: a did:web identity and its ring of Ed25519 keys, of which one signs, and what it
 * signs. All times are instants; ids derive from the origin ("https://train.example.edu").
 *
 * The ring may be changed at any time from any thread. Whoever signs meanwhile holds the ring it
 * began with until it is done, and the last one to hold it frees it.
 */
#ifndef CREDENTIAL_ISSUER_H
#define CREDENTIAL_ISSUER_H
#include "base/arena.h"
#include "base/error.h"
#include "base/instant.h"
#include "credential/verify.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct issuer;

/* Without a key yet. `name` is the issuer's name on certificates. */
struct issuer *issuer_create(const char *origin, const char *name, struct error *e);
void issuer_free(struct issuer *i); /* wipes the private keys; NULL is fine */

struct key_ring;
/* Takes the ring over: from now on its active key signs, and the did document is of its keys. */
void issuer_take_keys(struct issuer *i, struct key_ring *ring);
/* The ring in use, for who alone calls the two functions beside this one: it is gone after the next
 * of them. NULL: none. */
const struct key_ring *issuer_ring(const struct issuer *i);
/* The keys cannot be read at all, and why: nothing is signed and there is no did document. */
void issuer_without_keys(struct issuer *i, const char *why);

/* create, and the keys of a folder, with a first one when there is none. NULL with e when no key
 * signs then. */
struct issuer *issuer_open(const char *keys_folder, const char *origin, const char *name,
                           struct error *e);

const char *issuer_did(const struct issuer *i); /* did:web:train.example.edu */
const char *issuer_origin(const struct issuer *i);

/* Is there a key to sign with at this moment? `i` may be NULL: no. When not, the functions that
 * sign answer ERROR_BUSY. */
bool issuer_can_sign(const struct issuer *i);
/* Why not, for an operator; "" when it can. In the arena. */
const char *issuer_reason(const struct issuer *i, struct arena *a);
/* publicKeyMultibase, z6Mk… of the key that signs at this moment; NULL: none. In the arena. */
char *issuer_key_id(const struct issuer *i, struct arena *a);
/* The did document, JSON text; every key that has not been compromised. In the arena; NULL when `i`
 * is NULL or the keys cannot be read. */
const char *issuer_did_document(const struct issuer *i, struct arena *a);

/* One key, to be shown. */
struct issuer_key {
    const char *id, *fingerprint, *state, *form; /* the names in keys.h */
    instant created, since;
    bool signs;         /* the one that signs, or would if it were not locked */
    const char *locked; /* why its secret cannot be used here; "" */
};
/* Every key, oldest first. Returns how many; strings in the arena. */
size_t issuer_keys(const struct issuer *i, struct arena *a, const struct issuer_key **out);

/* What a certificate says. Strings are UTF-8 without control characters (descriptions and
 * narratives may hold newlines); checked again here. */
struct claims {
    const char *certificate_uuid; /* the credential's id is ORIGIN/certificates/UUID */
    const char *subject_uuid;     /* fresh, not the person's */
    const char *holder_name;
    const char *title; /* the course's certificate_title; "Demonstration: " is put before it in a
                          trial (host localhost or 127.0.0.1) */
    const char *course, *publication_hash; /* achievement id: ORIGIN/courses/COURSE/vHASH */
    const char *course_title, *description, *version, *language;
    const char *criteria; /* narrative: the completion rule in words and what it does not claim */
    instant earned_at;    /* awardedDate, activityEndDate */
    instant issued_at;    /* validFrom and the proof's created */
    int64_t status_list;  /* ORIGIN/status/N */
    int64_t status_index;
    instant valid_until;     /* 0: for ever */
    int64_t checkpoint_size; /* evidence: ORIGIN/log/checkpoint/SIZE and its signed note; a NULL */
    const char *checkpoint;  /* note leaves the evidence out */
};

/* Signs one credential. The frozen bytes (JSON text exactly as served for ever) go to *json and the
 * id of the key that signed to *key (which may be NULL), both in the arena. -1 ERROR_INVALID when a
 * claim cannot be signed (control characters, ids); nothing is kept.
 */
int issuer_sign(const struct issuer *i, const struct claims *c, struct arena *a, const char **json,
                const char **key, struct error *e);

/*
 * The twin of a frozen credential: the same claims with one eddsa-jcs-2022 proof, which protects
 * the exact JSON. `credential` must be a certificate that a key of this issuer signed and that has
 * not been compromised; ERROR_INVALID otherwise. Same bytes and same present key: same twin.
 *
 * The proof's `created` is the frozen one's. When the key of the frozen one has been retired, the
 * present key signs the twin, since the old private half no longer exists: the two files then name
 * two keys of the did document, each of them good; the twin's key may be younger than its
 * `created`; and when the present key is compromised later, the twin is lost (exit 6) while the
 * frozen one stands, so a twin that was kept must then be made anew.
 */
int issuer_sign_jcs(const struct issuer *i, const char *credential, size_t n, struct arena *a,
                    const char **json, struct error *e);

/* Can this name stand on a certificate? Line of UTF-8, 1..CERTIFICATE_NAME_MAX code points, at
 * least one letter, no C0/C1, no bidirectional overrides (U+202A–E, U+2066–9), no private use or
 * noncharacters, at most four combining marks in a row. ERROR_INVALID with field "certificate_name"
 * and what to change. */
#define CERTIFICATE_NAME_MAX 120 /* code points */
int certificate_name_check(const char *name, struct error *e);

/* Signs a status list: `bits` of `length` bytes (>= 16,384), bit 0 the left-most. Valid for
 * STATUS_LIST_LIFE. */
#define STATUS_LIST_LIFE (7 * INSTANT_DAY)
int issuer_sign_status_list(const struct issuer *i, int64_t list, const uint8_t *bits,
                            size_t length, instant at, struct arena *a, const char **json,
                            struct error *e);

/* The last one before the issuer's host goes: valid until then. Whoever has it can hide with it
 * what is revoked later. */
int issuer_sign_last_status_list(const struct issuer *i, int64_t list, const uint8_t *bits,
                                 size_t length, instant at, instant until, struct arena *a,
                                 const char **json, struct error *e);

#endif
