/*
 * What authors do with reviews of a draft.
 *
 * POST /authoring/{draft}/review            a link to the present version, shown once
 * POST /authoring/{draft}/review/withdraw   one that leads nowhere from now on
 * GET  /authoring/{draft}/comments          what was said, by file and line
 * POST /authoring/{draft}/comments          one of them is done, or open again
 */
#include "pages/review_author.h"
#include "http/response.h"
#include "pages/review_view.h"
#include <string.h>

/* ---- on the draft's page ---- */

static void put_link(cJSON *list, struct request *rq, const struct review_link *k)
{
    struct arena *a = rq->arena;
    cJSON *row = view_item(list);
    view_int(row, "id", k->id);
    view_text(row, "made_words", words_date(rq, k->made_at));
    view_text(row, "made_by", k->made_by);
    view_int(row, "version", k->version);
    view_int(row, "comments", k->comments);
    view_bool(row, "is_open", review_link_is_open(k, rq->now));
    view_text(row, "state_words",
              k->withdrawn_at ? arena_printf(a, "Withdrawn %s", words_date(rq, k->withdrawn_at))
              : k->expires_at <= rq->now
                  ? arena_printf(a, "Ran out %s", words_date(rq, k->expires_at))
                  : arena_printf(a, "Until %s", words_date(rq, k->expires_at)));
}

static int put_comment_counts(cJSON *review, struct request *rq, const struct draft *d,
                              struct error *e)
{
    struct review_comment *comments;
    struct conn *c = request_reader(rq, e);
    int n = c ? review_comments(c, d->id, rq->arena, &comments, e) : -1, open = 0;
    for (int i = 0; i < n; i++)
        open += comments[i].resolved_at == 0;
    if (n < 0)
        return -1;
    view_int(review, "comments", n);
    view_text(review, "comments_words",
              n == 0 ? ""
                     : arena_printf(rq->arena, "%s, %s", words_count(rq->arena, n, "comment"),
                                    open ? arena_printf(rq->arena, "%d open", open) : "all done"));
    view_text(review, "comments_href", draft_href(rq->arena, d, "/comments"));
    return 0;
}

int view_draft_review(cJSON *view, struct request *rq, const struct draft *d, bool pilot,
                      struct error *e)
{
    struct review_link *links;
    struct conn *c = request_reader(rq, e);
    int n = c ? review_links(c, d->id, rq->arena, &links, e) : -1;
    if (n < 0)
        return -1;
    cJSON *review = view_object(view, "review");
    view_text(review, "action", draft_href(rq->arena, d, "/review"));
    cJSON *list = view_list(review, "links");
    for (int i = 0; i < n; i++)
        put_link(list, rq, &links[i]);
    view_bool(review, "has_links", n > 0);
    return put_comment_counts(review, rq, d, e) || view_signoffs(review, rq, d, pilot, e) ? -1 : 0;
}

/* ---- links ---- */

static int link_post(struct request *rq, struct error *e)
{
    struct draft d;
    char token[REVIEW_TOKEN_ROOM];
    request_reader_release(rq);
    if (review_link_create(rq->learning, request_param(rq, "draft"), request_person_id(rq), rq->now,
                           token, e))
        return draft_show_again(rq, e);
    if (draft_open(rq, &d, e))
        return -1;
    const char *path = arena_printf(rq->arena, "/review/%s", token);
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "A link for a reviewer");
    view_draft(view, rq, &d);
    view_draft_crumbs(view, rq, &d);
    view_text(view, "path", path);
    view_text(view, "link",
              arena_printf(rq->arena, "%s%s", settings_address(rq->settings, rq->arena), path));
    view_text(view, "until_words", words_date(rq, rq->now + REVIEW_LIFE));
    return response_page(rq, "review-link", view);
}

static int back_to(struct request *rq, const char *rest)
{
    return response_redirect(
        rq, arena_printf(rq->arena, "/authoring/%s%s", request_param(rq, "draft"), rest));
}

static int withdraw_post(struct request *rq, struct error *e)
{
    request_reader_release(rq);
    if (review_link_withdraw(rq->learning, request_param(rq, "draft"),
                             request_integer_or(rq, "link", 0), request_person_id(rq), rq->now, e))
        return -1;
    return back_to(rq, "#review");
}

/* ---- comments ---- */

struct reading {
    struct request *rq;
    struct draft draft;
    struct course_source *source;
    struct review_comment *comments;
    bool *placed; /* each of them: its paragraph was found */
    int count;
};

static void put_comment(cJSON *list, const struct reading *r, int i, const char *path, int line)
{
    struct arena *a = r->rq->arena;
    const struct review_comment *said = &r->comments[i];
    cJSON *item = view_item(list);
    view_review_comment(item, r->rq, said);
    view_int(item, "line", line);
    view_text(item, "edit_href", path ? draft_edit_href(a, &r->draft, path, line) : "");
}

/* In the order of the text: each block that something was said of, its line as it is now. */
static void put_blocks(cJSON *file, struct reading *r, const struct review_part *part)
{
    const struct course_block *blocks;
    int n = course_blocks(r->source, part->path, &blocks);
    cJSON *list = view_list(file, "comments");
    for (int b = 0; b < n; b++)
        for (int i = 0; i < r->count; i++) {
            if (r->placed[i] || strcmp(blocks[b].file, part->path) != 0 || !*blocks[b].id ||
                strcmp(r->comments[i].block, blocks[b].id) != 0)
                continue;
            r->placed[i] = true;
            put_comment(list, r, i, part->path, blocks[b].line);
        }
    view_bool(file, "has_comments", cJSON_GetArraySize(list) > 0);
}

