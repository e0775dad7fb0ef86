/*
 * A request as a handler sees it: guarded, routed, signed in, permitted, its input typed. It lives
 * until the answer has been sent; everything in its arena goes with it.
 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H
#include "base/arena.h"
#include "base/error.h"
#include "base/instant.h"
#include "http/route.h"
#include "learning/learning.h"
#include "learning/people.h"
#include "learning/signin.h"
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Words of an error page that say it better than its status alone; NULL: the status's own. */
struct error_words {
    const char *title, *kept, *to_do;
    const char *back_href; /* where “Go back” leads; NULL: to the page before */
};

struct request {
    struct arena *arena;
    struct learning *learning;
    const struct settings *settings;
    void *app;   /* server_options.app: what the pages share (the sign-in semaphore, zones, …) */
    instant now; /* one moment for the whole request */

    const struct route *route;
    enum method method;
    const char *path;  /* canonical, begins with '/' */
    const char *query; /* raw, "" when there is none */
    bool wants_json;   /* JSON rather than HTML, by Accept */
    bool is_script;    /* sent by our own script: X-Requested-With: understory */

    const struct error_words *error_words; /* set by a handler before it returns -1, or NULL */

    struct exchange *exchange; /* http/'s own side */
};

/* ---- the path and the typed input; strings live as long as the request ---- */

/* The value of {name} in the pattern. A name that is not in the pattern gives "". */
const char *request_param(const struct request *rq, const char *name);

/* A field of the row's table. NULL when absent or empty (multiple: the first). Only declared fields
 * can be read; what else a client sends is ignored. */
const char *request_field(const struct request *rq, const char *name);
const char *request_field_or(const struct request *rq, const char *name, const char *fallback);
int64_t request_integer_or(const struct request *rq, const char *name, int64_t fallback);
bool request_checked(const struct request *rq, const char *name);
/* A file that was sent (FIELD_FILE): its bytes, *n of them, which live as long as the request, and
 * its name without folders, as the sender's computer calls it. NULL when there is none. */
const void *request_file(const struct request *rq, const char *name, size_t *n,
                         const char **filename);
size_t request_field_count(const struct request *rq, const char *name); /* for multiple ones */
const char *request_field_at(const struct request *rq, const char *name, size_t index);
/* Every accepted field in the order sent, for tables with "name.*": false past the end. */
bool request_field_each(const struct request *rq, size_t index, const char **name,
                        const char **value);

/* The body's bytes exactly as sent (NUL behind them), "" when there was none. */
const char *request_body(const struct request *rq, size_t *n);
/* The body as JSON when it was application/json (passed the strict gate), else NULL. */
const cJSON *request_json(const struct request *rq);

/* With ROUTE_TAKES_ERRORS: what was wrong with the fields. */
bool request_has_errors(const struct request *rq);
/* Adds one found by the domain (e.field names it; "" for the form as a whole). */
void request_add_error(struct request *rq, const struct error *e);
/* Puts into the view "has_errors", "errors": [{field, message}] and "typed": {name: value, …}
 * (never passwords; "had_password": one was sent), so that the form comes back as it was with a
 * summary on top. */
void request_put_errors(const struct request *rq, cJSON *view);

/* ---- who ---- */

/* On a public row: is it known who asks? -1 with e (busy) when the database could not tell now;
 * then nobody should be shown the page of a stranger. */
int request_resolve(struct request *rq, struct error *e);
/* The signed-in person's number, 0 when nobody is signed in. Costs nothing on rows that ask for it.
 */
int64_t request_person_id(struct request *rq);
/* The signed-in person, or NULL. On a public row this reads the session only when asked. */
const struct person *request_person(struct request *rq);
const char *request_person_name(struct request *rq);   /* without reading the row, nearly always */
const struct roles *request_roles(struct request *rq); /* all false when nobody is signed in */
const struct session *request_session(struct request *rq); /* NULL when nobody is signed in */
/* Has the person this access now? (ACCESS_CHAIR with a department's code, or NULL for any.) */
bool request_may(struct request *rq, enum access who, const char *department);
const char *request_form_token(struct request *rq); /* "" when nobody is signed in */
/* The client's address: the last hop of X-Forwarded-For when the trusted proxy sent it. Never
 * logged. */
const char *request_address(const struct request *rq);

/* ---- the database ---- */

/*
 * This request's read snapshot: borrowed at the first call, given back by itself before the answer
 * is sent. On unsafe methods the snapshot that found the session has already been given back when
 * the handler runs. Never hold one across db_write: call request_reader_release first, or a burst
 * of saves is served by eight connections only. After a write, the next call opens a new snapshot
 * that sees it. NULL with e (busy).
 */
struct conn *request_reader(struct request *rq, struct error *e);
void request_reader_release(struct request *rq);

/* ---- paths ---- */

/* A path on this site that may be redirected to: begins with one '/', holds only what may stand in
 * a URI (so neither backslash nor space nor control character), at most 255 bytes. */
bool path_is_local(const char *path);

#endif
