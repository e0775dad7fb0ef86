/*
 * A draft as a colleague reads it who has a review link and no account. Nothing is published and
 * nothing is recorded but what the colleague says.
 *
 * GET  /review/{token}                    what this is, and the parts
 * GET  /review/{token}/lesson/{lesson}    a part: its text in blocks, each with what was said of it
 * GET  /review/{token}/case/{case}
 * GET  /review/{token}/{part}             questions, references, facilitator
 * POST each of them                       a comment on one of its blocks
 * GET  /review/{token}/media/{name}       an image
 *
 * The address is a secret, so no other site may learn it: Referrer-Policy is same-origin, and links
 * that lead away say noreferrer. (no-referrer would make browsers send "Origin: null" with the
 * forms, and those that send no Sec-Fetch-Site would then be refused.) A reviewer's name goes from
 * page to page by the number of the comment it was last written under, never by itself.
 */
#include "base/text.h"
#include "http/response.h"
#include "pages/allowance.h"
#include "pages/draft_view.h"
#include "pages/form.h"
#include "pages/letters.h"
#include "pages/review_view.h"
#include <string.h>

/* ---- opening ---- */

/* A link that is not open looks the same whatever is wrong with it, and takes long to guess. */
static int find_link(struct request *rq, struct conn *c, struct review_link *out, struct error *e)
{
    struct site *site = rq->app;
    if (review_open(c, request_param(rq, "token"), rq->now, rq->arena, out, e) == 0)
        return 0;
    if (e->kind == ERROR_NOT_FOUND &&
        !allowance_take_address(site->guesses, request_address(rq), rq->now))
        error_set(e, ERROR_TOO_MANY,
                  "Too many links that lead nowhere were tried from this network.");
    return -1;
}

static const struct review_comment *find_comment(const struct review *r, int64_t id)
{
    for (int i = 0; i < r->comment_count; i++)
        if (r->comments[i].id == id && r->comments[i].link == r->link.id)
            return &r->comments[i];
    return NULL;
}

int review_begin(struct review *r, struct request *rq, struct error *e)
{
    *r = (struct review){.rq = rq};
    struct conn *c = request_reader(rq, e);
    if (!c || find_link(rq, c, &r->link, e))
        return -1;
    r->base = arena_printf(rq->arena, "/review/%s", request_param(rq, "token"));
    r->comment_count = review_comments(c, r->link.draft, rq->arena, &r->comments, e);
    if (r->comment_count < 0)
        return -1;
    r->after = find_comment(r, request_integer_or(rq, "after", 0));
    r->source = draft_source(c, rq->learning, r->link.draft, r->link.version,
                             arena_printf(rq->arena, "%s/media", r->base), rq->now, e);
    if (!r->source)
        return -1;
    r->p = course_publication(r->source);
    r->part_count = review_parts(r->source, rq->arena, &r->parts);
    if (r->p)
        return 0;
    course_free(r->source);
    return error_set(e, ERROR_CONFLICT,
                     "This version cannot be shown just now: the site it stands on has changed. "
                     "Ask whoever sent you the link for a new one.");
}

int review_close(struct review *r, int result)
{
    course_free(r->source);
    return result;
}

const char *review_query(const struct review *r)
{
    return r->after ? arena_printf(r->rq->arena, "?after=%lld", (long long)r->after->id) : "";
}

const char *review_href(const struct review *r, const char *rest)
{
    return arena_printf(r->rq->arena, "%s%s%s", r->base, rest, review_query(r));
}

void view_review(cJSON *view, const struct review *r)
{
    struct request *rq = r->rq;
    cJSON *review = view_object(view, "review");
    view_text(review, "href", review_href(r, ""));
    view_text(review, "course_name", r->p->title);
    view_int(review, "version", r->link.version);
    view_text(review, "sent_by", r->link.made_by);
    view_text(review, "until_words", words_date(rq, r->link.expires_at));
    view_bool(view, "noindex", true);
}

