/*
 * The domain on real parts: a real database file, the shipped course, a real key. From the first
 * answer to the certificate, and what must not happen on the way.
 */
#include "learning/attempt.h"
#include "learning/certificate.h"
#include "learning/ledger.h"
#include "learning/session_cache.h"
#include "learning/signin.h"
#include "learning/status_lists.h"
#include "test_learning_support.h"
#include <sodium.h>

static int64_t ada;

/* Whoever is added last is the one who learns. */
static int add(struct conn *c, void *arg, struct error *e)
{
    return person_add(c, arg, NOON, NULL, &ada, e);
}

static void newcomer(const char *name, const char *email)
{
    struct new_person p = {.name = name, .email = email};
    write_ok(add, &p);
}

static int setup(void **state)
{
    (void)state;
    house_open_signing();
    publish_course(SOURCE_DIR "/courses/" COURSE);
    newcomer("Ada Okafor", "Ada@Example.edu");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    house_close();
    return 0;
}

/* ---- one learner's steps, as closures ---- */

static struct enrolment en;

static int begin(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    return enrolment_begin(c, &l, ada, COURSE, NOON, &rng, &en, e);
}

static int answer_lessons(struct conn *c, void *arg, struct error *e)
{
    int upto = *(int *)arg, mark;
    for (int i = 0; i < upto; i++) {
        const struct item *item = &en.publication->items[en.publication->lessons[i].check_item];
        if (practice_answer(c, &l, &en, item->id, "1", NOON + i, &mark, e))
            return -1;
    }
    return 0;
}

static int walk_case(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    const struct branching_case *it = &en.publication->cases[0];
    for (int i = 0; i < 100; i++) {
        struct case_state s;
        if (case_load(c, &l, &en, it->id, arena, &s, e))
            return -1;
        const struct scene *here = &it->scenes[s.scene];
        if (here->end)
            return 0;
        if (case_choose(c, &l, &en, it->id, (struct case_place){0}, here->id,
                        here->choices[here->choice_count - 1].id, NOON, e))
            return -1;
    }
    return error_set(e, ERROR_INTERNAL, "a hundred choices and no end");
}

static char attempt_uuid[37];

static int start(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    return attempt_start(c, &l, &en, NOON, &rng, attempt_uuid, e);
}

static void load_attempt(struct attempt *t)
{
    struct error e = {0};
    struct conn *c = db_read_begin(l.db, &e);
    if (attempt_load(c, &l, attempt_uuid, ada, arena, t, &e))
        fail_msg("%s", e.message);
    db_read_end(l.db, c);
}

static int answer_some(struct conn *c, void *arg, struct error *e)
{
    return answer_right(c, attempt_uuid, ada, *(int *)arg, NOON, e);
}

static bool passed, completed_now;

static int submit(struct conn *c, void *arg, struct error *e)
{
    return attempt_submit(c, &l, attempt_uuid, ada, arg, NOON + INSTANT_HOUR, &passed,
                          &completed_now, e);
}

static void take_check(int right)
{
    write_ok(start, NULL);
    write_ok(answer_some, &right);
    write_ok(submit, (void *)(uintptr_t) "Ada Okafor");
}

static struct progress load_progress(void)
{
    struct error e = {0};
    struct progress p;
    struct conn *c = db_read_begin(l.db, &e);
    if (progress_load(c, &l, &en, arena, &p, &e))
        fail_msg("%s", e.message);
    db_read_end(l.db, c);
    return p;
}

static int certificates(struct certificate **list)
{
    struct error e = {0};
    struct conn *c = db_read_begin(l.db, &e);
    int n = certificate_list(c, &l, ada, arena, list, &e);
    db_read_end(l.db, c);
    return n;
}

static void chains_hold(void)
{
    struct error e = {0};
    int64_t rows, count;
    struct conn *c = db_read_begin(l.db, &e);
    if (ledger_verify(c, &rows, &e) || audit_verify(c, &rows, &e) ||
        certificate_verify_all(c, &l, &count, &e))
        fail_msg("%s", e.message);
    db_read_end(l.db, c);
}

/* ---- statements ---- */

static void the_whole_way_ends_in_one_certificate(void **state)
{
    (void)state;
    write_ok(begin, NULL);
    int lessons = en.publication->lesson_count;
    write_ok(answer_lessons, &lessons);
    write_ok(walk_case, NULL);
    struct progress p = load_progress();
    assert_false(p.completed);
    assert_int_equal(p.parts_done, p.parts - 1);
    assert_int_equal(p.next.kind, STEP_CHECK);
    take_check(en.publication->check_draw);
    assert_true(passed);
    assert_true(completed_now);
    p = load_progress();
    assert_true(p.completed);
    assert_false(p.by_assessment);
    assert_non_null(p.certificate_token);
    struct certificate *list;
    assert_int_equal(certificates(&list), 1);
    assert_non_null(strstr(list[0].bytes, "Ada Okafor"));
    assert_non_null(strstr(list[0].bytes, "DataIntegrityProof"));
    chains_hold();
}

