/*
 * One-time links and sessions; passwords are in password.c. Tokens are 256 random bits; the
 * database holds only their BLAKE2b-256, so a stolen copy opens no session.
 */
#include "learning/signin.h"
#include "base/encode.h"
#include "base/hash.h"
#include "base/text.h"
#include "learning/session_cache.h"
#include "learning/signin_internal.h"
#include "learning/sql.h"
#include <stdio.h>
#include <string.h>

#define SHARED_IDLE (15 * INSTANT_MINUTE)

static void token_make(char token[TOKEN_TEXT])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    uint8_t bytes[33];
    random_bytes(bytes, sizeof bytes);
    bytes[32] = 0;
    for (size_t i = 0; i < TOKEN_TEXT - 1; i++) {
        size_t bit = i * 6;
        unsigned pair = (unsigned)bytes[bit / 8] << 8 | bytes[bit / 8 + 1];
        token[i] = digits[pair >> (10 - bit % 8) & 63];
    }
    token[TOKEN_TEXT - 1] = 0;
}

void session_token_hash(const char *token, uint8_t out[HASH_BYTES])
{
    hash_blake2b(token, strlen(token), out);
}

/* Deleted by somebody else in the meantime. */
static int person_gone(struct error *e)
{
    return error_set(e, ERROR_NOT_FOUND, "There is no such account here any more.");
}

int signin_link_create(struct conn *c, int64_t person, const char *return_to, instant at,
                       instant life, char token[TOKEN_TEXT], struct error *e)
{
    uint8_t hash[HASH_BYTES];
    token_make(token);
    session_token_hash(token, hash);
    if (!return_to || return_to[0] != '/' || return_to[1] == '/' || strlen(return_to) > 255)
        return_to = "/";
    int64_t rows = db_exec(c, &sql_link_insert, e, "bitii", hash, sizeof hash, person, return_to,
                           at, at + life);
    return rows == 0 ? person_gone(e) : rows < 0 ? -1 : 0;
}

static int link_gone(struct error *e)
{
    return error_set(e, ERROR_NOT_FOUND,
                     "This sign-in link has been used or has run out. Ask for a new one.");
}

int signin_link_look(struct conn *c, const char *token, instant at, struct arena *a,
                     const char **name, const char **return_to, struct error *e)
{
    uint8_t hash[HASH_BYTES];
    session_token_hash(token, hash);
    struct stmt *st = db_query(c, &sql_link_look, e, "bi", hash, sizeof hash, at);
    if (!st)
        return -1;
    int step = db_step(st, e);
    if (step == 1) {
        *name = arena_strdup(a, db_text(st, 0));
        *return_to = arena_strdup(a, db_text(st, 1));
    }
    db_done(st);
    return step == 0 ? link_gone(e) : step == 1 ? 0 : -1;
}

int session_open(struct conn *c, int64_t person, bool shared, instant at, instant life,
                 const char *token, struct error *e)
{
    uint8_t hash[HASH_BYTES];
    session_token_hash(token, hash);
    int64_t rows = db_exec(c, &sql_session_insert, e, "biiii", hash, sizeof hash, person,
                           (int64_t)shared, at, at + life);
    return rows == 0 ? person_gone(e) : rows < 0 ? -1 : 0;
}

instant session_life(const struct settings *s, bool shared)
{
    return shared ? 12 * INSTANT_HOUR : s->session_hours * INSTANT_HOUR;
}

void session_token(char token[TOKEN_TEXT])
{
    token_make(token);
}

int signin_link_sweep(struct conn *c, instant at, struct error *e)
{
    return db_exec(c, &sql_link_sweep, e, "i", at - LINK_KEPT) < 0 ? -1 : 0;
}

struct spend {
    const char *token, *session_token;
    bool shared;
    instant at, life;
    char return_to[256];
};

