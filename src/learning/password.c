/*
 * Passwords: Argon2id, 64 MiB each, at most two at once. Unknown addresses are hashed against a
 * dummy, counted and refused exactly like known ones, so neither words nor time tell who is here.
 */
#include "base/hash.h"
#include "base/text.h"
#include "learning/ledger.h"
#include "learning/session_cache.h"
#include "learning/signin_internal.h"
#include "learning/sql.h"
#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PLACES         2
#define WAIT_SECONDS   2
#define MAX_WRONG      5
#define PASSWORD_LEAST 12 /* code points */
#define PASSWORD_MOST  256
#define WRONG_WINDOW   (15 * INSTANT_MINUTE)
#define FAILURE_SLOTS  4096 /* power of two; an older entry in the same slot is forgotten */
#define OPSLIMIT       crypto_pwhash_OPSLIMIT_INTERACTIVE
#define MEMLIMIT       crypto_pwhash_MEMLIMIT_INTERACTIVE

struct failure {
    uint8_t who[16];
    instant since;
    int count;
};

struct signin {
    pthread_mutex_t mutex;
    pthread_cond_t freed;
    int busy;
    char nobody[crypto_pwhash_STRBYTES]; /* a hash of random bytes: what unknown people are compared
                                            with */
    uint8_t salt[32];                    /* places in the table cannot be aimed at */
    struct failure failures[FAILURE_SLOTS];
};

struct signin *signin_create(void)
{
    struct signin *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&s->mutex, NULL);
    pthread_cond_init(&s->freed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    random_bytes(s->salt, sizeof s->salt);
    return s;
}

void signin_free(struct signin *s)
{
    if (!s)
        return;
    pthread_mutex_destroy(&s->mutex);
    pthread_cond_destroy(&s->freed);
    free(s);
}

static int place_take(struct signin *s, struct error *e)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += WAIT_SECONDS;
    pthread_mutex_lock(&s->mutex);
    int wait = 0;
    while (s->busy >= PLACES && wait != ETIMEDOUT)
        wait = pthread_cond_timedwait(&s->freed, &s->mutex, &until);
    bool got = s->busy < PLACES;
    s->busy += got;
    pthread_mutex_unlock(&s->mutex);
    return got ? 0
               : error_set(
                     e, ERROR_BUSY,
                     "Many people are signing in at once. Please try again in a few seconds.");
}

static void place_give(struct signin *s)
{
    pthread_mutex_lock(&s->mutex);
    s->busy--;
    pthread_cond_signal(&s->freed);
    pthread_mutex_unlock(&s->mutex);
}

int signin_hash_password(struct signin *s, const char *password, char out[128], struct error *e)
{
    size_t n = text_code_points(password);
    if (n < PASSWORD_LEAST)
        return error_field(e, "password",
                           "Use at least %d characters. A short sentence works well.",
                           PASSWORD_LEAST);
    if (n > PASSWORD_MOST)
        return error_field(e, "password", "Use at most %d characters.", PASSWORD_MOST);
    if (place_take(s, e))
        return -1;
    int failed = crypto_pwhash_str_alg(out, password, strlen(password), OPSLIMIT, MEMLIMIT,
                                       crypto_pwhash_ALG_ARGON2ID13);
    place_give(s);
    return failed ? error_set(e, ERROR_BUSY, "The server is short of memory. Please try again.")
                  : 0;
}

static struct failure *failure_of(struct signin *s, const char *email, uint8_t who[16])
{
    uint8_t hash[HASH_BYTES];
    hash_keyed(s->salt, email, strlen(email), hash);
    memcpy(who, hash, 16);
    return &s->failures[(hash[16] | (unsigned)hash[17] << 8) % FAILURE_SLOTS];
}

/* Counts this try before the password is looked at, so that parallel guesses count too. */
static int count_try(struct signin *s, const char *email, instant at, struct error *e)
{
    uint8_t who[16];
    pthread_mutex_lock(&s->mutex);
    struct failure *f = failure_of(s, email, who);
    if (memcmp(f->who, who, sizeof who) != 0 || f->since + WRONG_WINDOW <= at) {
        memcpy(f->who, who, sizeof who);
        f->since = at;
        f->count = 0;
    }
    bool allowed = f->count < MAX_WRONG;
    f->count += allowed;
    pthread_mutex_unlock(&s->mutex);
    return allowed
               ? 0
               : error_set(
                     e, ERROR_TOO_MANY,
                     "That was tried several times. Wait 15 minutes, or ask for a sign-in link.");
}

/* The password was never looked at. */
static void take_back_try(struct signin *s, const char *email)
{
    uint8_t who[16];
    pthread_mutex_lock(&s->mutex);
    struct failure *f = failure_of(s, email, who);
    if (memcmp(f->who, who, sizeof who) == 0 && f->count > 0)
        f->count--;
    pthread_mutex_unlock(&s->mutex);
}

static void forget_tries(struct signin *s, const char *email)
{
    uint8_t who[16];
    pthread_mutex_lock(&s->mutex);
    struct failure *f = failure_of(s, email, who);
    if (memcmp(f->who, who, sizeof who) == 0)
        f->count = 0;
    pthread_mutex_unlock(&s->mutex);
}