static void one_part_missing_is_not_complete(void **state)
{
    (void)state;
    write_ok(begin, NULL);
    int lessons = en.publication->lesson_count - 1;
    write_ok(answer_lessons, &lessons);
    write_ok(walk_case, NULL);
    struct progress p = load_progress();
    assert_int_equal(p.next.kind, STEP_LESSON);
    assert_int_equal(p.lessons_done, lessons);
    int right = en.publication->pass_marks - 1;
    take_check(right);
    assert_false(passed);
    p = load_progress();
    assert_false(p.completed);
    assert_false(p.lines[p.line_count - 1].done);
}

static void who_knows_it_tests_out_and_the_certificate_says_so(void **state)
{
    (void)state;
    write_ok(begin, NULL);
    take_check(en.publication->pass_marks);
    assert_true(passed);
    assert_true(completed_now);
    struct certificate *list;
    assert_int_equal(certificates(&list), 1);
    assert_true(list[0].by_assessment);
    assert_non_null(strstr(list[0].bytes, "by assessment"));
    assert_null(strstr(list[0].bytes, "Designed for"));
}

static void handing_in_twice_gives_the_first_result_and_one_certificate(void **state)
{
    (void)state;
    write_ok(begin, NULL);
    take_check(8);
    write_ok(submit, (void *)(uintptr_t) "Ada Okafor");
    assert_true(passed);
    assert_false(completed_now);
    struct certificate *list;
    assert_int_equal(certificates(&list), 1);
    chains_hold();
}

static void the_name_is_asked_for_before_the_first_submit(void **state)
{
    (void)state;
    write_ok(begin, NULL);
    write_ok(start, NULL);
    assert_int_equal(write_refused(submit, NULL), ERROR_INVALID);
    assert_int_equal(write_refused(submit, (void *)(uintptr_t) "\u202Eada"), ERROR_INVALID);
    struct attempt t;
    load_attempt(&t);
    assert_int_equal(t.submitted_at, 0);
    write_ok(submit, (void *)(uintptr_t) "Ada Okafor");
    write_ok(start, NULL);
    write_ok(submit, NULL); /* the second time it is known */
}

static void without_a_key_the_completion_stands_and_the_certificate_comes_later(void **state)
{
    (void)state;
    struct issuer *issuer = l.issuer;
    l.issuer = NULL;
    write_ok(begin, NULL);
    take_check(8);
    assert_true(completed_now);
    struct progress p = load_progress();
    assert_true(p.completed);
    assert_null(p.certificate_token);
    assert_non_null(p.certificate_waits);
    l.issuer = issuer;
    struct certificate *list;
    assert_int_equal(certificates(&list), 0);
}

static int64_t waiting_after;

static int issue_waiting(struct conn *c, void *arg, struct error *e)
{
    int *made = arg;
    *made = certificate_issue_pending(c, &l, 1, &waiting_after, NOON + 30 * INSTANT_DAY, e);
    return *made < 0 ? -1 : 0;
}

static int issue_all_that_wait(void)
{
    int made, all = 0;
    waiting_after = 0;
    do {
        write_ok(issue_waiting, &made);
        all += made;
    } while (waiting_after);
    return all;
}

static void a_late_certificate_says_when_it_was_earned(void **state)
{
    without_a_key_the_completion_stands_and_the_certificate_comes_later(state);
    assert_int_equal(issue_all_that_wait(), 1);
    struct certificate *list;
    assert_int_equal(certificates(&list), 1);
    assert_int_equal(list[0].earned_at, NOON + INSTANT_HOUR);
    assert_int_equal(list[0].issued_at, NOON + 30 * INSTANT_DAY);
    char earned[64], at[21];
    instant_rfc3339(NOON + INSTANT_HOUR, at);
    snprintf(earned, sizeof earned, "\"awardedDate\":\"%s\"", at);
    assert_non_null(strstr(list[0].bytes, earned));
    assert_int_equal(issue_all_that_wait(), 0);
    chains_hold();
}

static const struct sql unprintable = {
    "unprintable", "test", "UPDATE person SET certificate_name = '' WHERE id = $1", NULL};
