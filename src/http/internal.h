/*
 * What the files of this room share. An exchange is one request and its answer; it lives on the
 * worker's stack while begin_request runs, and everything it points to lives in the arena of its
 * workspace.
 */
#ifndef HTTP_INTERNAL_H
#define HTTP_INTERNAL_H
#include "base/buf.h"
#include "base/log.h"
#include "base/mustache.h"
#include "http/request.h"
#include "http/response.h"
#include "http/server.h"
#include <civetweb.h>
#include <pthread.h>
#include <stdatomic.h>

#define ROUTE_MAX_SEGMENTS 10
#define PARAM_MAX          128
#define PATH_BYTES_MAX     1024
#define QUERY_BYTES_MAX    4096
#define HEADERS_MAX        64 /* civetweb forgets the rest, so this many is already too many */
#define FORM_FIELDS_MAX    400
#define BODY_MAX_DEFAULT   ((size_t)16 * 1024)
#define HEAD_ROOM          ((size_t)4096) /* in front of the body, so that both leave in one write */
#define ANSWER_MAX         ((size_t)16 * 1024 * 1024)
#define STREAMS_MAX        2
#define UPLOADS_MAX        2
#define UPLOAD_LARGE       ((size_t)64 * 1024)
#define PUBLIC_UPLOAD_MAX  ((size_t)5 << 20)    /* what a stranger may send at most */
#define UPLOAD_RATE        ((int64_t)32 * 1024) /* bytes per second that an upload may be slow */
#define DEADLINE_BODY_US   10000000
#define HTTP_CSP                                                                                   \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "              \
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
/* Of an SVG image: its own styles and nothing else. */
#define SVG_CSP                                                                                    \
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "              \
    "frame-ancestors 'none'; sandbox"

/* ---- headers.c: every header looked at once ---- */

struct headers {
    const char *accept, *accept_encoding, *connection, *content_length, *content_type, *cookie,
        *expect, *form_token, *forwarded_for, *host, *if_none_match, *origin, *referer,
        *requested_with, *sec_fetch_site, *transfer_encoding, *upgrade;
    unsigned count;
    const char *repeated; /* name of a header that may come once and came twice, or NULL */
    bool malformed;       /* a name that is no token, or a control character in a value */
};
/* in_place: names and values point into the request as it was sent, as civetweb's do. */
void headers_read(struct headers *h, const struct mg_header *list, int n, bool in_place);
bool header_lists(const char *value, const char *token); /* comma-separated, any case */

/* ---- guard.c: what is refused before anything else ---- */

struct refusal {
    int status;
    bool close; /* where the next request begins is doubtful */
    char message[200];
};
int refuse(struct refusal *r, int status, bool close, const char *message); /* returns -1 */

struct guard_policy {
    const char *host; /* the origin's host[:port] */
    bool trial;       /* loopback names with the listening port are welcome too */
    int port;
};
struct guard_input {
    const char *method, *target, *query, *version;
    const struct headers *headers;
    bool probe; /* a health check: any loopback Host will do */
};
struct guard_result {
    enum method method;
    bool head, options;
    bool known_method;
    size_t content_length;
    bool has_length;
};
/* May these bytes be believed? 0 with *out, or -1 with r: 400, 411, 414, 421, 431 or 505. */
int guard_check(const struct guard_policy *policy, const struct guard_input *in,
                struct guard_result *out, struct refusal *r);
bool host_is_loopback(const char *host, int port); /* port 0: any */

/* ---- router.c ---- */

struct span {
    const char *s;
    size_t n;
};
struct segment {
    struct span text;   /* the literal, or the parameter's name */
    struct span prefix; /* fixed text before the parameter: "v" of "v{hash}" */
    bool parameter;
};
struct row {
    const struct route *route;
    size_t count;
    struct segment segments[ROUTE_MAX_SEGMENTS];
};
struct router {
    struct row *rows; /* by number of segments; fixed segments before parameters */
    uint32_t *begins; /* of each row: the hash of a fixed first segment; 0: a parameter, or none */
    size_t count;
    size_t first[ROUTE_MAX_SEGMENTS + 2]; /* rows of n segments: first[n] … first[n+1] */
};
/* Compiles the tables (`bench`: the benchmark's rows, too). -1 with e: a row that cannot be right.
 */
