/*
 * GET  /courses/{course}/{lesson}         a lesson, with its questions where they stand in the text
 * POST /courses/{course}/{lesson}/answer  an answer to one of them; back to the question, which
 * then shows its result
 *
 * Our own script posts the same form and takes the changed parts from the page it is led back to.
 */
#include "http/response.h"
#include "pages/commitment_view.h"
#include "pages/lesson_view.h"
#include "pages/letters.h"
#include "pages/private_view.h"
#include "pages/question_view.h"
#include "pages/tool_view.h"
#include <string.h>

/* ---- pieces ---- */

/* As it stood in an earlier version: the question and its options, neither key nor rationale. */
static void put_frozen_question(cJSON *piece, const struct item *item)
{
    cJSON *question = view_object(piece, "frozen_question");
    view_text(question, "item", item->id);
    view_text(question, "stem_html", item->stem_html);
    cJSON *options = view_list(question, "options");
    for (int i = 0; i < item->option_count; i++)
        view_text(view_item(options), "option_html", item->options[i].html);
}

static const char *anchor_of(const struct lesson_page *lp, int item)
{
    return item == lp->lesson->check_item
               ? "question"
               : arena_printf(lp->rq->arena, "question-%s", lp->en.publication->items[item].id);
}

static int put_question(struct lesson_page *lp, cJSON *piece, int item_index, struct error *e)
{
    struct request *rq = lp->rq;
    const struct item *item = &lp->en.publication->items[item_index];
    const char *answer = "";
    struct conn *c = lp->en.id ? request_reader(rq, e) : NULL;
    if (lp->en.id &&
        (!c || practice_latest(c, rq->learning, &lp->en, item->id, rq->arena, &answer, e)))
        return -1;
    if (lp->walked && strcmp(lp->walked, item->id) == 0)
        answer = lp->walked_answer;
    bool again = lp->again && strcmp(lp->again, item->id) == 0;
    const char *anchor = anchor_of(lp, item_index);
    cJSON *question = view_object(piece, "question");
    view_text(question, "id", anchor);
    view_text(question, "action", arena_printf(rq->arena, "%s/answer", lp->href));
    view_text(question, "again_href",
              arena_printf(rq->arena, "%s?again=%s#%s", lp->href, item->id, anchor));
    bool asking = lp->asking && strcmp(lp->asking, item->id) == 0;
    view_text(question, "asking", asking ? lp->why : "");
    view_text(question, "field", "answer");
    view_bool(question, "is_required", true);
    view_text(question, "challenge_href",
              lp->en.id ? challenge_href(rq->arena, lp->en.publication->course, "item", item->id)
                        : "");
    view_question(question, item);
    struct item_layout layout;
    practice_layout(&lp->en, item, &layout);
    if (*answer && !again)
        view_result(question, rq->arena, item, &layout, answer);
    else
        view_open_question(question, rq->arena, item, &layout,
                           asking && lp->given ? lp->given : "");
    return 0;
}

static void put_case(struct lesson_page *lp, cJSON *piece, const struct piece *from)
{
    const struct publication *p = lp->en.publication;
    const struct branching_case *it = publication_case(p, from->ref);
    cJSON *box = view_object(piece, "case");
    view_text(box, "name", it ? it->title : "");
    view_text(box, "href",
              lp->frozen ? ""
                         : arena_printf(lp->rq->arena, "%s/case/%s%s", lp->base, from->ref,
                                        lp->query ? lp->query : ""));
    view_bool(box, "is_done", it && lp->en.id && lp->progress.case_done[it - p->cases]);
    view_text(box, "intro_html", from->html ? from->html : "");
}

/* The prompt, and below it a place to write for who wants one. */
static int put_reflect(struct lesson_page *lp, cJSON *piece, const struct piece *from,
                       struct error *e)
{
    struct request *rq = lp->rq;
    const struct publication *p = lp->en.publication;
    struct reflection r;
    view_text(piece, "reflect_html", from->html);
    if (!lp->en.id)
        return 0;
    struct conn *c = request_reader(rq, e);
    int found = c ? reflection_find(c, rq->learning, lp->en.person, p->course, lp->lesson->id,
                                    from->ref, rq->arena, &r, e)
                  : -1;
    if (found < 0)
        return -1;
    struct writing_place place = {arena_printf(rq->arena, "reflect-%s", from->ref),
                                  arena_printf(rq->arena, "%s/reflect", lp->href), from->ref, NULL};
    view_writing(piece, rq, &place, found ? &r : NULL);
    view_text(piece, "other_wording",
              found && strcmp(from->html, reflection_prompt(r.publication, r.lesson, r.prompt)) != 0
                  ? "You wrote this when the question was worded differently; your journal shows "
                    "how."
                  : "");
    return 0;
}