static const struct sql list_use = {"list_use", "test",
                                    "SELECT COALESCE(SUM(used), 0) FROM status_list", "test"};

static int spoil_name(struct conn *c, void *arg, struct error *e)
{
    return db_exec(c, &unprintable, e, "i", *(int64_t *)arg) < 0 ? -1 : 0;
}

static int64_t indexes_given_out(void)
{
    struct error e = {0};
    int64_t n = -1;
    struct conn *c = db_read_begin(l.db, &e);
    assert_int_equal(db_query_int(c, &list_use, &n, &e, ""), 1);
    db_read_end(l.db, c);
    return n;
}

static void what_cannot_be_made_is_in_nobodys_way(void **state)
{
    (void)state;
    struct issuer *issuer = l.issuer;
    l.issuer = NULL;
    write_ok(begin, NULL);
    take_check(8);
    int64_t first = ada;
    newcomer("Eve Sato", "eve@example.edu");
    write_ok(begin, NULL);
    take_check(8);
    l.issuer = issuer;
    write_ok(spoil_name, &first);
    for (int round = 0; round < 3; round++)
        assert_int_equal(issue_all_that_wait(), round == 0);
    struct certificate *list;
    assert_int_equal(certificates(&list), 1);
    assert_int_equal(indexes_given_out(), 1);
    chains_hold();
}

static void a_status_list_without_a_key_is_not_said_to_be_missing(void **state)
{
    (void)state;
    write_ok(begin, NULL);
    take_check(8);
    struct status_cache *cache = status_cache_create();
    struct issuer *issuer = l.issuer;
    const char *json;
    for (int key = 1; key >= 0; key--) {
        struct error e = {0};
        l.issuer = key ? issuer : NULL;
        struct conn *c = db_read_begin(l.db, &e);
        int got = status_list_get(cache, c, &l, 1, NOON, arena, &json, &e);
        assert_int_equal(got, key ? 0 : -1);
        assert_int_equal(e.kind, key ? ERROR_NONE : ERROR_BUSY);
        assert_int_equal(status_list_get(cache, c, &l, 2, NOON, arena, &json, &e), -1);
        assert_int_equal(e.kind, ERROR_NOT_FOUND);
        db_read_end(l.db, c);
    }
    l.issuer = issuer;
    status_cache_free(cache);
}

struct saving {
    const char *item, *answer, *op;
    struct attempt_saved saved;
    const char *was;
    instant at; /* 0: NOON */
};

static int save(struct conn *c, void *arg, struct error *e)
{
    struct saving *s = arg;
    return attempt_answer(c, &l, attempt_uuid, ada, s->item, s->answer, s->was, s->op,
                          s->at ? s->at : NOON, &s->saved, e);
}

static void an_operation_id_is_one_saving(void **state)
{
    (void)state;
    write_ok(begin, NULL);
    write_ok(start, NULL);
    struct attempt t;
    load_attempt(&t);
    struct saving first = {t.items[0].item->id, "1", "operation-1", {0}, NULL, 0};
    write_ok(save, &first);
    struct saving again = first;
    write_ok(save, &again);
    assert_int_equal(again.saved.at, first.saved.at);
    struct saving other = {t.items[0].item->id, "2", "operation-1", {0}, NULL, 0};
    struct error e = {0};
    assert_int_equal(db_write(l.db, save, &other, &e), -1);
    assert_int_equal(e.kind, ERROR_CONFLICT);
    struct saving changed = {t.items[0].item->id, "2", "operation-2", {0}, NULL, 0};
    write_ok(save, &changed);
    load_attempt(&t);
    assert_string_equal(t.items[0].answer, "2");
    assert_int_equal(t.answered, 1);
}

static void no_answer_is_overwritten_unseen(void **state)
{
    (void)state;
    write_ok(begin, NULL);
    write_ok(start, NULL);
    struct attempt t;
    load_attempt(&t);
    const char *item = t.items[0].item->id;
    struct saving here = {item, "1", "operation-1", {0}, ATTEMPT_WAS_NONE, 0};
    struct saving there = {item, "2", "operation-2", {0}, ATTEMPT_WAS_NONE, 0};
    write_ok(save, &here);
    assert_int_equal(write_refused(save, &there), ERROR_CONFLICT);
    assert_string_equal(there.saved.earlier, "1");
    assert_string_equal(there.saved.answer, "2");
    write_ok(save, &here); /* its reply got lost: said again, whatever was seen */
    struct saving same = {item, "1", "operation-3", {0}, ATTEMPT_WAS_NONE, 0};
    write_ok(save, &same); /* both chose the same: nothing to ask */
    struct saving chosen = {item, "2", "operation-4", {0}, "1", 0};
    write_ok(save, &chosen);
    struct saving stale = {item, "3", "operation-5", {0}, "1", 0};
    assert_int_equal(write_refused(save, &stale), ERROR_CONFLICT);
    assert_string_equal(stale.saved.earlier, "2");
    load_attempt(&t);
    assert_string_equal(t.items[0].answer, "2");
    struct saving blind = {item, "3", NULL, {0}, ATTEMPT_WAS_ANY, 0};
    write_ok(save, &blind); /* a plain set */
    load_attempt(&t);
    assert_string_equal(t.items[0].answer, "3");
}

