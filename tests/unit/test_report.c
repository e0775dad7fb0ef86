/*
 * Rosters and counts on a real database file: who is in, in which order, with which status as of
 * when; that the one-person rows and the counts agree with the roster whatever the data; and that
 * the plan does not look at other departments.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/random.h"
#include "base/text.h"
#include "learning/people.h"
#include "report/completion.h"
#include "report/directory.h"
#include "report/roster.h"
#include "report/sql.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* after the standard headers */
#include <cmocka.h>

#define DAY(n) ((instant)(n)*INSTANT_DAY)

/* ---- the database of one test ---- */

struct fixture {
    char folder[64], path[80];
    struct db *db;
    struct conn *conn;
    struct arena *arena;
};

static const struct sql put_publication = {
    "put_publication", "test",
    "INSERT INTO publication (id, course, hash, version, title, change_kind, bytes, published_at)"
    " VALUES (1, 'humility', 'h', '1', 't', 'first', x'', 0)"
    " ON CONFLICT (id) DO UPDATE SET hash = excluded.hash",
    NULL};
static const struct sql put_enrolment = {
    "put_enrolment", "test",
    "INSERT INTO enrolment (id, person, course, publication, started_at, shuffle_seed)"
    " VALUES ($1, $1, 'humility', 1, $2, 0)",
    NULL};
static const struct sql put_status = {
    "put_status", "test",
    "INSERT INTO status_now (person, course, enrolment, started_at, done_at)"
    " VALUES ($1, 'humility', $1, $2, $3)",
    NULL};
static const struct sql end_appointment = {
    "end_appointment", "test",
    "UPDATE appointment SET valid_to = $2 WHERE person = $1 AND superseded_by IS NULL", NULL};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct error e = {0};
    snprintf(f->folder, sizeof f->folder, "/tmp/report-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof f->path, "%s/test.db", f->folder);
    f->db = db_open(&(struct db_options){.path = f->path, .readers = 2}, &e);
    assert_string_equal(e.message, "");
    assert_non_null(f->db);
    f->arena = arena_create();
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    char command[160];
    db_read_end(f->db, f->conn);
    db_close(f->db);
    arena_free(f->arena);
    snprintf(command, sizeof command, "rm -rf '%s'", f->folder);
    assert_int_equal(system(command), 0);
    free(f);
    return 0;
}

static void write_all(struct fixture *f, db_write_fn fn)
{
    struct error e = {0};
    int result = db_write(f->db, fn, f, &e);
    assert_string_equal(e.message, "");
    assert_int_equal(result, 0);
    f->conn = db_read_begin(f->db, &e);
    assert_non_null(f->conn);
}

static int64_t add_person(struct conn *c, const char *name, const char *type, struct error *e)
{
    int64_t id = 0;
    struct new_person p = {.name = name, .learner_type = type};
    return person_add(c, &p, 0, NULL, &id, e) ? -1 : id;
}

static int begin(struct conn *c, int64_t person, instant at, struct error *e)
{
    return db_exec(c, &put_publication, e, "") < 0 ||
           db_exec(c, &put_enrolment, e, "ii", person, at) < 0;
}

static int finish(struct conn *c, int64_t person, instant started, instant done, struct error *e)
{
    if (begin(c, person, started, e))
        return -1;
    if (done)
        return db_exec(c, &put_status, e, "iii", person, started, done) < 0;
    return db_exec(c, &put_status, e, "iin", person, started) < 0;
}

/* A roster as text, one line for each row: "name|status|day done". */
struct listing {
    char text[4096];
    size_t length;
};

static int list_row(const struct roster_row *row, void *arg)
{
    struct listing *l = arg;
    assert_int_equal(row->due_at, 0);
    int n = snprintf(l->text + l->length, sizeof l->text - l->length, "%s|%s|%lld\n", row->name,
                     roster_status_key(row->status), (long long)(row->done_at / INSTANT_DAY));
    l->length += (size_t)n;
    assert_true(l->length < sizeof l->text);
    return 0;
}

static void assert_roster(struct fixture *f, int64_t department, instant as_of, const char *text)
{
    struct error e = {0};
    struct listing l = {0};
    struct roster_query q = {.department = department, .course = "humility", .as_of = as_of};
    assert_int_equal(roster_each(f->conn, &q, list_row, &l, NULL, &e), 0);
    assert_string_equal(l.text, text);
}

