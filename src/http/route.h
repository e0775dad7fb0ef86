/*
 * The route table. Every resource of the site is one row of a const table: method, path, who may,
 * what it reads, how large a body may be, and the function that answers. http/ checks all of that
 * before the function runs, so a handler holds neither access rules nor input parsing. /api
 * publishes the same rows as OpenAPI, and tests walk them.
 *
 *     static const struct field answer_fields[] = {
 *         {.name = "answer", .type = FIELD_ID, .required = true, .summary = "Option chosen"},
 *         {.name = "op", .type = FIELD_OPERATION, .summary = "Operation id of a scripted save"},
 *     };
 *     const struct route learning_routes[] = {
 *         {METHOD_GET, "/courses/{course}", course_page, .who = ACCESS_SIGNED_IN, .nav = "courses",
 *          .summary = "One course and the way through it"},
 *         {METHOD_POST, "/attempts/{attempt}/{item}", answer_save, .who = ACCESS_SIGNED_IN,
 *          .body_max = 4096, .fields = answer_fields, .field_count = 2, .summary = "Save one
 * answer"},
 *     };
 *
 * Paths match segment by segment and exactly: no trailing slash, no double slash, no escapes. A
 * parameter takes 1 to 128 characters of [A-Za-z0-9._-]; fixed text may stand before it in its
 * segment ("v{hash}"), and one named {hash} takes 64 hex digits only. Where several rows fit, a
 * fixed segment wins over a parameter, and a parameter with text before it over a bare one. HEAD
 * follows from GET. A row that cannot be right (two rows alike, an unsafe public row without an
 * exemption from the form token, a department row without {department}) stops the server at start
 * with a message.
 */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H
#include "base/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct request;

enum method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_PATCH, METHOD_DELETE, METHOD__COUNT };

/* Who may. The roles are those of the signed-in person at rq->now. */
enum access {
    ACCESS_NOBODY = 0, /* a row that forgot to say is refused at start */
    ACCESS_PUBLIC,     /* anyone */
    ACCESS_SIGNED_IN,  /* anyone signed in; whose attempt or certificate it is, the domain checks */
    ACCESS_CHAIR,      /* the chair of {department}; evaluators and administrators too. A path
                          without {department}: a chair of any */
    ACCESS_COE,        /* evaluator or administrator */
    ACCESS_AUTHOR,     /* author or administrator: drafts of courses */
    ACCESS_ADMINISTRATOR,
    ACCESS__COUNT
};

enum field_type {
    FIELD_LINE,      /* one line of text, trimmed; no control characters */
    FIELD_BLOCK,     /* text with line breaks; CR LF becomes LF, trimmed at the end */
    FIELD_INTEGER,   /* low … high; in a query, where it says which question or page to show, any
                        other value reads as absent */
    FIELD_ENUM,      /* one of `choices`, "a|b|c" */
    FIELD_ID,        /* 1–128 of [A-Za-z0-9._-] */
    FIELD_OPERATION, /* operation id of a scripted save: 8–64 of [A-Za-z0-9-] */
    FIELD_CHECKBOX,  /* absent is false; "on", "1", "true", "yes" are true */
    FIELD_DATE,      /* 2026-12-04, a day that exists */
    FIELD_PASSWORD,  /* taken as typed; never shown back */
    FIELD_FILE,      /* a file of a form with ROUTE_UPLOAD; `max` says how large (0: 16 MiB) */
    FIELD_PATH       /* a path on this site, for return_to; anything else reads as absent */
};

struct field {
    const char *name; /* a '*' at the end ("answer.*") takes every name with that beginning */
    enum field_type type;
    size_t max; /* code points of a line, block or password, else bytes; 0 takes the type's own:
                   line 300, block 10,000, password 256, path 255. body_max must hold what a form
                   makes of it: up to 12 bytes each */
    size_t max_bytes;  /* of a line or block whose store counts bytes: holds in place of max */
    bool required;     /* not empty */
    bool multiple;     /* may come more than once; otherwise a repeated field is refused */
    int64_t low, high; /* integers; both 0: 0 … 2^53 */
    const char *choices;
    const char *summary; /* for /api; in a body also the label, as a person knows it: errors begin
                            with it */
    const char *label;   /* in a query: that of the field of a form which sends it. Without one it
                            comes in links alone, and errors speak of the address */
};

enum route_flags {
    ROUTE_SELF_AUTHENTICATING =
        1, /* the request proves itself (one-click unsubscribe): no site or token check */
    ROUTE_NO_FORM_TOKEN = 2, /* unsafe but without a session (sign-in, /verify): site check only */
    ROUTE_NO_STORE = 4,      /* never cached, also when public */
    ROUTE_CORS = 8,          /* readable from other sites (did document, status lists, the log) */
    ROUTE_NO_REFERRER =
        16, /* the path itself is a secret or personal (/v/{token}, sign-in links) */
    ROUTE_TAKES_ERRORS = 32, /* the handler runs although fields are wrong and shows its form again:
                                request_has_errors, request_put_errors */
    ROUTE_PROBE = 64,        /* answered under overload and while draining; any loopback Host */
    ROUTE_UPLOAD = 256,      /* takes a form with a file (multipart/form-data), or a large one; who
                                may is looked at before it is read, and few are read at a time; a public
                                row takes at most 5 MB */
    ROUTE_BENCH = 128        /* exists only with the setting bench_routes */
};

/* Answers by calling one of the response_ functions and returning its result; or returns -1 with e,
 * which becomes the error page or problem document of e's kind. Runs on a 100 KB stack: no frame
 * above 4 KiB, no recursion over input; memory comes from rq->arena. */
typedef int (*handler)(struct request *rq, struct error *e);

struct route {
    enum method method;
    const char *pattern;
    handler run;
    enum access who;
    size_t body_max;            /* bytes of body; 0: none allowed (unsafe methods: 16 KiB) */
    const struct field *fields; /* of the query for GET, of the body otherwise */
    size_t field_count;
    const char *summary; /* for /api */
    const char *nav;     /* key of the navigation item this belongs to, or NULL */
    unsigned flags;      /* enum route_flags */
};

/* One item of the header's navigation, shown to those who may. */
struct nav_item {
    const char *key, *label, *href;
    enum access who;
};

#endif