static void a_saving_whose_reply_got_lost_is_confirmed_after_handing_in(void **state)
{
    (void)state;
    write_ok(begin, NULL);
    write_ok(start, NULL);
    struct attempt t;
    load_attempt(&t);
    struct saving first = {t.items[0].item->id, "1", "operation-1", {0}, NULL, 0};
    write_ok(save, &first);
    write_ok(submit, (void *)(uintptr_t) "Ada Okafor");
    struct saving again = {t.items[0].item->id, "1", "operation-1", {0}, NULL, 0};
    write_ok(save, &again);
    assert_string_equal(again.saved.answer, "1");
    struct saving other = {t.items[0].item->id, "2", "operation-1", {0}, NULL, 0};
    assert_int_equal(write_refused(save, &other), ERROR_CONFLICT);
    assert_string_equal(other.saved.earlier, "");
    struct saving fresh = {t.items[0].item->id, "1", "operation-2", {0}, NULL, 0};
    assert_int_equal(write_refused(save, &fresh), ERROR_CONFLICT);
    chains_hold();
}

static int save_many(struct conn *c, void *arg, struct error *e)
{
    struct saving *s = arg;
    for (int i = 0; i < ATTEMPT_MAX_STEPS; i++)
        if (save(c, s, e))
            return -1;
    return 0;
}

static void however_often_an_answer_was_changed_it_can_be_handed_in(void **state)
{
    (void)state;
    write_ok(begin, NULL);
    write_ok(start, NULL);
    struct attempt t;
    load_attempt(&t);
    struct saving s = {t.items[0].item->id, "1", NULL, {0}, NULL, 0};
    write_ok(save_many, &s);
    struct saving more = s;
    assert_int_equal(write_refused(save, &more), ERROR_CONFLICT);
    assert_string_equal(more.saved.earlier, "");
    load_attempt(&t);
    assert_string_equal(t.items[0].answer, "1");
    write_ok(submit, (void *)(uintptr_t) "Ada Okafor");
    chains_hold();
}

/* Also when the clock was put back in between. */
static void the_answer_given_last_stands(void **state)
{
    (void)state;
    struct attempt t;
    write_ok(begin, NULL);
    write_ok(start, NULL);
    for (int i = 0; i < 100; i++) {
        load_attempt(&t);
        struct saving s = {.item = t.items[1].item->id,
                           .answer = i % 2 ? "2" : "1",
                           .at = NOON - i % 7 * INSTANT_HOUR};
        write_ok(save, &s);
        load_attempt(&t);
        assert_string_equal(t.items[1].answer, s.answer);
        assert_true(t.items[1].answered_at == s.at);
        assert_int_equal(t.answered, 1);
    }
    struct saving other = {.item = t.items[0].item->id, .answer = "1", .at = NOON};
    write_ok(save, &other);
    load_attempt(&t);
    assert_string_equal(t.items[0].answer, "1");
    assert_string_equal(t.items[1].answer, "2");
    assert_int_equal(t.answered, 2);
    write_ok(submit, (void *)(uintptr_t) "Ada Okafor");
    chains_hold();
}

static void answers_outside_the_form_are_refused(void **state)
{
    (void)state;
    write_ok(begin, NULL);
    write_ok(start, NULL);
    struct attempt t;
    load_attempt(&t);
    struct saving unknown = {"q-humility-l01", "1", NULL, {0}, NULL, 0};
    assert_int_equal(write_refused(save, &unknown), ERROR_INVALID);
    struct saving outside = {t.items[0].item->id, "9", NULL, {0}, NULL, 0};
    assert_int_equal(write_refused(save, &outside), ERROR_INVALID);
    struct saving bad_id = {t.items[0].item->id, "1", "short", {0}, NULL, 0};
    assert_int_equal(write_refused(save, &bad_id), ERROR_INVALID);
    write_ok(submit, (void *)(uintptr_t) "Ada Okafor");
    struct saving late = {t.items[0].item->id, "1", NULL, {0}, NULL, 0};
    assert_int_equal(write_refused(save, &late), ERROR_CONFLICT);
    assert_int_equal(write_refused(save, &unknown), ERROR_CONFLICT);
}