/* ---- the roster ---- */

static int fill_one_department(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    int64_t medicine, surgery;
    if (department_add(c, "medicine", "Medicine", 0, &medicine, e) ||
        department_add(c, "surgery", "Surgery", 0, &surgery, e))
        return -1;
    int64_t zoe = add_person(c, "Zoe Adams", "faculty", e);     /* done on day 20 */
    int64_t ada = add_person(c, "Ada Brown", "faculty", e);     /* began on day 10 */
    int64_t tim = add_person(c, "Tim Clark", "faculty", e);     /* nothing */
    int64_t eve = add_person(c, "Eve Dunn", "faculty", e);      /* excused from day 15, in both */
    int64_t sam = add_person(c, "Sam Adams", "faculty", e);     /* excused and done */
    int64_t liv = add_person(c, "Liv Elsewhere", "faculty", e); /* surgery only */
    if (appointment_add(c, zoe, medicine, "Professor", false, DAY(1), 0, e) ||
        appointment_add(c, ada, medicine, "Professor", false, DAY(1), 0, e) ||
        appointment_add(c, tim, medicine, "Professor", false, DAY(5), 0, e) ||
        appointment_add(c, eve, surgery, "Professor", false, DAY(1), 0, e) ||
        appointment_add(c, eve, medicine, "Professor", false, DAY(1), 0, e) ||
        appointment_add(c, eve, medicine, "Director", false, DAY(1), 0, e) ||
        appointment_add(c, sam, medicine, "Professor", false, DAY(1), 0, e) ||
        appointment_add(c, liv, surgery, "Professor", false, DAY(1), 0, e))
        return -1;
    return finish(c, zoe, DAY(11), DAY(20), e) || finish(c, ada, DAY(10), 0, e) ||
           finish(c, sam, DAY(2), DAY(30), e) ||
           waiver_add(c, eve, "humility", "leave", zoe, DAY(15), 0, 0, e) ||
           waiver_add(c, sam, "humility", "leave", zoe, DAY(1), 0, 0, e);
}

static void the_roster_has_four_statuses_in_order_of_family_names(void **state)
{
    struct fixture *f = *state;
    write_all(f, fill_one_department);
    assert_roster(f, 1, DAY(100),
                  "Sam Adams|done|30\n"
                  "Zoe Adams|done|20\n"
                  "Ada Brown|in-progress|0\n"
                  "Tim Clark|not-started|0\n"
                  "Eve Dunn|excused|0\n");
    assert_roster(f, 2, DAY(100),
                  "Eve Dunn|excused|0\n"
                  "Liv Elsewhere|not-started|0\n");
}

static void as_of_goes_back_to_what_had_been_earned_and_who_was_there(void **state)
{
    struct fixture *f = *state;
    write_all(f, fill_one_department);
    assert_roster(f, 1, DAY(1) - 1, "");
    assert_roster(f, 1, DAY(4),
                  "Sam Adams|excused|0\n"
                  "Zoe Adams|not-started|0\n"
                  "Ada Brown|not-started|0\n"
                  "Eve Dunn|not-started|0\n");
    assert_roster(f, 1, DAY(20) - 1,
                  "Sam Adams|excused|0\n"
                  "Zoe Adams|in-progress|0\n"
                  "Ada Brown|in-progress|0\n"
                  "Tim Clark|not-started|0\n"
                  "Eve Dunn|excused|0\n");
    assert_roster(f, 1, DAY(20),
                  "Sam Adams|excused|0\n"
                  "Zoe Adams|done|20\n"
                  "Ada Brown|in-progress|0\n"
                  "Tim Clark|not-started|0\n"
                  "Eve Dunn|excused|0\n");
}

static int fill_a_move(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    int64_t from, to;
    if (department_add(c, "medicine", "Medicine", 0, &from, e) ||
        department_add(c, "surgery", "Surgery", 0, &to, e))
        return -1;
    int64_t ada = add_person(c, "Ada Brown", "faculty", e);
    int64_t ben = add_person(c, "Ben Gone", "faculty", e);
    return appointment_add(c, ada, from, "Professor", true, DAY(1), 0, e) ||
           appointment_add(c, ada, to, "Professor", true, DAY(50), DAY(50), e) ||
           appointment_add(c, ben, from, "Professor", true, DAY(1), 0, e) ||
           db_exec(c, &end_appointment, e, "ii", ben, DAY(60)) < 0;
}

