#include "learning/signing_key.h"
#include "base/hash.h"
#include "base/text.h"
#include "credential/did.h"
#include "credential/verify.h"
#include "learning/certificate.h"
#include "learning/ledger.h"
#include "learning/sql.h"
#include <string.h>

#define KEYS_MOST 1000
#define PIECE     20 /* certificates in one closure: about a third of a millisecond each */
#define READ_MOST 100

static const char reissued[] = "The key that signed it no longer counts, so it was issued anew.";
static const char renewed[] = "The key that signed it no longer counts; its renewal does.";

int signing_key_check_reason(const char *why, struct error *e)
{
    if (why && *why && text_is_line(why, strlen(why)) &&
        text_code_points(why) <= CERTIFICATE_REASON_MAX)
        return 0;
    return error_field(
        e, "reason",
        "say why the key counts no more, in one line of at most %d characters (--reason)",
        CERTIFICATE_REASON_MAX);
}

static int is_compromised(struct conn *c, const char *id, bool *out, struct error *e)
{
    struct arena *a = arena_create();
    struct known_key *keys;
    int count = signing_keys_known(c, a, &keys, e);
    *out = false;
    for (int i = 0; i < count; i++)
        *out = *out || (keys[i].compromised_at && strcmp(keys[i].id, id) == 0);
    arena_free(a);
    return count < 0 ? -1 : 0;
}

int signing_key_compromise(struct conn *c, const char *id, const char *why, instant at,
                           struct error *e)
{
    bool already;
    if (is_compromised(c, id, &already, e))
        return -1;
    if (already)
        return 0;
    return signing_key_check_reason(why, e) ||
                   db_exec(c, &sql_key_note_compromised, e, "tit", id, at, why) < 0 ||
                   audit_append(c, AUDIT_COMMAND_LINE, "key.compromise", id, "", at, e)
               ? -1
               : 0;
}

int signing_keys_known(struct conn *c, struct arena *a, struct known_key **out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_keys_known, e, "");
    int count = 0, step = st ? 0 : -1;
    *out = arena_array(a, KEYS_MOST, sizeof **out);
    while (st && count < KEYS_MOST && (step = db_step(st, e)) == 1) {
        instant row = db_int(st, 2), audit = db_int(st, 3);
        (*out)[count++] = (struct known_key){.id = arena_strdup(a, db_text(st, 0)),
                                             .first_at = db_int(st, 1),
                                             .compromised_at = audit && row ? row : audit,
                                             .unheard_of = row && !audit};
    }
    db_done(st);
    return step < 0 ? -1 : count;
}

/* The ledger's evidence is the hash of what was signed; the rest is the verifier's to say. */
static bool shows(struct stmt *st, const struct did_keys *only, struct arena *a)
{
    struct error ignored = {0};
    struct verify_report report;
    const char *bytes = db_text(st, 0);
    size_t n = strlen(bytes);
    uint8_t sha[HASH_BYTES];
    char evidence[2 * HASH_BYTES + 1];
    hash_sha256(bytes, n, sha);
    hash_hex(sha, evidence);
    struct verify_input in = {.credential = bytes, .credential_length = n, .did_keys = only};
    return text_equal(db_text(st, 1), evidence) &&
           credential_verify(&in, a, &report, &ignored) == 0 && report.verdict != VERDICT_INVALID &&
           report.verdict != VERDICT_KEY_UNCONFIRMED && text_equal(report.key_id, only->keys[0]);
}

int signing_key_signed_here(struct conn *c, const char *did, const char *id, struct error *e)
{
    struct did_keys only = {.did = did, .keys = &id, .count = 1};
    struct stmt *st = db_query(c, &sql_key_signed, e, "t", id);
    struct arena *a = arena_create();
    int step = st ? 0 : -1, tried = 0;
    bool found = false;
    while (st && !found && tried++ < READ_MOST && (step = db_step(st, e)) == 1) {
        found = shows(st, &only, a);
        arena_reset(a);
    }
    db_done(st);
    arena_free(a);
    return step < 0 ? -1 : found;
}