/* ---- which comments belong where ---- */

static bool same_file(const struct review *r, const char *a, const char *b)
{
    struct arena *arena = r->rq->arena;
    return strcmp(course_file_name(arena, a), course_file_name(arena, b)) == 0;
}

static void put_comments(cJSON *block, const struct review *r, const char *id)
{
    cJSON *list = view_list(block, "comments");
    for (int i = 0; i < r->comment_count; i++)
        if (*id && strcmp(r->comments[i].block, id) == 0)
            view_review_comment(view_item(list), r->rq, &r->comments[i]);
    view_bool(block, "has_comments", cJSON_GetArraySize(list) > 0);
}

static bool is_among(const struct course_block *blocks, int n, const char *id)
{
    for (int i = 0; i < n; i++)
        if (strcmp(blocks[i].id, id) == 0)
            return true;
    return false;
}

/* Said of the part as it was: their paragraph is not in it any more. */
static void put_gone(cJSON *view, const struct review *r, const struct review_part *part,
                     const struct course_block *blocks, int n)
{
    cJSON *list = view_list(view, "gone");
    for (int i = 0; i < r->comment_count; i++)
        if (same_file(r, r->comments[i].file, part->path) &&
            !is_among(blocks, n, r->comments[i].block))
            view_review_comment(view_item(list), r->rq, &r->comments[i]);
    view_bool(view, "has_gone", cJSON_GetArraySize(list) > 0);
}

/* ---- the first page ---- */

static int comments_on(const struct review *r, const struct review_part *part)
{
    int n = 0;
    for (int i = 0; i < r->comment_count; i++)
        n += same_file(r, r->comments[i].file, part->path);
    return n;
}

static int start_page(struct request *rq, struct error *e)
{
    struct review r;
    if (review_begin(&r, rq, e))
        return -1;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", r.p->title);
    view_review(view, &r);
    view_text(view, "summary", r.p->summary);
    view_bool(view, "is_pilot", r.p->pilot);
    view_text(view, "sign_href", review_href(&r, "/sign"));
    view_text(view, "audience", r.p->audience);
    cJSON *path = view_list(view, "path");
    for (int i = 0; i < r.part_count; i++) {
        int n = comments_on(&r, &r.parts[i]);
        cJSON *part = view_item(path);
        view_text(part, "name", r.parts[i].name);
        view_text(part, "href", review_href(&r, r.parts[i].rest));
        view_text(part, "about", r.parts[i].kind);
        view_text(part, "comments_words", n ? words_count(rq->arena, n, "comment") : "");
    }
    cJSON *objectives = view_list(view, "objectives");
    for (int i = 0; i < r.p->objective_count; i++)
        view_text(view_item(objectives), "text", r.p->objectives[i].text);
    return review_close(&r, response_page(rq, "review", view));
}

/* ---- a part ---- */

/* By the address: what stands behind the review's own. */
static const struct review_part *find_part(const struct review *r, struct error *e)
{
    const char *rest = r->rq->path + strlen(r->base);
    for (int i = 0; i < r->part_count; i++)
        if (strcmp(r->parts[i].rest, rest) == 0)
            return &r->parts[i];
    error_set(e, ERROR_NOT_FOUND, "This version of the course has no such part.");
    return NULL;
}

static int put_blocks(cJSON *view, const struct review *r, const struct review_part *part,
                      struct error *e)
{
    const struct course_block *blocks;
    int n = course_blocks(r->source, part->path, &blocks);
    bool again = request_has_errors(r->rq);
    const char *on = request_field_or(r->rq, "block", "");
    cJSON *list = view_list(view, "blocks");
    for (int i = 0; i < n; i++) {
        cJSON *block = view_item(list);
        if (view_review_block(block, r, part, &blocks[i], e))
            return -1;
        put_comments(block, r, blocks[i].id);
        view_bool(block, "is_open", again && *on && strcmp(blocks[i].id, on) == 0);
    }
    put_gone(view, r, part, blocks, n);
    return 0;
}