static void the_primary_appointment_decides_where_somebody_counts(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct completion n;
    write_all(f, fill_a_move);
    assert_int_equal(completion_by_department(f->conn, "humility", DAY(40), f->arena, &n, &e), 0);
    assert_int_equal(n.rows[0].eligible, 2);
    assert_int_equal(n.rows[1].eligible, 0);
    assert_int_equal(completion_by_department(f->conn, "humility", DAY(55), f->arena, &n, &e), 0);
    assert_int_equal(n.rows[0].eligible, 1);
    assert_int_equal(n.rows[1].eligible, 1);
    assert_int_equal(completion_by_department(f->conn, "humility", DAY(60), f->arena, &n, &e), 0);
    assert_int_equal(n.rows[0].eligible, 0);
    assert_false(n.rows[0].rate.known);
    assert_int_equal(n.total.eligible, 1);
    /* The chair of the first department goes on seeing her: the appointment there goes on. */
    assert_roster(f, 1, DAY(55), "Ada Brown|not-started|0\nBen Gone|not-started|0\n");
    assert_roster(f, 1, DAY(60), "Ada Brown|not-started|0\n");
}

/* ---- whatever the data ---- */

#define PEOPLE      240
#define DEPARTMENTS 7

static int fill_at_random(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    struct rng rng;
    char text[64];
    int64_t department[DEPARTMENTS];
    rng_seed(&rng, 20260701);
    for (int i = 0; i < DEPARTMENTS; i++) {
        snprintf(text, sizeof text, "d%d", i);
        if (department_add(c, text, text, 0, &department[i], e))
            return -1;
    }
    for (int i = 0; i < PEOPLE; i++) {
        snprintf(text, sizeof text, "Given%d Family%u", i, rng_below(&rng, 60));
        int64_t id = add_person(c, text, rng_below(&rng, 8) ? "faculty" : "resident", e);
        if (id < 0)
            return -1;
        /* The last department stays empty. */
        uint32_t day = 0;
        for (uint32_t k = rng_below(&rng, 4); k > 0; k--) {
            day += rng_below(&rng, 20);
            if (appointment_add(c, id, department[rng_below(&rng, DEPARTMENTS - 1)], "Professor",
                                rng_below(&rng, 2) == 0, DAY(day), 0, e))
                return -1;
        }
        instant started = DAY(1 + rng_below(&rng, 60));
        if (rng_below(&rng, 3) &&
            finish(c, id, started, rng_below(&rng, 2) ? started + DAY(3) : 0, e))
            return -1;
        if (rng_below(&rng, 6) == 0 &&
            waiver_add(c, id, "humility", "leave", id, DAY(rng_below(&rng, 60)), 0, 0, e))
            return -1;
    }
    return 0;
}

struct tally {
    struct completion *expected;
    int row;
    int64_t rows, by_status[ROSTER__COUNT];
};

static int tally_row(const struct coe_row *row, void *arg)
{
    struct tally *t = arg;
    while (!text_equal(t->expected->rows[t->row].department_code, row->department_code)) {
        assert_true(++t->row <
                    t->expected->count); /* departments come in the order of the counts */
        memset(t->by_status, 0, sizeof t->by_status);
    }
    t->rows++;
    t->by_status[row->row.status]++;
    assert_true((row->row.done_at != 0) == (row->row.status == ROSTER_DONE));
    return 0;
}

static void the_counts_are_the_counts_of_the_roster(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    write_all(f, fill_at_random);
    for (instant as_of = 0; as_of < DAY(70); as_of += DAY(3)) {
        struct completion n;
        assert_int_equal(completion_by_department(f->conn, "humility", as_of, f->arena, &n, &e), 0);
        assert_int_equal(n.count, DEPARTMENTS);
        assert_int_equal(n.rows[DEPARTMENTS - 1].eligible, 0);
        struct tally t = {.expected = &n};
        assert_int_equal(coe_roster_each(f->conn, "humility", as_of, tally_row, &t, &e), 0);
        assert_int_equal(t.rows, n.total.eligible);
        int64_t sum = 0;
        for (int i = 0; i < n.count; i++) {
            const struct completion_row *r = &n.rows[i];
            assert_int_equal(r->eligible,
                             r->not_started + r->in_progress + r->completed + r->exempt);
            sum += r->eligible;
        }
        assert_int_equal(sum, n.total.eligible);
        if (t.rows) {
            assert_int_equal(t.by_status[ROSTER_DONE], n.rows[t.row].completed);
            assert_int_equal(t.by_status[ROSTER_EXCUSED], n.rows[t.row].exempt);
            assert_int_equal(t.by_status[ROSTER_IN_PROGRESS], n.rows[t.row].in_progress);
        }
    }
}

