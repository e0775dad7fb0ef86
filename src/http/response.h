/*
 * Answering. A handler calls exactly one of these and returns its result; the bytes leave in one
 * write after the handler has returned and its snapshot was given back. Security headers, caching
 * and the access log line are added on every status.
 */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H
#include "base/error.h"
#include "http/request.h"
#include <cjson/cJSON.h>
#include <stddef.h>

/*
 * One resource, two representations: the template rendered from the view, or the view as JSON when
 * the client asked for it. Takes ownership of the view. The view must hold "title"; its "h1" is the
 * title unless given.
 *
 * To HTML views a "page" object is added:
 *   title ("h1 – site", for <title>), h1, path, language, form_token ("" when signed out),
 *   signed_in {name, first} or absent, sign_in_href when signed out,
 *   nav [{key, label, href, current}], is_trial, still (written down for a folder: still.h),
 *   site {name, coe, funding, build, origin, asset {style_css, accent_css, NAME_EXT …}}
 * In a template: {{>part/top}} … {{>part/bottom}}; every form of a signed-in person holds
 *   <input type="hidden" name="form_token" value="{{page.form_token}}">
 * A page's module: <script type="module" src="{{page.site.asset.answers_js}}"></script>
 * JSON views get "page" {title, form_token} only.
 */
int response_page(struct request *rq, const char *template_name, cJSON *view);
int response_page_status(struct request *rq, int status, const char *template_name, cJSON *view);

/* 303 See Other (after a POST, or to sign in). `path` must be path_is_local, or it becomes "/". */
int response_redirect(struct request *rq, const char *path);

/* JSON whatever Accept says. Takes ownership. */
int response_json(struct request *rq, int status, cJSON *value);

/* Bytes as they are (copied): a PDF, a credential, a status list. filename NULL: shown in place. */
int response_bytes(struct request *rq, const char *content_type, const void *data, size_t n,
                   const char *filename);
/*
 * Bytes that never change, because their address holds a content hash: the browser keeps them for
 * ever (its own cache only, when the row asks for signing in). An SVG image gets a policy of its
 * own: opened by itself it is a document, and then one in a sandbox, where nothing runs.
 */
int response_frozen(struct request *rq, const char *content_type, const void *data, size_t n);
int response_empty(struct request *rq, int status); /* 204 and the like */

/*
 * A large answer in pieces, without holding it in memory: begin, write …, end; the snapshot is kept
 * until the end. At most two run at once (ERROR_BUSY otherwise), so exports leave readers to
 * others. write returns -1 when the client has gone: stop then, and call end all the same.
 */
int response_stream_begin(struct request *rq, const char *content_type, const char *filename,
                          struct error *e);
int response_stream_write(struct request *rq, const void *data, size_t n);
int response_stream_end(struct request *rq);

/* The error page (template "error") or problem document (RFC 9457) of e's kind. Same as returning
 * -1 with e. The error view: title, status, kind, happened, kept, to_do, errors [{field, message}],
 * typed_back [{label, value}] (what was typed, so that nothing is lost), back_href ("" when that
 * is the start page), sign_in_href. */
int response_error(struct request *rq, const struct error *e);

/* ---- before answering ---- */

/* The session cookie: a new token for max_age seconds (0: until the browser closes), or NULL to
 * remove it. */
void response_session_cookie(struct request *rq, const char *token, long max_age);
/* After signing out on a shared computer: the browser clears this site's storage. */
void response_clear_storage(struct request *rq);
/* Cache-Control of a public answer, e.g. "public, max-age=300"; without it "no-cache", and always
 * "private, no-store" for somebody signed in. */
void response_cache(struct request *rq, const char *cache_control);
/* A strong validator of a public answer (without quotes). True when the client has it already: then
 * the answer has become a 304 and the handler returns 0 at once. */
bool response_not_modified(struct request *rq, const char *etag);

/* The hashed URL of a static file ("style.css" → "/static/style.1a2b3c4d5e.css"), "" when unknown.
 */
const char *response_asset(const struct request *rq, const char *name);

#endif