static void put_way(cJSON *view, const struct review *r, const struct review_part *part)
{
    struct arena *a = r->rq->arena;
    int i = (int)(part - r->parts);
    view_text(view, "place_words", arena_printf(a, "Part %d of %d", i + 1, r->part_count));
    cJSON *next = view_object(view, "next");
    bool last = i + 1 == r->part_count;
    view_text(next, "href", review_href(r, last ? "/sign" : r->parts[i + 1].rest));
    view_text(next, "label",
              last ? "Next: your sign-off" : arena_printf(a, "Next: %s", r->parts[i + 1].name));
    cJSON *before = view_object(view, "before");
    view_text(before, "href", review_href(r, i ? r->parts[i - 1].rest : ""));
    view_text(before, "label",
              i ? arena_printf(a, "Back: %s", r->parts[i - 1].name) : "Back to the overview");
    view_crumb(view, r->p->title, review_href(r, ""));
}

/* The comment that the reviewer wrote last is one of this part's. */
static bool is_said_here(const struct review *r, const struct review_part *part)
{
    return r->after && same_file(r, r->after->file, part->path);
}

static int show_part(struct review *r, const struct review_part *part, int status, struct error *e)
{
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", part->name);
    view_review(view, r);
    put_way(view, r, part);
    view_text(view, "action", arena_printf(r->rq->arena, "%s%s", r->base, part->rest));
    view_text(view, "reviewer", r->after ? r->after->name : "");
    view_int(view, "name_max", REVIEW_NAME_MAX);
    view_int(view, "words_max", REVIEW_WORDS_MAX);
    view_text(view, "thanks",
              is_said_here(r, part) && status == 200 ? "Your comment stands below." : "");
    form_put_errors(r->rq, view);
    if (put_blocks(view, r, part, e)) {
        cJSON_Delete(view);
        return -1;
    }
    view_bool(view, "has_references", false);
    if (part->lesson) {
        struct lesson_page lp = {.rq = r->rq, .lesson = part->lesson};
        lp.en.publication = r->p;
        cJSON_DeleteItemFromObjectCaseSensitive(view, "has_references");
        lesson_put_references(&lp, view);
    }
    return response_page_status(r->rq, status, "review-part", view);
}

static int part_page(struct request *rq, struct error *e)
{
    struct review r;
    if (review_begin(&r, rq, e))
        return -1;
    const struct review_part *part = find_part(&r, e);
    return review_close(&r, part ? show_part(&r, part, 200, e) : -1);
}

/* ---- a comment ---- */

static const struct course_block *find_block(const struct review *r, const struct review_part *part,
                                             struct error *e)
{
    const struct course_block *blocks;
    const char *id = request_field_or(r->rq, "block", "");
    int n = course_blocks(r->source, part->path, &blocks);
    for (int i = 0; i < n; i++)
        if (*id && strcmp(blocks[i].id, id) == 0)
            return &blocks[i];
    error_set(e, ERROR_NOT_FOUND, "This version of the course has no such paragraph.");
    return NULL;
}

/* Who writes very fast is asked to wait: by link, as whoever has it may sit anywhere. */
int review_may_say(const struct review *r, struct error *e)
{
    struct site *site = r->rq->app;
    const char *who = arena_printf(r->rq->arena, "%lld", (long long)r->link.id);
    if (allowance_take(site->comments, who, r->rq->now))
        return 0;
    return error_set(e, ERROR_TOO_MANY,
                     "Very many comments came through this link within a few minutes. Yours "
                     "stands below and is not sent yet; wait a little, then send it again.");
}

/* What the reviewer can change, or send again later, is said on the page, with every word kept. */
static int show_again(struct review *r, const struct review_part *part, struct error *e)
{
    int status = review_take_error(r, e);
    return status ? show_part(r, part, status, e) : -1;
}