struct sequence {
    struct buf text;
    const char *department; /* of chairs' rosters, whose rows do not name it */
};

static int write_row(struct sequence *s, const char *department, const struct roster_row *row)
{
    buf_printf(&s->text, "%s|%s|%s|%lld\n", department, row->name, roster_status_key(row->status),
               (long long)row->done_at);
    return 0;
}

static int write_chair_row(const struct roster_row *row, void *arg)
{
    struct sequence *s = arg;
    return write_row(s, s->department, row);
}

static int write_coe_row(const struct coe_row *row, void *arg)
{
    return write_row(arg, row->department_code, &row->row);
}

static void everybody_is_the_rosters_of_all_departments_one_after_another(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct department *all;
    write_all(f, fill_at_random);
    int n = roster_departments(f->conn, f->arena, &all, &e);
    assert_int_equal(n, DEPARTMENTS);
    for (instant as_of = 0; as_of < DAY(70); as_of += DAY(7)) {
        struct sequence one_by_one = {0}, at_once = {0};
        buf_init(&one_by_one.text, 1 << 20);
        buf_init(&at_once.text, 1 << 20);
        for (int i = 0; i < n; i++) {
            struct roster_query q = {all[i].id, "humility", as_of, true};
            one_by_one.department = all[i].code;
            assert_int_equal(roster_each(f->conn, &q, write_chair_row, &one_by_one, NULL, &e), 0);
        }
        assert_int_equal(coe_roster_each(f->conn, "humility", as_of, write_coe_row, &at_once, &e),
                         0);
        assert_int_equal(at_once.text.length, one_by_one.text.length);
        assert_memory_equal(at_once.text.data ? at_once.text.data : "",
                            one_by_one.text.data ? one_by_one.text.data : "", at_once.text.length);
        buf_free(&one_by_one.text);
        buf_free(&at_once.text);
    }
}

struct search {
    const struct roster_row *row;
    int found;
};

static int same_row(const struct roster_row *row, void *arg)
{
    struct search *s = arg;
    if (text_equal(row->name, s->row->name)) { /* names are unique here */
        s->found++;
        assert_int_equal(row->status, s->row->status);
        assert_int_equal(row->done_at, s->row->done_at);
    }
    return 0;
}

static void the_row_shown_to_a_person_is_the_one_each_chair_sees(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct department in[PERSON_MAX_DEPARTMENTS];
    write_all(f, fill_at_random);
    for (int64_t person = 1; person <= PEOPLE; person++) {
        struct roster_row row;
        struct coe_row coe;
        int n =
            person_departments(f->conn, person, DAY(40), f->arena, in, PERSON_MAX_DEPARTMENTS, &e);
        int has = roster_row_of(f->conn, NULL, person, "humility", DAY(40), f->arena, &row, &e);
        assert_int_equal(has, n > 0);
        struct search s = {.row = &row};
        for (int i = 0; i < n; i++) {
            struct roster_query q = {in[i].id, "humility", DAY(40), false};
            s.found = 0;
            assert_int_equal(roster_each(f->conn, &q, same_row, &s, NULL, &e), 0);
            assert_int_equal(s.found, 1);
        }
        int counted = coe_row_of(f->conn, NULL, person, "humility", DAY(40), f->arena, &coe, &e);
        assert_true(counted == 0 || counted == 1);
        if (counted == 1) {
            assert_int_equal(has, 1);
            assert_string_equal(coe.department_code, in[0].code);
            assert_int_equal(coe.row.status, row.status);
        }
    }
}

static int stop_at_three(const struct roster_row *row, void *arg)
{
    (void)row;
    int *n = arg;
    return ++*n == 3;
}

static void a_roster_can_be_stopped(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct roster_query q = {1, "humility", DAY(70), false};
    int n = 0;
    write_all(f, fill_at_random);
    assert_int_equal(roster_each(f->conn, &q, stop_at_three, &n, NULL, &e), 0);
    assert_int_equal(n, 3);
}

