/*
 * GET /journal/download.md    everything private that a person wrote: the journal, and commitments
 *                             with how they went; to keep or print
 * GET /journal/download.json  the same for a program
 */
#include "base/buf.h"
#include "base/json.h"
#include "http/response.h"
#include "pages/commitment_view.h"
#include "pages/private_view.h"
#include <string.h>

#define DOWNLOAD_MAX ((size_t)64 * 1024 * 1024) /* REFLECTION_MOST texts of 40,000 bytes fit */

/* ---- a prompt without its tags ---- */

static size_t put_entity(struct buf *out, const char *p)
{
    static const char *const entities[][2] = {
        {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"},
    };
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
        size_t n = strlen(entities[i][0]);
        if (strncmp(p, entities[i][0], n) == 0) {
            buf_puts(out, entities[i][1]);
            return n;
        }
    }
    buf_putc(out, *p);
    return 1;
}

/* The renderer's HTML as lines of text; each line begins with `line`. */
static void put_plain(struct buf *out, const char *html, const char *line)
{
    bool fresh = true;
    while (*html) {
        if (*html == '<') {
            html += strcspn(html, ">");
            html += *html == '>';
            continue;
        }
        if (fresh && *html != '\n')
            buf_puts(out, line);
        fresh = *html == '\n';
        if (fresh) {
            buf_putc(out, '\n');
            html++;
        } else {
            html += put_entity(out, html);
        }
    }
    if (!fresh)
        buf_putc(out, '\n');
}

/* ---- the two files ---- */

static const char *lesson_title(const struct reflection *r)
{
    int index;
    const struct lesson *l = publication_lesson(r->publication, r->lesson, &index);
    return l ? l->title : r->lesson;
}

static void put_markdown(struct request *rq, struct buf *out, const struct reflection *r,
                         bool new_course)
{
    if (new_course)
        buf_printf(out, "\n## %s\n", r->publication->title);
    buf_printf(out, "\n### %s\n\n", lesson_title(r));
    put_plain(out, reflection_prompt(r->publication, r->lesson, r->prompt), "> ");
    buf_printf(out, "\n%s\n\n%s.\n", r->text ? r->text : r->closed,
               words_saved_on(rq, r->saved_at));
}

static void put_json(cJSON *list, const struct reflection *r)
{
    char at[21];
    struct buf prompt;
    cJSON *entry = json_item(list);
    buf_init(&prompt, DOWNLOAD_MAX);
    put_plain(&prompt, reflection_prompt(r->publication, r->lesson, r->prompt), "");
    json_put(entry, "course", r->publication->title);
    json_put(entry, "course_version", r->publication->version);
    json_put(entry, "lesson", lesson_title(r));
    json_put(entry, "prompt", prompt.data ? prompt.data : "");
    json_put(entry, "text", r->text);
    json_put(entry, "not_opened_because", r->closed);
    json_put_bool(entry, "set_aside", r->is_aside);
    instant_rfc3339(r->first_saved_at, at);
    json_put(entry, "first_saved_at", at);
    instant_rfc3339(r->saved_at, at);
    json_put(entry, "saved_at", at);
    buf_free(&prompt);
}

/* ---- commitments, after the journal ---- */

static const char *sentence(struct request *rq, const struct commitment *m)
{
    return m->cue ? arena_printf(rq->arena, "If %s, then I will %s", m->cue, m->act) : m->closed;
}

static void put_commitment(struct request *rq, struct buf *out, const struct commitment *m)
{
    buf_printf(out, "\n%s\n\n%s, made on %s.\n", sentence(rq, m), m->publication->title,
               words_date(rq, m->made_at));
    for (int i = 0; i < m->answer_count; i++)
        buf_printf(out, "%s: %s.\n", words_date(rq, m->answers[i].at),
                   outcome_words(m->answers[i].outcome));
}

static void put_commitment_json(cJSON *list, const struct commitment *m)
{
    char at[21];
    cJSON *item = json_item(list);
    json_put(item, "course", m->publication->title);
    json_put(item, "course_version", m->publication->version);
    json_put(item, "if", m->cue);
    json_put(item, "then", m->act);
    json_put(item, "not_opened_because", m->closed);
    instant_rfc3339(m->made_at, at);
    json_put(item, "made_at", at);
    instant_rfc3339(m->saved_at, at);
    json_put(item, "saved_at", at);
    cJSON *answers = json_array(item, "answers");
    for (int i = 0; i < m->answer_count; i++) {
        cJSON *answer = json_item(answers);
        instant_rfc3339(m->answers[i].at, at);
        json_put(answer, "at", at);
        json_put(answer, "outcome", outcome_code(m->answers[i].outcome));
    }
}

static int read_commitments(struct request *rq, struct commitment **list, struct error *e)
{
    struct conn *c = request_reader(rq, e);
    return c ? commitment_list(c, rq->learning, request_person_id(rq), rq->now, rq->arena, list, e)
             : -1;
}

/* ---- answering ---- */

static int read_all(struct request *rq, struct reflection **list, struct error *e)
{
    struct conn *c = request_reader(rq, e);
    return c ? reflection_list(c, rq->learning, request_person_id(rq), rq->arena, list, e) : -1;
}

static int answer(struct request *rq, const char *type, const char *name, struct buf *out)
{
    int result = response_bytes(rq, type, out->data, out->length, name);
    buf_free(out);
    return result;
}

static int markdown_get(struct request *rq, struct error *e)
{
    struct reflection *list;
    struct commitment *mine;
    struct buf out;
    int count = read_all(rq, &list, e), commitments = read_commitments(rq, &mine, e);
    if (count < 0 || commitments < 0)
        return -1;
    buf_init(&out, DOWNLOAD_MAX);
    buf_printf(&out, "# What I wrote\n\n%s, %s\n", rq->settings->site_name,
               words_date(rq, rq->now));
    for (int i = 0; i < count; i++)
        put_markdown(rq, &out, &list[i],
                     i == 0 ||
                         strcmp(list[i - 1].publication->course, list[i].publication->course) != 0);
    if (commitments)
        buf_puts(&out, "\n## What I committed to\n");
    for (int i = 0; i < commitments; i++)
        put_commitment(rq, &out, &mine[i]);
    return answer(rq, "text/markdown; charset=utf-8", "journal.md", &out);
}

static int json_get_all(struct request *rq, struct error *e)
{
    struct reflection *list;
    struct commitment *mine;
    struct buf out;
    char at[21];
    int count = read_all(rq, &list, e), commitments = read_commitments(rq, &mine, e);
    if (count < 0 || commitments < 0)
        return -1;
    cJSON *root = cJSON_CreateObject();
    instant_rfc3339(rq->now, at);
    json_put(root, "made_at", at);
    cJSON *entries = json_array(root, "entries");
    for (int i = 0; i < count; i++)
        put_json(entries, &list[i]);
    cJSON *made = json_array(root, "commitments");
    for (int i = 0; i < commitments; i++)
        put_commitment_json(made, &mine[i]);
    buf_init(&out, DOWNLOAD_MAX);
    json_print(root, &out);
    cJSON_Delete(root);
    return answer(rq, "application/json", "journal.json", &out);
}

const struct route journal_download_routes[] = {
    {METHOD_GET, "/journal/download.md", markdown_get, .who = ACCESS_SIGNED_IN,
     .summary = "Everything private of yours: journal, commitments and how they went, as text"},
    {METHOD_GET, "/journal/download.json", json_get_all, .who = ACCESS_SIGNED_IN,
     .summary = "Everything private of yours: journal, commitments and how they went"},
    {0},
};