static int say(struct review *r, const struct review_part *part, struct error *e)
{
    struct request *rq = r->rq;
    const struct course_block *block = find_block(r, part, e);
    if (!block)
        return -1;
    if (request_has_errors(rq))
        return show_part(r, part, 422, e);
    struct review_comment said = {.file = block->file,
                                  .block = block->id,
                                  .line = block->line,
                                  .excerpt = words_cut(rq->arena, block->text, 160),
                                  .name = request_field(rq, "name"),
                                  .body = request_field(rq, "comment")};
    request_reader_release(rq);
    if (review_may_say(r, e) ||
        review_comment_add(rq->learning, request_param(rq, "token"), &said, rq->now, e))
        return show_again(r, part, e);
    return response_redirect(rq, arena_printf(rq->arena, "%s%s?after=%lld#b-%s", r->base,
                                              part->rest, (long long)said.id, block->id));
}

static int part_post(struct request *rq, struct error *e)
{
    struct review r;
    if (review_begin(&r, rq, e))
        return -1;
    const struct review_part *part = find_part(&r, e);
    return review_close(&r, part ? say(&r, part, e) : -1);
}

/* ---- images ---- */

static int media_file(struct request *rq, struct error *e)
{
    struct review r;
    if (review_begin(&r, rq, e))
        return -1;
    const struct media *m = publication_media(r.p, request_param(rq, "name"));
    return review_close(
        &r, m ? response_bytes(rq, m->type, m->bytes, m->size, NULL)
              : error_set(e, ERROR_NOT_FOUND, "There is no such image in this version."));
}

/* ---- routes ---- */

static const struct field page_fields[] = {
    {.name = "after",
     .type = FIELD_INTEGER,
     .low = 1,
     .high = INT64_MAX,
     .summary = "The comment just written; its name stands in the forms"},
};
static const struct field say_fields[] = {
    {.name = "block", .type = FIELD_ID, .required = true, .summary = "Paragraph"},
    {.name = "name",
     .type = FIELD_LINE,
     .max = REVIEW_NAME_MAX,
     .required = true,
     .summary = "Your name"},
    {.name = "comment",
     .type = FIELD_BLOCK,
     .max = REVIEW_WORDS_MAX,
     .required = true,
     .summary = "Comment"},
};

#define SECRET (ROUTE_NO_FORM_TOKEN | ROUTE_NO_STORE)
#define READ(path, run, words)                                                                     \
    {                                                                                              \
        METHOD_GET, "/review/{token}" path, run, .who = ACCESS_PUBLIC, .fields = page_fields,      \
                                                 .field_count = 1, .flags = SECRET,                \
                                                 .summary = words                                  \
    }
#define SAY(path, words)                                                                           \
    {                                                                                              \
        METHOD_POST, "/review/{token}" path, part_post,                                            \
            .who = ACCESS_PUBLIC, .body_max = 65536, .fields = say_fields, .field_count = 3,       \
            .flags = SECRET | ROUTE_TAKES_ERRORS, .summary = words                                 \
    }

const struct route review_routes[] = {
    READ("", start_page, "A draft for review: what it is, and its parts"),
    READ("/lesson/{lesson}", part_page, "A lesson of a draft for review, with comments"),
    READ("/case/{case}", part_page, "A case of a draft for review, with comments"),
    READ("/{part}", part_page, "Questions, references or guide of a draft for review"),
    SAY("/lesson/{lesson}", "Comment on a paragraph of a lesson"),
    SAY("/case/{case}", "Comment on a paragraph of a case"),
    SAY("/{part}", "Comment on a question, a reference or the guide"),
    {METHOD_GET, "/review/{token}/media/{name}", media_file, .who = ACCESS_PUBLIC, .flags = SECRET,
     .summary = "An image of a draft for review"},
    {0},
};