/* Text that ages: once its date has passed it folds, and says whom to ask. */
static void put_volatile(struct lesson_page *lp, cJSON *piece, const struct piece *from)
{
    struct request *rq = lp->rq;
    instant as_of = 0, review_by = 0;
    bool dated = instant_parse_date(from->review_by, &review_by);
    cJSON *box = view_object(piece, "volatile");
    view_bool(box, "is_folded", dated && rq->now >= review_by + INSTANT_DAY);
    view_text(box, "as_of_words",
              instant_parse_date(from->as_of, &as_of) ? words_date(rq, as_of + INSTANT_DAY / 2)
                                                      : "");
    view_text(box, "review_by_words", dated ? words_date(rq, review_by + INSTANT_DAY / 2) : "");
    view_text(box, "ask", rq->settings->coe_name);
    view_text(box, "volatile_html", from->html);
}

static void put_site(struct lesson_page *lp, cJSON *piece, const struct piece *from)
{
    cJSON *box = view_object(piece, "local");
    view_text(box, "text", shelf_site(lp->rq->learning->shelf, from->ref));
    view_text(box, "ask", lp->rq->settings->coe_name);
    view_text(box, "local_html", from->html ? from->html : "");
}

/* The first of a lesson takes commitments; the box holds all of the course. */
static int put_commit(struct lesson_page *lp, cJSON *piece, const struct piece *from,
                      struct error *e)
{
    bool first = lp->en.id != 0;
    for (const struct piece *p = lp->lesson->pieces; p < from; p++)
        first = first && p->kind != PIECE_COMMIT;
    view_text(piece, "commit_html", from->html);
    if (first)
        return view_commit_box(piece, lp->rq, lp->en.publication,
                               arena_printf(lp->rq->arena, "%s#commit", lp->href), e);
    view_bool(piece, "commit", false);
    return 0;
}

int lesson_put_piece(struct lesson_page *lp, cJSON *piece, const struct piece *from,
                     struct error *e)
{
    static const char *const kinds[] = {
        [PIECE_HTML] = "text",       [PIECE_CHECK] = "question", [PIECE_CASE] = "case",
        [PIECE_REFLECT] = "reflect", [PIECE_COMMIT] = "commit",  [PIECE_VOLATILE] = "volatile",
        [PIECE_SITE] = "local",      [PIECE_TOOL] = "tool",
    };
    view_text(piece, "kind", kinds[from->kind]);
    switch (from->kind) {
    case PIECE_HTML:
        view_text(piece, "text_html", from->html);
        return 0;
    case PIECE_CHECK:
        if (lp->frozen) {
            put_frozen_question(piece, &lp->en.publication->items[from->item]);
            return 0;
        }
        return put_question(lp, piece, from->item, e);
    case PIECE_CASE:
        put_case(lp, piece, from);
        return 0;
    case PIECE_REFLECT:
        return put_reflect(lp, piece, from, e);
    case PIECE_COMMIT:
        return put_commit(lp, piece, from, e);
    case PIECE_VOLATILE:
        put_volatile(lp, piece, from);
        return 0;
    case PIECE_SITE:
        put_site(lp, piece, from);
        return 0;
    case PIECE_TOOL:
        view_text(piece, "tool_html", from->html);
        view_text(piece, "tool_name", lp->tools ? words_tool(lp->rq->arena, from->ref) : "");
        view_text(piece, "tool_href",
                  lp->tools ? tool_href(lp->rq->arena, lp->tools, from->ref) : "");
        return 0;
    }
    return 0;
}

int lesson_put_pieces(struct lesson_page *lp, cJSON *view, struct error *e)
{
    cJSON *pieces = view_list(view, "pieces");
    for (int i = 0; i < lp->lesson->piece_count; i++)
        if (lesson_put_piece(lp, view_item(pieces), &lp->lesson->pieces[i], e))
            return -1;
    int asking = -1;
    if (lp->asking)
        publication_item(lp->en.publication, lp->asking, &asking);
    view_unanswered(view, asking < 0 ? "" : anchor_of(lp, asking), asking < 0 ? NULL : lp->why);
    return 0;
}

/* ---- references: those that the text cites, in the course's order ---- */

static void mark_cited(const struct publication *p, const char *html, bool *cited)
{
    static const char mark[] = "href=\"#ref-";
    while (html && (html = strstr(html, mark))) {
        html += sizeof mark - 1;
        size_t n = strcspn(html, "\"");
        for (int i = 0; i < p->reference_count; i++)
            if (strncmp(p->references[i].key, html, n) == 0 && !p->references[i].key[n])
                cited[i] = true;
    }
}