static void every_check_of_a_learner_has_the_same_first_items(void **state)
{
    (void)state;
    write_ok(begin, NULL);
    int common = 0;
    char seen[8][ATTEMPT_MAX_ITEMS][128];
    struct attempt t;
    for (int n = 0; n < 8; n++) {
        write_ok(start, NULL);
        load_attempt(&t);
        assert_int_equal(t.item_count, en.publication->check_draw);
        for (int i = 0; i < t.item_count; i++)
            snprintf(seen[n][i], 128, "%s", t.items[i].item->id);
        write_ok(submit, (void *)(uintptr_t) "Ada Okafor");
    }
    for (int i = 0; i < t.item_count; i++) {
        int in = 0;
        for (int n = 1; n < 8; n++)
            for (int k = 0; k < t.item_count; k++)
                in += strcmp(seen[0][i], seen[n][k]) == 0;
        common += in == 7;
    }
    assert_true(common >= en.publication->pre_draw);
    assert_true(common < t.item_count);
}

static int other_persons_attempt(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    struct attempt_saved saved;
    return attempt_answer(c, &l, attempt_uuid, ada + 1, "q-humility-01", "1", ATTEMPT_WAS_ANY, NULL,
                          NOON, &saved, e);
}

static void anothers_attempt_does_not_exist(void **state)
{
    (void)state;
    write_ok(begin, NULL);
    write_ok(start, NULL);
    assert_int_equal(write_refused(other_persons_attempt, NULL), ERROR_NOT_FOUND);
}

struct choosing {
    const char *scene, *choice;
};

static int choose(struct conn *c, void *arg, struct error *e)
{
    struct choosing *x = arg;
    return case_choose(c, &l, &en, en.publication->cases[0].id, (struct case_place){0}, x->scene,
                       x->choice, NOON, e);
}

static void the_same_choice_twice_is_one_step_and_another_is_a_conflict(void **state)
{
    (void)state;
    write_ok(begin, NULL);
    const struct scene *first = &en.publication->cases[0].scenes[0];
    struct choosing one = {first->id, first->choices[0].id},
                    two = {first->id, first->choices[1].id};
    write_ok(choose, &one);
    write_ok(choose, &one);
    assert_int_equal(write_refused(choose, &two), ERROR_CONFLICT);
    struct error e = {0};
    struct case_state s;
    struct conn *c = db_read_begin(l.db, &e);
    assert_int_equal(case_load(c, &l, &en, en.publication->cases[0].id, arena, &s, &e), 0);
    db_read_end(l.db, c);
    assert_int_equal(s.path_length, 1);
}

static int again(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    return case_back(c, &l, &en, en.publication->cases[0].id, (struct case_place){0}, 0, NOON, e);
}

static void a_case_walked_again_stays_done(void **state)
{
    (void)state;
    write_ok(begin, NULL);
    write_ok(walk_case, NULL);
    assert_int_equal(load_progress().cases_done, 1);
    write_ok(again, NULL);
    struct error e = {0};
    struct case_state s;
    struct conn *c = db_read_begin(l.db, &e);
    assert_int_equal(case_load(c, &l, &en, en.publication->cases[0].id, arena, &s, &e), 0);
    db_read_end(l.db, c);
    assert_int_equal(s.scene, 0);
    assert_int_equal(s.path_length, 0);
    assert_int_equal(load_progress().cases_done, 1);
    write_ok(walk_case, NULL);
    chains_hold();
}

static int go_round(struct conn *c, void *arg, struct error *e)
{
    const struct enrolment *round = arg;
    for (int i = 0; i < 300; i++)
        if (case_choose(c, &l, round, "round", (struct case_place){0}, i % 2 ? "there" : "here",
                        i % 2 ? "back" : "on", NOON, e))
            return -1;
    return 0;
}

static void a_story_that_leads_back_can_be_walked_for_ever(void **state)
{
    (void)state;
    write_ok(begin, NULL);
    const struct choice on = {.id = "on", .target = 1}, back = {.id = "back", .target = 0};
    const struct scene scenes[] = {{.id = "here", .choices = &on, .choice_count = 1},
                                   {.id = "there", .choices = &back, .choice_count = 1}};
    const struct branching_case it = {.id = "round", .scenes = scenes, .scene_count = 2};
    struct publication p = *en.publication;
    p.cases = &it;
    p.case_count = 1;
    struct enrolment round = en;
    round.publication = &p;
    write_ok(go_round, &round);
    struct error e = {0};
    struct case_state s;
    struct conn *c = db_read_begin(l.db, &e);
    assert_int_equal(case_load(c, &l, &round, "round", arena, &s, &e), 0);
    db_read_end(l.db, c);
    assert_int_equal(s.scene, 0);
    assert_int_equal(s.path[s.path_length - 1].scene, 1);
}