int router_build(struct router *r, const struct route *const *tables, bool bench, struct error *e);
void router_free(struct router *r);
/* The row for a method and path, or NULL; `allowed` gets a bit for each method the path has. */
const struct row *router_match(const struct router *r, enum method method, const char *path,
                               struct span params[ROUTE_MAX_SEGMENTS], unsigned *allowed);
extern const char *const method_names[METHOD__COUNT];
bool method_is_safe(enum method m); /* changes nothing: RFC 9110 §9.2.1 */
/* Allowed methods as a header value, e.g. "GET, HEAD, POST". */
const char *router_allow(unsigned allowed, bool cors, struct arena *a);

/* ---- input.c: bytes to typed fields ---- */

struct given {
    const struct field *field;
    const char *name, *value;
    int64_t integer;
    const char *file; /* FIELD_FILE: the bytes; value is the file's name */
    size_t file_size;
    bool good;
};
struct fault {
    const char *field, *message;
};
struct input {
    struct given *given;
    size_t given_count;
    struct fault *faults;
    size_t fault_count;
    const char *form_token;
};
/* form: application/x-www-form-urlencoded bytes. -1 with r when they cannot be read at all. */
int input_form(struct input *in, struct arena *a, const struct route *route, const char *s,
               size_t n, struct refusal *r);
int input_multipart(struct input *in, struct arena *a, const struct route *route,
                    const char *content_type, const char *body, size_t n, struct refusal *r);
int input_json(struct input *in, struct arena *a, const struct route *route, const cJSON *json,
               struct refusal *r);
void input_check(struct input *in, struct arena *a, const struct route *route); /* required ones */
void input_fault(struct input *in, struct arena *a, const char *field, const char *message);

/* ---- static.c ---- */

struct asset {
    const char *name, *url, *key, *type, *etag;
    const unsigned char *data;
    size_t length;
    unsigned char *gzip; /* NULL when not smaller */
    size_t gzip_length;
};
struct assets {
    struct asset *list;
    size_t count;
    struct arena *arena;
};
/* Names every built-in file after its content and compresses it. */
int assets_build(struct assets *as, const struct server_options *o, struct error *e);
void assets_free(struct assets *as);
/* By the address as it is asked for; the address of a file as web/static names it. NULL: none. */
const struct asset *assets_find_url(const struct assets *as, const char *path);
const char *assets_url(const struct assets *as, const char *name);

/* ---- the server and its workers ---- */

struct server {
    const struct server_options options;
    struct mg_context *mg;
    atomic_int port; /* workers may ask before start_civetweb knows it */
    long workers;
    struct guard_policy policy;
    struct router router;
    struct assets assets;
    struct templates *templates;
    cJSON *site; /* page.site: the same for every page, only referred to */
    char *api;   /* the OpenAPI document */
    size_t api_length;
    bool still; /* its pages are written down: still.h */
    pthread_mutex_t pile_lock;
    struct workspace *pile; /* not in use */
    atomic_bool ready, draining;
    atomic_int in_flight, connections, streams, bodies; /* bodies: being received */
    atomic_int uploads[2]; /* large bodies in memory; [1]: those of routes that anybody may use */
    atomic_llong last_arrival, last_finished; /* monotonic microseconds */
};

/* What a request is answered in. */
struct workspace {
    struct workspace *next; /* in the pile */
    struct arena *arena;
    struct buf out; /* HEAD_ROOM, then the body */
    struct buf head;
    int64_t date_second;
    char date[32];
};

enum session_state { SESSION_UNKNOWN, SESSION_NONE, SESSION_FOUND, SESSION_UNREADABLE };
enum answer_state { ANSWER_NONE, ANSWER_READY, ANSWER_STREAMING, ANSWER_SENT };

struct exchange {
    struct request rq;
    struct server *server;
    struct workspace *space;
    struct mg_connection *mg;
    const struct mg_request_info *info;
    struct headers headers;
    struct guard_result guard;
    const struct row *row;
    struct span params[ROUTE_MAX_SEGMENTS];
    int64_t started; /* monotonic microseconds */