static int spend(struct conn *c, void *arg, struct error *e)
{
    struct spend *s = arg;
    uint8_t hash[HASH_BYTES];
    session_token_hash(s->token, hash);
    struct stmt *st = db_query(c, &sql_link_spend, e, "bi", hash, sizeof hash, s->at);
    if (!st)
        return -1;
    int64_t person = 0;
    int step = db_step(st, e);
    if (step == 1) {
        person = db_int(st, 0);
        snprintf(s->return_to, sizeof s->return_to, "%s", db_text(st, 1));
    }
    db_done(st);
    if (step <= 0)
        return step < 0 ? -1 : link_gone(e);
    return session_open(c, person, s->shared, s->at, s->life, s->session_token, e);
}

int signin_link_spend(struct learning *l, const char *token, bool shared,
                      char session_token_out[TOKEN_TEXT], char return_to[256], struct error *e)
{
    token_make(session_token_out);
    struct spend s = {.token = token,
                      .session_token = session_token_out,
                      .shared = shared,
                      .at = clock_now(l->clock),
                      .life = session_life(l->settings, shared)};
    if (db_write(l->db, spend, &s, e))
        return -1;
    memcpy(return_to, s.return_to, sizeof s.return_to);
    return 0;
}

bool session_is_good(const struct session *s, instant at)
{
    return s->expires_at > at && (!s->shared || s->seen_at + SHARED_IDLE > at);
}

static void form_token(const char *session_token, char out[TOKEN_TEXT])
{
    struct arena *a = arena_create();
    uint8_t hash[HASH_BYTES];
    const char *text = arena_printf(a, "form %s", session_token);
    hash_blake2b(text, strlen(text), hash);
    snprintf(out, TOKEN_TEXT, "%s", base64url_encode(a, hash, sizeof hash));
    arena_free(a);
}

int session_find(struct conn *c, const char *token, instant at, struct session *out,
                 struct error *e)
{
    session_token_hash(token, out->token_hash);
    struct stmt *st =
        db_query(c, &sql_session_by_token, e, "b", out->token_hash, (size_t)HASH_BYTES);
    if (!st)
        return -1;
    int step = db_step(st, e);
    if (step == 1) {
        out->person = db_int(st, 0);
        out->shared = db_int(st, 1) != 0;
        out->seen_at = db_int(st, 2);
        out->expires_at = db_int(st, 3);
        snprintf(out->person_uuid, sizeof out->person_uuid, "%s", db_text(st, 4));
        const char *name = db_text(st, 5);
        snprintf(out->person_name, sizeof out->person_name, "%s",
                 strlen(name) < sizeof out->person_name ? name : "");
        out->has_roles = db_int(st, 6) != 0;
        form_token(token, out->form_token);
    }
    db_done(st);
    if (step < 0)
        return -1;
    return step == 1 && session_is_good(out, at)
               ? 0
               : error_set(e, ERROR_UNAUTHENTICATED, "Please sign in.");
}

struct seen {
    uint8_t hash[HASH_BYTES];
    instant at;
};

static int touch(struct conn *c, void *arg, struct error *e)
{
    struct seen *s = arg;
    return db_exec(c, &sql_session_touch, e, "bi", s->hash, sizeof s->hash, s->at) < 0 ? -1 : 0;
}

void session_seen(struct learning *l, const struct session *s, instant at)
{
    struct seen seen = {.at = at};
    memcpy(seen.hash, s->token_hash, sizeof seen.hash);
    session_note_seen(l->sessions, s->token_hash, at);
    db_write_later(l->db, touch, &seen, sizeof seen);
}

int session_sweep(struct conn *c, instant at, struct error *e)
{
    return db_exec(c, &sql_session_sweep, e, "i", at) < 0 ? -1 : 0;
}

static int end(struct conn *c, void *arg, struct error *e)
{
    struct seen *s = arg;
    if (db_exec(c, &sql_session_delete, e, "b", s->hash, sizeof s->hash) < 0)
        return -1;
    return session_sweep(c, s->at, e);
}

int session_end(struct learning *l, const struct session *s, struct error *e)
{
    struct seen seen = {.at = clock_now(l->clock)};
    memcpy(seen.hash, s->token_hash, sizeof seen.hash);
    int result = db_write(l->db, end, &seen, e);
    session_forget(l->sessions, s->token_hash);
    return result;
}