void view_references(cJSON *view, struct request *rq, const struct publication *p,
                     const struct piece *pieces, int count)
{
    bool *cited = arena_array(rq->arena, (size_t)p->reference_count + 1, sizeof *cited);
    for (int i = 0; i < count; i++)
        mark_cited(p, pieces[i].html, cited);
    cJSON *list = view_list(view, "references");
    bool any = false, unchecked = false;
    for (int i = 0; i < p->reference_count; i++) {
        if (!cited[i])
            continue;
        cJSON *reference = view_item(list);
        view_text(reference, "key", p->references[i].key);
        view_text(reference, "reference_html", p->references[i].html);
        any = true;
        unchecked = unchecked || strstr(p->references[i].html, "class=\"unchecked\"");
    }
    view_bool(view, "has_references", any);
    view_bool(view, "has_unchecked", unchecked);
}

void lesson_put_references(struct lesson_page *lp, cJSON *view)
{
    view_references(view, lp->rq, lp->en.publication, lp->lesson->pieces, lp->lesson->piece_count);
}

/* ---- head and foot ---- */

/* Of a lesson that somebody reads again after finishing: how it stands to the one they know. */
static const char *since_words(const struct lesson_page *lp)
{
    if (!lp->en.base || !lp->progress.lesson_to_read[lp->index])
        return "";
    return publication_lesson(lp->en.base, lp->lesson->id, NULL) ? "Changed since you finished"
                                                                 : "New since you finished";
}

static void put_head(struct lesson_page *lp, cJSON *view)
{
    struct arena *a = lp->rq->arena;
    const struct publication *p = lp->en.publication;
    int left = 0;
    for (int i = 0; i < p->lesson_count; i++)
        left += lp->progress.lesson_done[i] ? 0 : p->lessons[i].minutes;
    view_text(view, "title", lp->lesson->title);
    view_text(view, "id", lp->lesson->id);
    view_course(view, lp->rq, p);
    view_progress(view, lp->rq, &lp->progress);
    view_text(view, "place_words",
              arena_printf(a, "Lesson %d of %d", lp->index + 1, p->lesson_count));
    view_text(view, "minutes_words", words_minutes(a, lp->lesson->minutes));
    view_text(view, "since_words", since_words(lp));
    view_text(view, "left_words",
              left ? arena_printf(a, "about %d min of reading left", left) : "");
    view_bool(view, "is_done", lp->progress.lesson_done[lp->index]);
    view_bool(view, "is_open", !lp->progress.lesson_done[lp->index] && lp->lesson->check_item >= 0);
    view_bool(view, "keeps_place", !request_session(lp->rq)->shared);
    view_text(view, "challenge_href", challenge_href(a, p->course, "lesson", lp->lesson->id));
    view_course_crumbs(view, lp->rq, p);
}

/* Reading what is new: on to the next lesson that is, wherever it stands. */
static struct step next_new(const struct lesson_page *lp)
{
    const struct publication *p = lp->en.publication;
    for (int k = 1; k < p->lesson_count; k++) {
        const struct lesson *it = &p->lessons[(lp->index + k) % p->lesson_count];
        if (!lp->progress.lesson_done[it - p->lessons])
            return (struct step){STEP_LESSON, it->id, it->title, it->minutes};
    }
    return (struct step){0};
}

static struct step next_step(const struct lesson_page *lp)
{
    const struct publication *p = lp->en.publication;
    if (lp->en.base)
        return next_new(lp);
    if (lp->index + 1 < p->lesson_count) {
        const struct lesson *next = &p->lessons[lp->index + 1];
        return (struct step){STEP_LESSON, next->id, next->title, next->minutes};
    }
    for (int i = 0; i < p->case_count; i++)
        if (!lp->progress.case_done[i])
            return (struct step){STEP_CASE, p->cases[i].id, p->cases[i].title, 0};
    for (int i = 0; i < lp->progress.line_count; i++) {
        const struct completion_line *line = &lp->progress.lines[i];
        bool here = line->step.kind == STEP_LESSON && strcmp(line->step.ref, lp->lesson->id) == 0;
        if (!lp->progress.completed && !line->done && !here)
            return line->step;
    }
    return lp->progress.completed ? lp->progress.next : (struct step){0};
}

static void put_next(struct lesson_page *lp, cJSON *view)
{
    struct step step = next_step(lp);
    cJSON *next = view_object(view, "next");
    view_text(next, "href", step_href(lp->rq->arena, lp->en.publication->course, &step));
    view_text(next, "label",
              step.kind == STEP_NONE ? "Back to the course"
              : step.kind == STEP_LESSON || step.kind == STEP_CASE
                  ? arena_printf(lp->rq->arena, "Next: %s", step.title)
                  : step_label(lp->rq->arena, &step));
}

/* ---- the page ---- */