static void plan_row(void *arg, const char *line)
{
    (void)arg;
    assert_null(strstr(line, "SCAN a"));
    assert_null(strstr(line, "SCAN p"));
    assert_null(strstr(line, "SCAN s"));
    assert_null(strstr(line, "SCAN w"));
}

static void the_plan_looks_at_one_department_only(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    write_all(f, fill_at_random);
    assert_int_equal(db_explain(f->conn, &sql_roster_rows, plan_row, NULL, &e), 0);
    assert_int_equal(db_explain(f->conn, &sql_roster_departments_of, plan_row, NULL, &e), 0);
}

/* ---- the directory ---- */

static void people_are_found_by_any_words_of_their_name(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct directory_person *found;
    bool more;
    write_all(f, fill_one_department);
    assert_int_equal(directory_search(f->conn, "Adams", 1, DAY(9), f->arena, &found, &more, &e), 2);
    assert_false(more);
    assert_string_equal(found[0].name, "Sam Adams");
    assert_string_equal(found[0].department, "Medicine");
    assert_int_equal(
        directory_search(f->conn, " zoe adams ", 1, DAY(9), f->arena, &found, &more, &e), 1);
    assert_int_equal(
        directory_search(f->conn, "adams, zoe", 1, DAY(9), f->arena, &found, &more, &e), 1);
    assert_int_equal(directory_search(f->conn, "", 1, DAY(9), f->arena, &found, &more, &e), 6);
    /* wildcards are letters like any other */
    assert_int_equal(directory_search(f->conn, "%", 1, DAY(9), f->arena, &found, &more, &e), 0);
    assert_int_equal(directory_search(f->conn, "a_a", 1, DAY(9), f->arena, &found, &more, &e), 0);
    assert_int_equal(directory_search(f->conn, "\\", 1, DAY(9), f->arena, &found, &more, &e), 0);
    char longest[DIRECTORY_QUERY + 2];
    memset(longest, '%', sizeof longest);
    longest[DIRECTORY_QUERY] = 0;
    assert_int_equal(directory_search(f->conn, longest, 1, DAY(9), f->arena, &found, &more, &e), 0);
    char arabic[2 * DIRECTORY_QUERY + 3];
    for (size_t i = 0; i <= DIRECTORY_QUERY; i++)
        memcpy(arabic + 2 * i, "\xD8\xB9", 3);
    assert_int_equal(directory_search(f->conn, arabic + 2, 1, DAY(9), f->arena, &found, &more, &e),
                     0);
    assert_int_equal(directory_search(f->conn, arabic, 1, DAY(9), f->arena, &found, &more, &e), -1);
    longest[DIRECTORY_QUERY] = '%';
    longest[DIRECTORY_QUERY + 1] = 0;
    assert_int_equal(directory_search(f->conn, longest, 1, DAY(9), f->arena, &found, &more, &e),
                     -1);
    assert_int_equal(e.kind, ERROR_INVALID);
}

static void a_search_is_given_in_pages(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct directory_person *found;
    bool more;
    write_all(f, fill_at_random);
    int seen = 0, page = 1, n;
    do {
        n = directory_search(f->conn, "family", page++, 0, f->arena, &found, &more, &e);
        assert_in_range(n, 1, DIRECTORY_PAGE);
        seen += n;
    } while (more);
    assert_int_equal(seen, PEOPLE);
}

#define WITH_DATABASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DATABASE(the_roster_has_four_statuses_in_order_of_family_names),
        WITH_DATABASE(as_of_goes_back_to_what_had_been_earned_and_who_was_there),
        WITH_DATABASE(the_primary_appointment_decides_where_somebody_counts),
        WITH_DATABASE(the_counts_are_the_counts_of_the_roster),
        WITH_DATABASE(everybody_is_the_rosters_of_all_departments_one_after_another),
        WITH_DATABASE(the_row_shown_to_a_person_is_the_one_each_chair_sees),
        WITH_DATABASE(a_roster_can_be_stopped),
        WITH_DATABASE(the_plan_looks_at_one_department_only),
        WITH_DATABASE(people_are_found_by_any_words_of_their_name),
        WITH_DATABASE(a_search_is_given_in_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