static void an_altered_answer_or_row_is_found_and_named(void **state)
{
    (void)state;
    write_ok(begin, NULL);
    take_check(8);
    chains_hold();
    static const char *const harm[] = {
        "update attempt_step set answer='3,2' where id=1 and attempt=1",
        "update ledger set earned_at=earned_at-1 where seq=2",
        "delete from ledger where seq=2",
        "update certificate set bytes=replace(bytes,'Ada','Eve')",
        "update certificate set status_index=(status_index+1)%131072",
        "update certificate set person=person+1",
        "update certificate set uuid='00000000-0000-4000-8000-000000000000'",
    };
    for (size_t i = 0; i < sizeof harm / sizeof *harm; i++) {
        struct error e = {0};
        char command[512];
        const char *copy = temp_path(folder, "altered");
        remove(copy);
        assert_int_equal(db_backup(l.db, copy, &e), 0);
        snprintf(command, sizeof command, "sqlite3 %s \"%s\"", copy, harm[i]);
        assert_int_equal(system(command), 0);
        struct db_options o = {.path = copy, .readers = 2};
        struct learning altered = l;
        altered.db = db_open(&o, &e);
        assert_non_null(altered.db);
        int64_t rows, count;
        struct conn *c = db_read_begin(altered.db, &e);
        assert_true(ledger_verify(c, &rows, &e) || certificate_verify_all(c, &altered, &count, &e));
        assert_true(strstr(e.message, "altered") || strstr(e.message, "missing") ||
                    strstr(e.message, "does not know"));
        db_read_end(altered.db, c);
        db_close(altered.db);
    }
}

/* ---- people ---- */

static int add_person(struct conn *c, void *arg, struct error *e)
{
    int64_t id;
    return person_add(c, arg, NOON, NULL, &id, e);
}

