/*
 * Who is asking. The cookie's token is looked up on the request's own snapshot, once and only when
 * somebody needs to know: a row that is not public, or a page with a header.
 */
#include "base/log.h"
#include "base/text.h"
#include "http/internal.h"
#include "learning/session_cache.h"
#include <string.h>

#define COOKIE_NAME  "__Host-session"
#define TOKEN_LENGTH (TOKEN_TEXT - 1)

/* 0 with *token (NULL when there is none or it has not our form); -1 when the name comes twice. */
int session_cookie_token(const char *cookie, struct arena *a, const char **token)
{
    size_t name = sizeof COOKIE_NAME - 1;
    int seen = 0;
    *token = NULL;
    for (const char *p = cookie; p && *p;) {
        p += strspn(p, " \t;");
        size_t n = strcspn(p, ";");
        if (n > name && strncmp(p, COOKIE_NAME, name) == 0 && p[name] == '=') {
            const char *value = p + name + 1;
            size_t length = n - name - 1;
            while (length && (value[length - 1] == ' ' || value[length - 1] == '\t'))
                length--;
            if (seen++)
                return -1;
            if (length == TOKEN_LENGTH)
                *token = arena_strndup(a, value, length);
        }
        p += n;
    }
    for (const char *t = *token; t && *t; t++)
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", *t)) {
            *token = NULL;
            break;
        }
    return 0;
}

/* 0 when it is known who asks (or that nobody does); -1 when the database could not tell. */
int session_resolve(struct exchange *x, struct error *e)
{
    if (x->session_state == SESSION_FOUND || x->session_state == SESSION_NONE)
        return 0;
    if (x->session_state == SESSION_UNREADABLE)
        return error_set(e, ERROR_BUSY, "The server is very busy.");
    x->session_state = SESSION_NONE;
    if (!x->session_token)
        return 0;
    struct error found = {0};
    struct request *rq = &x->rq;
    struct session_cache *cache = rq->learning->sessions;
    bool fresh = !x->reader; /* a snapshot begun before `epoch` may not show what ended before it */
    uint64_t epoch;
    if (!session_recall(cache, x->session_token, rq->now, &x->session, &epoch)) {
        x->session_state = SESSION_UNREADABLE;
        struct conn *c = request_reader(rq, e);
        if (!c)
            return -1;
        if (session_find(c, x->session_token, rq->now, &x->session, &found)) {
            if (found.kind == ERROR_UNAUTHENTICATED) {
                x->session_state = SESSION_NONE;
                return 0;
            }
            if (e)
                *e = found;
            return -1;
        }
        if (fresh)
            session_remember(cache, &x->session, epoch);
    }
    x->session_state = SESSION_FOUND;
    x->personal = true;
    if (rq->now - x->session.seen_at >= INSTANT_MINUTE)
        session_seen(rq->learning, &x->session, rq->now);
    return 0;
}

static struct exchange *exchange_of(const struct request *rq)
{
    return rq->exchange;
}

int request_resolve(struct request *rq, struct error *e)
{
    return session_resolve(exchange_of(rq), e);
}

int64_t request_person_id(struct request *rq)
{
    struct exchange *x = exchange_of(rq);
    if (session_resolve(x, NULL) || x->session_state != SESSION_FOUND)
        return 0;
    return x->session.person;
}

/* The row is read when the first one asks: saving an answer needs the number only. */
const struct person *request_person(struct request *rq)
{
    struct exchange *x = exchange_of(rq);
    if (request_person_id(rq) == 0)
        return NULL;
    if (x->person.id == 0) {
        struct error e = {0};
        struct conn *c = request_reader(rq, &e);
        if (!c || person_get(c, x->session.person, rq->arena, &x->person, &e)) {
            log_line(LOG_WARNING, "a signed-in person could not be read: %s", e.message);
            x->person = (struct person){.id = x->session.person, .uuid = "", .name = ""};
        }
    }
    return &x->person;
}

const char *request_person_name(struct request *rq)
{
    const struct session *s = request_session(rq);
    return !s ? NULL : *s->person_name ? s->person_name : request_person(rq)->name;
}

const struct session *request_session(struct request *rq)
{
    return request_person_id(rq) ? &exchange_of(rq)->session : NULL;
}

static int roles_resolve(struct exchange *x, struct error *e)
{
    if (x->roles)
        return 0;
    if (session_resolve(x, e))
        return -1;
    struct roles *roles = arena_alloc(x->rq.arena, sizeof *roles);
    if (x->session_state == SESSION_FOUND && x->session.has_roles) {
        struct conn *c = request_reader(&x->rq, e);
        if (!c || person_roles(c, x->session.person, x->rq.now, x->rq.arena, roles, e))
            return -1;
    }
    x->roles = roles;
    return 0;
}

const struct roles *request_roles(struct request *rq)
{
    static const struct roles none;
    struct exchange *x = exchange_of(rq);
    return roles_resolve(x, NULL) ? &none : x->roles;
}

static bool roles_allow(const struct roles *roles, enum access who, const char *department)
{
    if (who == ACCESS_ADMINISTRATOR)
        return roles->administrator;
    if (who == ACCESS_AUTHOR)
        return roles->author || roles->administrator;
    if (roles->administrator || roles->evaluator)
        return true;
    if (who != ACCESS_CHAIR)
        return false;
    for (int i = 0; i < roles->chair_count; i++)
        if (!department || text_equal(roles->chair_of[i].code, department))
            return true;
    return false;
}

bool request_may(struct request *rq, enum access who, const char *department)
{
    if (who == ACCESS_PUBLIC)
        return true;
    if (!request_person_id(rq))
        return false;
    return who == ACCESS_SIGNED_IN || roles_allow(request_roles(rq), who, department);
}

/* The row's `who` for this person. A department that does not exist looks like a foreign one. */
int access_check(struct exchange *x, struct error *e)
{
    const struct route *route = x->row->route;
    if (route->who == ACCESS_PUBLIC)
        return 0;
    if (session_resolve(x, e))
        return -1;
    if (x->session_state != SESSION_FOUND)
        return error_set(e, ERROR_UNAUTHENTICATED, "This page is for people who are signed in.");
    if (route->who == ACCESS_SIGNED_IN)
        return 0;
    if (roles_resolve(x, e))
        return -1;
    const char *department = request_param(&x->rq, "department");
    if (roles_allow(x->roles, route->who, *department ? department : NULL))
        return 0;
    return error_set(e, ERROR_FORBIDDEN,
                     "You are signed in, but this page is for people with another role.");
}

const char *request_form_token(struct request *rq)
{
    const struct session *s = request_session(rq);
    return s ? s->form_token : "";
}