static void put_gone(cJSON *file, struct reading *r, const char *path)
{
    struct arena *a = r->rq->arena;
    cJSON *list = view_list(file, "gone");
    for (int i = 0; i < r->count; i++) {
        if (r->placed[i] ||
            (path && strcmp(course_file_name(a, r->comments[i].file), course_file_name(a, path))))
            continue;
        r->placed[i] = true;
        put_comment(list, r, i, path, 0);
    }
    view_bool(file, "has_gone", cJSON_GetArraySize(list) > 0);
}

static void drop_empty(cJSON *files, cJSON *file)
{
    if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(file, "has_comments")) &&
        !cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(file, "has_gone")))
        cJSON_Delete(cJSON_DetachItemViaPointer(files, file));
}

static void put_comments(cJSON *view, struct reading *r)
{
    struct review_part *parts;
    int n = review_parts(r->source, r->rq->arena, &parts);
    cJSON *files = view_list(view, "files"), *rest = cJSON_CreateObject();
    for (int i = 0; i < n; i++) {
        cJSON *file = view_item(files);
        view_text(file, "file", parts[i].path);
        view_text(file, "href", draft_edit_href(r->rq->arena, &r->draft, parts[i].path, 0));
        put_blocks(file, r, &parts[i]);
        put_gone(file, r, parts[i].path);
        drop_empty(files, file);
    }
    put_gone(rest, r, NULL); /* of files that are not in the draft any more */
    view_text(rest, "file", "Files that are gone");
    view_text(rest, "href", "");
    view_list(rest, "comments");
    view_bool(rest, "has_comments", false);
    cJSON_AddItemToArray(files, rest);
    drop_empty(files, rest);
}

static int reading_begin(struct reading *r, struct request *rq, struct error *e)
{
    *r = (struct reading){.rq = rq};
    struct conn *c = draft_open(rq, &r->draft, e) ? NULL : request_reader(rq, e);
    r->count = c ? review_comments(c, r->draft.id, rq->arena, &r->comments, e) : -1;
    if (r->count < 0)
        return -1;
    r->placed = arena_array(rq->arena, (size_t)r->count + 1, sizeof *r->placed);
    r->source = draft_read(rq, &r->draft, e);
    return r->source ? 0 : -1;
}

static int comments_page(struct request *rq, struct error *e)
{
    struct reading r;
    if (reading_begin(&r, rq, e))
        return -1;
    draft_check_again(&r.draft, r.source);
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Comments");
    view_draft(view, rq, &r.draft);
    view_draft_crumbs(view, rq, &r.draft);
    view_text(view, "action", draft_href(rq->arena, &r.draft, "/comments"));
    view_bool(view, "has_any", r.count > 0);
    put_comments(view, &r);
    int result = response_page(rq, "draft-comments", view);
    course_free(r.source);
    return result;
}

static int comments_post(struct request *rq, struct error *e)
{
    int64_t comment = request_integer_or(rq, "comment", 0);
    bool done = strcmp(request_field_or(rq, "done", ""), "yes") == 0;
    request_reader_release(rq);
    if (review_comment_resolve(rq->learning, request_param(rq, "draft"), comment,
                               request_person_id(rq), done, rq->now, e))
        return -1;
    return back_to(rq, arena_printf(rq->arena, "/comments#comment-%lld", (long long)comment));
}

/* ---- routes ---- */

static const struct field withdraw_fields[] = {
    {.name = "link",
     .type = FIELD_INTEGER,
     .required = true,
     .low = 1,
     .high = INT64_MAX,
     .summary = "Review link"},
};
static const struct field comments_fields[] = {
    {.name = "comment",
     .type = FIELD_INTEGER,
     .required = true,
     .low = 1,
     .high = INT64_MAX,
     .summary = "Comment"},
    {.name = "done", .type = FIELD_ENUM, .required = true, .choices = "yes|no", .summary = "Done"},
};

const struct route review_author_routes[] = {
    {METHOD_POST, "/authoring/{draft}/review", link_post, .who = ACCESS_AUTHOR, .nav = "authoring",
     .body_max = 1024, .summary = "A review link to a draft's present version"},
    {METHOD_POST, "/authoring/{draft}/review/withdraw", withdraw_post, .who = ACCESS_AUTHOR,
     .nav = "authoring", .body_max = 1024, .fields = withdraw_fields, .field_count = 1,
     .summary = "Withdraw a review link"},
    {METHOD_GET, "/authoring/{draft}/comments", comments_page, .who = ACCESS_AUTHOR,
     .nav = "authoring", .summary = "What reviewers said of a draft, by file and line"},
    {METHOD_POST, "/authoring/{draft}/comments", comments_post, .who = ACCESS_AUTHOR,
     .nav = "authoring", .body_max = 1024, .fields = comments_fields, .field_count = 2,
     .summary = "Mark a reviewer's comment as done, or open again"},
    {0},
};