static void what_cannot_be_of_a_person_is_refused_by_its_field(void **state)
{
    (void)state;
    const struct {
        const char *field;
        struct new_person person;
    } cases[] = {
        {"name", {.name = ""}},
        {"learner_type", {.name = "Bo Li", .learner_type = "wizard"}},
        {"family_name", {.name = "Bo Li", .family_name = "L\ni"}},
        {"email", {.name = "Bo Li", .email = "bo"}},
        {"email", {.name = "Bo Li", .email = "ada@example.edu"}},
        {"profession", {.name = "Bo Li", .profession = ""}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error e = {0};
        struct new_person p = cases[i].person;
        assert_int_equal(db_write(l.db, add_person, &p, &e), -1);
        assert_int_equal(e.kind, ERROR_INVALID);
        assert_string_equal(e.field, cases[i].field);
    }
}

static void only_a_plain_address_is_taken(void **state)
{
    (void)state;
    static const char *const good[] = {"bo@example.edu", "b.o'li+teaching@x-1.example.edu",
                                       "A_b/c=d@EXAMPLE.ORG"};
    static const char *const bad[] = {"",
                                      "bo",
                                      "@example.edu",
                                      "bo@",
                                      "bo@@x.edu",
                                      "bo@x.edu@y",
                                      "bo li@example.edu",
                                      " bo@example.edu",
                                      "bo@x.edu ",
                                      "bo\t@x.edu",
                                      "<bo@example.edu>",
                                      "Bo <bo@example.edu>",
                                      "bo@example",
                                      "bo@.edu",
                                      "bo@example..edu",
                                      "bo@example.edu.",
                                      "bo@-x.edu",
                                      "bo@x-.edu",
                                      "bo@x.edu-",
                                      "bo@x_y.edu",
                                      ".bo@x.edu",
                                      "bo.@x.edu",
                                      "b..o@x.edu",
                                      "\"bo\"@x.edu",
                                      "bo,a@x.edu",
                                      "bo@x.edu,a@b.edu",
                                      "mailto:bo@x.edu",
                                      "bo@[127.0.0.1]",
                                      "b\u00f6@x.edu",
                                      "bo@x.edu\nBcc: a@b.edu"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct error e = {0};
        assert_int_equal(person_check_email(good[i], &e), 0);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct error e = {0};
        struct new_person p = {.name = "Bo Li", .email = bad[i]};
        if (db_write(l.db, add_person, &p, &e) == 0)
            fail_msg("taken as an address: \"%s\"", bad[i]);
        assert_int_equal(e.kind, ERROR_INVALID);
        assert_string_equal(e.field, "email");
    }
    const char *dots = "abcdefghi.abcdefghi.abcdefghi.abcdefghi.abcdefghi.";
    struct error e = {0};
    const char *longest = arena_printf(arena, "abcd@%s%s%s%s%s", dots, dots, dots, dots,
                                       "abcdefghi.abcdefghi.abcdefghi.abcdefghi.abcdefghi");
    assert_int_equal(strlen(longest), 254);
    assert_int_equal(person_check_email(longest, &e), 0);
    assert_int_equal(person_check_email(arena_printf(arena, "e%s", longest), &e), -1);
    assert_non_null(strstr(e.message, "254"));
}

/* ---- appointments ---- */

static int appoint(struct conn *c, void *arg, struct error *e)
{
    instant from = *(instant *)arg;
    struct department d;
    int64_t id;
    if (department_find(c, "surgery", arena, &d, e) == 0)
        id = d.id;
    else if (department_add(c, "surgery", "Surgery", NOON, &id, e))
        return -1;
    return appointment_add(c, ada, id, "Professor", true, from, NOON, e);
}

static void two_primary_appointments_never_overlap(void **state)
{
    (void)state;
    instant first = NOON, before = NOON - INSTANT_DAY, after = NOON + INSTANT_DAY;
    write_ok(appoint, &first);
    struct error e = {0};
    assert_int_equal(db_write(l.db, appoint, &before, &e), -1);
    assert_int_equal(e.kind, ERROR_INVALID);
    assert_string_equal(e.field, "from");
    assert_non_null(strstr(e.message, "2026-09-21"));
    write_ok(appoint, &after);
    struct department list[4];
    struct conn *c = db_read_begin(l.db, &e);
    assert_int_equal(person_departments(c, ada, before, arena, list, 4, &e), 0);
    assert_int_equal(person_departments(c, ada, first, arena, list, 4, &e), 1);
    db_read_end(l.db, c);
}

/* ---- signing in ---- */

static char link_token[TOKEN_TEXT];

static int make_link(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    return signin_link_create(c, ada, "/courses/humility", NOON, INSTANT_HOUR, link_token, e);
}

static enum error_kind look_at_session(const char *token, instant at)
{
    struct error e = {0};
    struct session s;
    struct conn *c = db_read_begin(l.db, &e);
    int found = session_find(c, token, at, &s, &e);
    db_read_end(l.db, c);
    if (found == 0)
        assert_int_equal(s.person, ada);
    return found == 0 ? ERROR_NONE : e.kind;
}

static void a_link_opens_one_session_and_returns_to_the_step(void **state)
{
    (void)state;
    char token[TOKEN_TEXT], to[256];
    struct error e = {0};
    write_ok(make_link, NULL);
    assert_int_equal(signin_link_spend(&l, link_token, false, token, to, &e), 0);
    assert_string_equal(to, "/courses/humility");
    assert_int_equal(look_at_session(token, NOON), ERROR_NONE);
    assert_int_equal(look_at_session(token, NOON + 721 * INSTANT_HOUR), ERROR_UNAUTHENTICATED);
    assert_int_equal(signin_link_spend(&l, link_token, false, token, to, &e), -1);
    assert_int_equal(e.kind, ERROR_NOT_FOUND);
}

static void a_link_runs_out(void **state)
{
    (void)state;
    char token[TOKEN_TEXT], to[256];
    struct error e = {0};
    write_ok(make_link, NULL);
    system_clock.offset += INSTANT_HOUR;
    assert_int_equal(signin_link_spend(&l, link_token, false, token, to, &e), -1);
}

static void a_shared_computer_forgets_after_fifteen_idle_minutes(void **state)
{
    (void)state;
    char token[TOKEN_TEXT], to[256];
    struct error e = {0};
    write_ok(make_link, NULL);
    assert_int_equal(signin_link_spend(&l, link_token, true, token, to, &e), 0);
    assert_int_equal(look_at_session(token, NOON + 14 * INSTANT_MINUTE), ERROR_NONE);
    assert_int_equal(look_at_session(token, NOON + 15 * INSTANT_MINUTE), ERROR_UNAUTHENTICATED);
}

static void an_ended_session_is_forgotten_even_by_who_read_it_just_before(void **state)
{
    (void)state;
    char token[TOKEN_TEXT], to[256];
    struct error e = {0};
    struct session s, read;
    uint64_t epoch, later;
    l.sessions = session_cache_create();
    write_ok(make_link, NULL);
    assert_int_equal(signin_link_spend(&l, link_token, false, token, to, &e), 0);
    assert_false(session_recall(l.sessions, token, NOON, &s, &epoch));
    struct conn *c = db_read_begin(l.db, &e);
    assert_int_equal(session_find(c, token, NOON, &read, &e), 0);
    db_read_end(l.db, c);
    session_remember(l.sessions, &read, epoch);
    assert_true(session_recall(l.sessions, token, NOON, &s, &later));
    assert_int_equal(s.person, ada);
    assert_false(session_recall(l.sessions, token, NOON + 721 * INSTANT_HOUR, &s, &later));
    assert_int_equal(session_end(&l, &read, &e), 0);
    assert_false(session_recall(l.sessions, token, NOON, &s, &later));
    session_remember(l.sessions, &read, epoch); /* a request that had read it before it ended */
    assert_false(session_recall(l.sessions, token, NOON, &s, &later));
    session_cache_free(l.sessions);
    l.sessions = NULL;
}

static int set_password(struct conn *c, void *arg, struct error *e)
{
    return person_set_password_hash(c, ada, arg, e);
}

static void unknown_people_and_wrong_passwords_are_answered_alike(void **state)
{
    (void)state;
    struct signin *s = signin_create();
    char hash[128], token[TOKEN_TEXT];
    struct error e = {0}, wrong = {0}, unknown = {0};
    assert_int_equal(signin_hash_password(s, "a short sentence", hash, &e), 0);
    write_ok(set_password, hash);
    assert_int_equal(
        signin_password(s, &l, " ADA@example.edu", "a short sentence", false, token, &e), 0);
    assert_int_equal(look_at_session(token, NOON), ERROR_NONE);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(signin_password(s, &l, "ada@example.edu", "wrong", false, token, &wrong),
                         -1);
        assert_int_equal(signin_password(s, &l, "who@example.edu", "wrong", false, token, &unknown),
                         -1);
        assert_int_equal(wrong.kind, ERROR_UNAUTHENTICATED);
        assert_string_equal(wrong.message, unknown.message);
        assert_string_equal(wrong.field, unknown.field);
    }
    assert_int_equal(
        signin_password(s, &l, "ada@example.edu", "a short sentence", false, token, &wrong), -1);
    assert_int_equal(signin_password(s, &l, "who@example.edu", "wrong", false, token, &unknown),
                     -1);
    assert_int_equal(wrong.kind, ERROR_TOO_MANY);
    assert_int_equal(unknown.kind, ERROR_TOO_MANY);
    assert_string_equal(wrong.message, unknown.message);
    signin_free(s);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        TEST(the_whole_way_ends_in_one_certificate),
        TEST(one_part_missing_is_not_complete),
        TEST(who_knows_it_tests_out_and_the_certificate_says_so),
        TEST(handing_in_twice_gives_the_first_result_and_one_certificate),
        TEST(the_name_is_asked_for_before_the_first_submit),
        TEST(without_a_key_the_completion_stands_and_the_certificate_comes_later),
        TEST(a_late_certificate_says_when_it_was_earned),
        TEST(what_cannot_be_made_is_in_nobodys_way),
        TEST(a_status_list_without_a_key_is_not_said_to_be_missing),
        TEST(an_operation_id_is_one_saving),
        TEST(no_answer_is_overwritten_unseen),
        TEST(a_saving_whose_reply_got_lost_is_confirmed_after_handing_in),
        TEST(however_often_an_answer_was_changed_it_can_be_handed_in),
        TEST(the_answer_given_last_stands),
        TEST(answers_outside_the_form_are_refused),
        TEST(every_check_of_a_learner_has_the_same_first_items),
        TEST(anothers_attempt_does_not_exist),
        TEST(the_same_choice_twice_is_one_step_and_another_is_a_conflict),
        TEST(a_case_walked_again_stays_done),
        TEST(a_story_that_leads_back_can_be_walked_for_ever),
        TEST(what_cannot_be_of_a_person_is_refused_by_its_field),
        TEST(only_a_plain_address_is_taken),
        TEST(two_primary_appointments_never_overlap),
        TEST(an_altered_answer_or_row_is_found_and_named),
        TEST(a_link_opens_one_session_and_returns_to_the_step),
        TEST(a_link_runs_out),
        TEST(a_shared_computer_forgets_after_fifteen_idle_minutes),
        TEST(an_ended_session_is_forgotten_even_by_who_read_it_just_before),
        TEST(unknown_people_and_wrong_passwords_are_answered_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