/* 1 found, 0 not begun (answered with a redirect to the course), -1 with e. */
static int open_lesson(struct lesson_page *lp, struct error *e)
{
    int begun = study_reading(lp->rq, &lp->en, e);
    if (begun < 0)
        return -1;
    const struct publication *p = lp->en.publication;
    lp->lesson = publication_lesson(p, request_param(lp->rq, "lesson"), &lp->index);
    if (!lp->lesson)
        return error_set(e, ERROR_NOT_FOUND, "There is no such lesson in “%s”.", p->title);
    lp->base = lp->tools = course_href(lp->rq->arena, p->course);
    lp->href = arena_printf(lp->rq->arena, "%s/%s", lp->base, lp->lesson->id);
    return begun;
}

static int show_lesson(struct lesson_page *lp, int status, struct error *e)
{
    struct conn *c = request_reader(lp->rq, e);
    if (!c || progress_load(c, lp->rq->learning, &lp->en, lp->rq->arena, &lp->progress, e))
        return -1;
    instant last = lp->progress.lesson_last[lp->index];
    if (last < lp->progress.touched_at || lp->rq->now - last >= INSTANT_MINUTE)
        lesson_visited(lp->rq->learning, lp->en.id, lp->lesson->id, lp->rq->now);
    cJSON *view = cJSON_CreateObject();
    put_head(lp, view);
    view_activity(view, lp->rq, lp->en.publication);
    view_private(view, lp->rq);
    if (lesson_put_pieces(lp, view, e)) {
        cJSON_Delete(view);
        return -1;
    }
    lesson_put_references(lp, view);
    put_next(lp, view);
    return response_page_status(lp->rq, status, "lesson", view);
}

static int lesson_page(struct request *rq, struct error *e)
{
    struct lesson_page lp = {.rq = rq, .again = request_field(rq, "again")};
    int begun = open_lesson(&lp, e);
    if (begun < 0)
        return -1;
    if (!begun)
        return response_redirect(rq, course_href(rq->arena, lp.en.publication->course));
    return show_lesson(&lp, 200, e);
}

/* ---- answering ---- */

struct answering {
    struct learning *learning;
    const struct enrolment *en;
    const char *item, *answer;
    instant at;
    int mark;
};

static int write_answer(struct conn *c, void *arg, struct error *e)
{
    struct answering *w = arg;
    return practice_answer(c, w->learning, w->en, w->item, w->answer, w->at, &w->mark, e);
}

/* As JSON, the question with its result alone. */
static int answer_part(struct lesson_page *lp, int item, struct error *e)
{
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", lp->lesson->title);
    if (put_question(lp, view, item, e)) {
        cJSON_Delete(view);
        return -1;
    }
    return response_page(lp->rq, "lesson", view);
}

static int lesson_answer(struct request *rq, struct error *e)
{
    struct lesson_page lp = {.rq = rq};
    int begun = open_lesson(&lp, e), index;
    if (begun < 0)
        return -1;
    if (!begun)
        return error_set(e, ERROR_CONFLICT,
                         "Begin this course first; then its questions take answers.");
    const char *id = request_field_or(rq, "item", "");
    const struct item *item = publication_item(lp.en.publication, id, &index);
    if (!item || item->use != ITEM_FOR_LESSON)
        return error_set(e, ERROR_NOT_FOUND, "There is no such question in this lesson.");
    struct answering w = {rq->learning, &lp.en, item->id, answer_field(rq, "answer"), rq->now, 0};
    request_reader_release(rq);
    if (db_write(rq->learning->db, write_answer, &w, e)) {
        if (e->kind != ERROR_INVALID || strcmp(e->field, "answer") != 0 || rq->wants_json)
            return -1;
        lp.asking = lp.again = item->id;
        lp.given = w.answer;
        lp.why = arena_strdup(rq->arena, e->message);
        return show_lesson(&lp, 422, e);
    }
    if (rq->wants_json)
        return answer_part(&lp, index, e);
    return response_redirect(rq, arena_printf(rq->arena, "%s#%s", lp.href, anchor_of(&lp, index)));
}

static const struct field lesson_fields[] = {
    {.name = "again", .type = FIELD_ID, .summary = "Question to try again"},
};
static const struct field answer_fields[] = {
    ANSWER_FIELDS,
};

const struct route lesson_routes[] = {
    {METHOD_GET, "/courses/{course}/{lesson}", lesson_page, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .fields = lesson_fields, .field_count = 1, .summary = "A lesson"},
    {METHOD_POST, "/courses/{course}/{lesson}/answer", lesson_answer, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .body_max = 4096, .fields = answer_fields, .field_count = 2,
     .summary = "Answer a question in a lesson; any number of tries"},
    {0},
};