    const char *body;
    size_t body_length;
    cJSON *json;
    struct input input;

    struct conn *reader;
    enum session_state session_state;
    const char *session_token;
    struct session session;
    struct person person;
    struct roles *roles;

    enum answer_state answer;
    int status;
    bool close;
    const char *content_type, *filename, *location, *allow, *cache, *etag, *cookie;
    const char *content_encoding;
    atomic_int *uploads;
    bool multipart, upload; /* upload: counted in *uploads */
    bool stale_form;        /* its form token is of another sign-in */
    bool guarded, shed, clear_storage, vary_encoding, personal, frozen;
    const char *log_pattern;
    size_t sent;
    int stream_broken;
};

/* server.c */
struct server *server_prepare(const struct server_options *options, struct error *e); /* no port */
void server_free(struct server *s);

/* workspace.c: the one given back last is taken first. */
struct workspace *workspace_create(void);
void workspace_free(struct workspace *w); /* NULL is fine */
struct workspace *workspace_take(struct server *s);
void workspace_give_back(struct server *s, struct workspace *w);

/* dispatch.c */
int http_begin_request(struct mg_connection *mg);
/* civetweb could not read a request: our own answer in place of its. */
int http_parse_error(struct mg_connection *mg, int status, const char *message);

/* body.c: 0, or -1 with r. */
int body_read(struct exchange *x, struct refusal *r);
bool media_type_is(const char *content_type, const char *type); /* whatever its parameters */
void body_linger(struct exchange *x); /* lets a refused client finish hearing the answer */

/* negotiate.c */
bool accept_prefers_json(const char *accept);
bool accept_takes_gzip(const char *accept_encoding);
/* See request_address. */
const char *client_address(const char *remote, const char *forwarded_for, const char *trusted);

/* session.c */
int session_cookie_token(const char *cookie, struct arena *a,
                         const char **token); /* -1: repeated */
/* Who asks, once for each exchange. -1 with e: it could not be read. */
int session_resolve(struct exchange *x, struct error *e);
/* The row's `who`: 0, or -1 with ERROR_UNAUTHENTICATED or ERROR_FORBIDDEN. */
int access_check(struct exchange *x, struct error *e);

/* csrf.c */
/* From our own page, with this session's token? 0, or -1 with r. */
int site_check(const struct exchange *x, struct refusal *r);
bool site_allows(const struct settings *s, const char *sec_fetch_site, const char *origin,
                 const char *host);
int form_token_check(struct exchange *x, struct refusal *r);

/* page.c */
cJSON *site_view(const struct server_options *o, const struct assets *as);
void page_put(struct exchange *x, cJSON *view); /* "page": see response.h */
/* Where signing in leads back to this page; where an error's page leads back to. */
const char *page_sign_in_href(struct exchange *x);
const char *page_back_href(const struct exchange *x);

/* response.c */
void answer_begin(struct exchange *x, int status,
                  const char *content_type); /* empties the buffer */
void answer_send(struct exchange *x);
/* 0, or -1 when the client went away or takes it too slowly: the connection is then given up. */
int answer_write(struct exchange *x, const char *p, size_t n);
/* The status line and headers of x's answer into `head`. */
void answer_head(struct exchange *x, bool chunked, size_t length, struct buf *head);
/* builds and sends at once; for what is not a handler's */
void answer_refusal(struct exchange *x, const struct refusal *r);
void answer_asset(struct exchange *x, const struct asset *asset);

/* errors.c */
int error_status(enum error_kind kind);
void error_answer(struct exchange *x, int status, const struct error *e); /* fills the answer */

/* openapi.c, builtin.c, bench.c */
int openapi_build(struct server *s, struct error *e);
extern const struct route builtin_routes[];
extern const struct route bench_routes[];

/* sockets.c: what civetweb keeps to itself */
int socket_listening_on(int port); /* the descriptor, or -1 */
int socket_connected_to(const char *address, int remote_port, int local_port);
int socket_refuse_new(int listener); /* connections made stay; 0, or -1 */

#endif