int signing_key_tally(struct conn *c, const char *id, instant since, struct key_tally *out,
                      struct error *e)
{
    struct stmt *st = db_query(c, &sql_key_tally, e, "tit", id, since, renewed);
    int step = st ? db_step(st, e) : -1;
    if (step == 1)
        *out = (struct key_tally){db_int(st, 0), db_int(st, 1), db_int(st, 2),
                                  db_int(st, 3), db_int(st, 4), db_int(st, 5)};
    db_done(st);
    return step == 1 ? 0 : -1;
}

/* ---- issuing anew ---- */

struct reissuing {
    struct learning *learning;
    const int64_t *ids;
    int count;
    instant at;
    bool made[PIECE];
    struct error *why; /* of those that cannot be made now; PIECE of them */
};

/* One of them: 0 with *made, or -1; ERROR_CONFLICT when somebody was faster. */
static int write_one(struct conn *c, struct reissuing *p, int64_t id, bool *made, struct error *e)
{
    int64_t ignored;
    int result =
        certificate_reissue(c, p->learning, id, reissued, AUDIT_COMMAND_LINE, p->at, &ignored, e);
    *made = result == 0;
    if (result == 0 || e->kind != ERROR_CONFLICT)
        return result;
    *e = (struct error){0};
    return certificate_supersede_older(c, p->learning, id, renewed, AUDIT_COMMAND_LINE, p->at, e);
}

static int write_piece(struct conn *c, void *arg, struct error *e)
{
    struct reissuing *p = arg;
    for (int i = 0; i < p->count; i++) {
        struct error *why = &p->why[i];
        *why = (struct error){0};
        if (write_one(c, p, p->ids[i], &p->made[i], why) == 0 || why->kind == ERROR_INVALID)
            continue;
        if (why->kind != ERROR_CONFLICT) {
            *e = *why;
            return -1;
        }
        *why = (struct error){0};
    }
    return 0;
}

static int read_standing(struct learning *l, const char *id, int64_t after, int64_t *ids,
                         struct error *e)
{
    struct conn *c = db_read_begin(l->db, e);
    struct stmt *st =
        c ? db_query(c, &sql_key_standing, e, "tii", id, after, (int64_t)READ_MOST) : NULL;
    int count = 0, step = st ? 0 : -1;
    while (st && (step = db_step(st, e)) == 1)
        ids[count++] = db_int(st, 0);
    db_done(st);
    db_read_end(l->db, c);
    return step < 0 ? -1 : count;
}

static const char *uuid_of(struct learning *l, int64_t id, struct arena *a)
{
    struct error ignored = {0};
    struct conn *c = db_read_begin(l->db, &ignored);
    struct stmt *st = c ? db_query(c, &sql_certificate_uuid, &ignored, "i", id) : NULL;
    const char *uuid = st && db_step(st, &ignored) == 1 ? arena_strdup(a, db_text(st, 0)) : "";
    db_done(st);
    db_read_end(l->db, c);
    return uuid;
}

static void count_piece(const struct reissuing *p, struct arena *a, struct key_reissue *out)
{
    for (int i = 0; i < p->count; i++) {
        out->after = p->ids[i];
        out->made += p->made[i];
        if (p->why[i].kind == ERROR_NONE)
            continue;
        out->waiting++;
        if (out->wait_count == REISSUE_WAITING_MOST)
            continue;
        out->waits[out->wait_count].certificate = uuid_of(p->learning, p->ids[i], a);
        out->waits[out->wait_count++].why = arena_strdup(a, p->why[i].message);
    }
}

int signing_key_reissue(struct learning *l, const char *id, instant budget, struct arena *a,
                        struct key_reissue *out, struct error *e)
{
    int64_t ids[READ_MOST], until = clock_monotonic_us() + budget;
    struct error *why = arena_array(a, PIECE, sizeof *why);
    *out = (struct key_reissue){.after = out->after};
    for (;;) {
        int count = read_standing(l, id, out->after, ids, e);
        if (count < 0)
            return -1;
        for (int i = 0; i < count; i += PIECE) {
            struct reissuing p = {.learning = l,
                                  .ids = ids + i,
                                  .count = count - i < PIECE ? count - i : PIECE,
                                  .at = clock_now(l->clock),
                                  .why = why};
            if (db_write(l->db, write_piece, &p, e))
                return -1;
            count_piece(&p, a, out);
            if (clock_monotonic_us() >= until)
                return 0;
        }
        if (count < READ_MOST) {
            out->after = 0;
            return 0;
        }
    }
}