static int look_up(struct learning *l, const char *email, int64_t *person,
                   char hash[crypto_pwhash_STRBYTES], struct error *e)
{
    struct conn *c = db_read_begin(l->db, e);
    if (!c)
        return -1;
    struct stmt *st = db_query(c, &sql_password_of, e, "t", email);
    int step = st ? db_step(st, e) : -1;
    if (step == 1 && !db_null(st, 1)) {
        *person = db_int(st, 0);
        snprintf(hash, crypto_pwhash_STRBYTES, "%s", db_text(st, 1));
    }
    db_done(st);
    db_read_end(l->db, c);
    return step < 0 ? -1 : 0;
}

/* Made once, at the first sign-in, under a place: it takes as long as a real hash. */
static int hash_of_nobody(struct signin *s, char out[crypto_pwhash_STRBYTES])
{
    pthread_mutex_lock(&s->mutex);
    memcpy(out, s->nobody, crypto_pwhash_STRBYTES);
    pthread_mutex_unlock(&s->mutex);
    if (out[0])
        return 0;
    uint8_t secret[32];
    random_bytes(secret, sizeof secret);
    if (crypto_pwhash_str_alg(out, (const char *)secret, sizeof secret, OPSLIMIT, MEMLIMIT,
                              crypto_pwhash_ALG_ARGON2ID13))
        return -1;
    pthread_mutex_lock(&s->mutex);
    memcpy(s->nobody, out, crypto_pwhash_STRBYTES);
    pthread_mutex_unlock(&s->mutex);
    return 0;
}

static bool matches(struct signin *s, int64_t person, const char *hash, const char *password)
{
    char nobody[crypto_pwhash_STRBYTES];
    if (hash_of_nobody(s, nobody))
        return false;
    bool same = crypto_pwhash_str_verify(person ? hash : nobody, password, strlen(password)) == 0;
    return same && person != 0;
}

struct open {
    int64_t person;
    bool shared;
    instant at, life;
    const char *token;
    const char *new_hash; /* when the stored one was made with older parameters */
};

static int open_session(struct conn *c, void *arg, struct error *e)
{
    struct open *o = arg;
    if (o->new_hash && person_set_password_hash(c, o->person, o->new_hash, e))
        return -1;
    return session_open(c, o->person, o->shared, o->at, o->life, o->token, e);
}

/* 0 and who it is, with a fresh hash in `fresh` when the stored one has older parameters ("" when
 * not); costs the same for unknown addresses. `email` is trimmed and in lower case. */
static int password_try(struct signin *s, struct learning *l, const char *email,
                        const char *password, int64_t *person, char fresh[crypto_pwhash_STRBYTES],
                        struct error *e)
{
    char hash[crypto_pwhash_STRBYTES] = "";
    fresh[0] = 0;
    if (strlen(email) > 254 || text_code_points(password) > PASSWORD_MOST)
        return error_set(e, ERROR_UNAUTHENTICATED,
                         "That e-mail address and password do not go together.");
    if (count_try(s, email, clock_now(l->clock), e))
        return -1;
    if (look_up(l, email, person, hash, e) || place_take(s, e)) {
        take_back_try(s, email);
        return -1;
    }
    bool good = matches(s, *person, hash, password);
    if (good && crypto_pwhash_str_needs_rehash(hash, OPSLIMIT, MEMLIMIT) != 0 &&
        crypto_pwhash_str_alg(fresh, password, strlen(password), OPSLIMIT, MEMLIMIT,
                              crypto_pwhash_ALG_ARGON2ID13))
        fresh[0] = 0;
    place_give(s);
    if (!good)
        return error_set(e, ERROR_UNAUTHENTICATED,
                         "That e-mail address and password do not go together.");
    forget_tries(s, email);
    return 0;
}

int signin_password(struct signin *s, struct learning *l, const char *email, const char *password,
                    bool shared, char token[TOKEN_TEXT], struct error *e)
{
    struct arena *a = arena_create();
    struct open o = {.shared = shared, .at = clock_now(l->clock), .token = token};
    char fresh[crypto_pwhash_STRBYTES];
    const char *who = text_lower_ascii(a, text_trim(a, email));
    int result = password_try(s, l, who, password, &o.person, fresh, e);
    if (result == 0) {
        session_token(token);
        o.life = session_life(l->settings, shared);
        o.new_hash = fresh[0] ? fresh : NULL;
        result = db_write(l->db, open_session, &o, e);
    }
    arena_free(a);
    return result;
}

int signin_check_password(struct signin *s, struct learning *l, const char *email,
                          const char *password, struct error *e)
{
    struct arena *a = arena_create();
    char fresh[crypto_pwhash_STRBYTES];
    int64_t person = 0;
    const char *who = text_lower_ascii(a, text_trim(a, email));
    int result = password_try(s, l, who, password, &person, fresh, e);
    arena_free(a);
    return result;
}

/* ---- changing it ---- */

struct change {
    int64_t person;
    const char *hash;
    const uint8_t *kept; /* the present session's token hash */
    instant at;
};

static int write_change(struct conn *c, void *arg, struct error *e)
{
    const struct change *w = arg;
    if (person_set_password_hash(c, w->person, w->hash, e) ||
        db_exec(c, &sql_session_delete_others, e, "ib", w->person, w->kept, (size_t)HASH_BYTES) < 0)
        return -1;
    return audit_append(c, w->person, "account.password", "", "", w->at, e);
}

int signin_change_password(struct learning *l, int64_t person, const char *hash,
                           const struct session *present, struct error *e)
{
    struct change w = {person, hash, present->token_hash, clock_now(l->clock)};
    int result = db_write(l->db, write_change, &w, e);
    session_forget_others(l->sessions, person, present->token_hash);
    return result;
}
