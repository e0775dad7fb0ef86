/* The database room: what "committed" means, who may write, how parameters are numbered. */
#include "db/db.h"
#include "support.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct sql make = {
    "make", "test", "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT UNIQUE) STRICT", NULL};
static const struct sql insert = {"insert", "test", "INSERT INTO t (v) VALUES ($1)", NULL};
static const struct sql delete = {"delete", "test", "DELETE FROM t WHERE v = $1", NULL};
static const struct sql count = {"count", "test", "SELECT COUNT(*) FROM t", "test"};
static const struct sql swapped = {"swapped", "test", "SELECT $2, $1, $2", NULL};
static const struct sql gap = {"gap", "test", "SELECT $1, $3", NULL};
static const struct sql unnamed = {"unnamed", "test", "SELECT ?, $1", NULL};
static const struct sql two = {"two", "test", "SELECT 1; SELECT 2", NULL};

static struct db *db;
static char *folder;

static int run_make(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    return db_exec(c, &make, e, "") < 0 ? -1 : 0;
}

static int run_insert(struct conn *c, void *arg, struct error *e)
{
    return db_exec(c, &insert, e, "t", (const char *)arg) < 0 ? -1 : 0;
}

static int64_t rows(void)
{
    struct error e = {0};
    struct conn *c = db_read_begin(db, &e);
    assert_non_null(c);
    int64_t n = -1;
    assert_int_equal(db_query_int(c, &count, &n, &e, ""), 1);
    db_read_end(db, c);
    return n;
}

static int setup(void **state)
{
    (void)state;
    folder = temp_folder();
    struct error e = {0};
    struct db_options o = {.path = temp_path(folder, "db"), .readers = 2};
    db = db_open(&o, &e);
    if (!db)
        fail_msg("%s", e.message);
    return db_write(db, run_make, NULL, &e);
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    remove_folder(folder);
    return 0;
}

static void a_write_is_seen_by_the_next_reader(void **state)
{
    (void)state;
    struct error e = {0};
    assert_int_equal(db_write(db, run_insert, (void *)(uintptr_t) "a", &e), 0);
    assert_int_equal(rows(), 1);
}

static void a_closure_that_fails_leaves_nothing_and_says_why(void **state)
{
    (void)state;
    struct error e = {0};
    assert_int_equal(db_write(db, run_insert, (void *)(uintptr_t) "a", &e), 0);
    assert_int_equal(db_write(db, run_insert, (void *)(uintptr_t) "a", &e), -1);
    assert_true(db_is_unique_violation(&e));
    assert_int_equal(rows(), 1);
}

static int insert_then_fail(struct conn *c, void *arg, struct error *e)
{
    if (run_insert(c, arg, e))
        return -1;
    return error_set(e, ERROR_INVALID, "no");
}

struct many {
    int from;
    atomic_int *good, *bad;
};

static void *write_many(void *arg)
{
    struct many *m = arg;
    for (int i = 0; i < 100; i++) {
        char v[32];
        struct error e = {0};
        snprintf(v, sizeof v, "%d-%d", m->from, i);
        db_write_fn fn = i % 3 == 0 ? insert_then_fail : run_insert;
        if (db_write(db, fn, v, &e) == 0)
            atomic_fetch_add(m->good, 1);
        else
            atomic_fetch_add(m->bad, 1);
    }
    return NULL;
}

static void closures_of_one_batch_do_not_disturb_each_other(void **state)
{
    (void)state;
    pthread_t threads[8];
    struct many m[8];
    atomic_int good = 0, bad = 0;
    for (int i = 0; i < 8; i++) {
        m[i] = (struct many){i, &good, &bad};
        assert_int_equal(pthread_create(&threads[i], NULL, write_many, &m[i]), 0);
    }
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(good, 8 * 66);
    assert_int_equal(bad, 8 * 34);
    assert_int_equal(rows(), 8 * 66);
}

static atomic_int closures_run;

static int refuse_or_insert(struct conn *c, void *arg, struct error *e)
{
    const char *value = arg;
    atomic_fetch_add(&closures_run, 1);
    return value ? run_insert(c, arg, e) : error_set(e, ERROR_CONFLICT, "no");
}

static void *write_or_be_refused(void *arg)
{
    for (int i = 0; i < 100; i++) {
        char v[32];
        struct error e = {0};
        snprintf(v, sizeof v, "%d-%d", *(int *)arg, i);
        int result = db_write(db, refuse_or_insert, i % 2 ? v : NULL, &e);
        if (result != (i % 2 ? 0 : -1))
            return arg;
    }
    return NULL;
}

/* Who is refused before writing anything costs the others of its transaction nothing. */
static void a_refusal_runs_nobody_twice(void **state)
{
    (void)state;
    pthread_t threads[8];
    int numbers[8];
    atomic_store(&closures_run, 0);
    for (int i = 0; i < 8; i++) {
        numbers[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, write_or_be_refused, &numbers[i]), 0);
    }
    for (int i = 0; i < 8; i++) {
        void *wrong;
        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
    assert_int_equal(atomic_load(&closures_run), 800);
    assert_int_equal(rows(), 400);
}

static int look_at_undone(struct conn *c, void *arg, struct error *e)
{
    (void)e;
    *(uint64_t *)arg = db_undone(c);
    return 0;
}

static uint64_t undone(void)
{
    struct error e = {0};
    uint64_t n = 0;
    assert_int_equal(db_write(db, look_at_undone, &n, &e), 0);
    return n;
}

static void what_is_taken_back_is_counted(void **state)
{
    (void)state;
    struct error e = {0};
    uint64_t before = undone();
    assert_int_equal(db_write(db, run_insert, (void *)(uintptr_t) "a", &e), 0);
    assert_int_equal(undone(), before);
    assert_int_equal(db_write(db, insert_then_fail, (void *)(uintptr_t) "b", &e), -1);
    assert_int_not_equal(undone(), before);
    pthread_t threads[8]; /* closures that share a transaction */
    struct many m[8];
    atomic_int good = 0, bad = 0;
    before = undone();
    for (int i = 0; i < 8; i++) {
        m[i] = (struct many){i, &good, &bad};
        assert_int_equal(pthread_create(&threads[i], NULL, write_many, &m[i]), 0);
    }
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    assert_true(undone() - before >= 8 * 34);
}

/* Right behind a write that somebody waited for it goes with the next one; without one, by itself.
 */
static void what_nobody_waits_for_is_written_soon(void **state)
{
    (void)state;
    for (int round = 1; round <= 20; round++) {
        struct error e = {0};
        char waited[24], later[24];
        snprintf(waited, sizeof waited, "waited-%d", round);
        snprintf(later, sizeof later, "later-%d", round);
        assert_int_equal(db_write(db, run_insert, waited, &e), 0);
        db_write_later(db, run_insert, later, sizeof later);
        if (round % 2) {
            snprintf(waited, sizeof waited, "next-%d", round);
            assert_int_equal(db_write(db, run_insert, waited, &e), 0);
            assert_int_equal(rows(), round * 2 + (round + 1) / 2); /* in the order they came */
            continue;
        }
        for (int i = 0; i < 2000 && rows() < round * 2 + round / 2; i++)
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        assert_int_equal(rows(), round * 2 + round / 2);
    }
}

static void queued_writes_are_kept_by_the_time_of_closing(void **state)
{
    (void)state;
    char v[16] = "later";
    db_write_later(db, run_insert, v, sizeof v);
    db_close(db);
    struct error e = {0};
    struct db_options o = {.path = temp_path(folder, "db"), .readers = 2};
    db = db_open(&o, &e);
    assert_non_null(db);
    assert_int_equal(rows(), 1);
}

static void readers_cannot_write(void **state)
{
    (void)state;
    struct error e = {0};
    struct conn *c = db_read_begin(db, &e);
    assert_int_equal(db_exec(c, &insert, &e, "t", "x"), -1);
    db_read_end(db, c);
    assert_int_equal(rows(), 0);
}

static void a_reader_sees_one_moment(void **state)
{
    (void)state;
    struct error e = {0};
    struct conn *c = db_read_begin(db, &e);
    int64_t before = -1, after = -1;
    db_query_int(c, &count, &before, &e, "");
    assert_int_equal(db_write(db, run_insert, (void *)(uintptr_t) "b", &e), 0);
    db_query_int(c, &count, &after, &e, "");
    db_read_end(db, c);
    assert_int_equal(before, after);
    assert_int_equal(rows(), before + 1);
}

static void when_all_readers_are_lent_the_next_is_told_to_wait(void **state)
{
    (void)state;
    struct error e = {0};
    struct conn *one = db_read_begin(db, &e), *two_ = db_read_begin(db, &e);
    assert_null(db_read_begin(db, &e));
    assert_int_equal(e.kind, ERROR_BUSY);
    db_read_end(db, one);
    db_read_end(db, two_);
}

static void parameters_are_bound_by_their_number(void **state)
{
    (void)state;
    struct error e = {0};
    struct conn *c = db_read_begin(db, &e);
    struct stmt *st = db_query(c, &swapped, &e, "it", (int64_t)7, "seven");
    assert_int_equal(db_step(st, &e), 1);
    assert_string_equal(db_text(st, 0), "seven");
    assert_int_equal(db_int(st, 1), 7);
    assert_string_equal(db_text(st, 2), "seven");
    db_done(st);
    assert_null(db_query(c, &swapped, &e, "i", (int64_t)7));
    assert_null(db_query(c, &gap, &e, "ii", (int64_t)1, (int64_t)3));
    assert_null(db_query(c, &unnamed, &e, "ii", (int64_t)1, (int64_t)3));
    assert_null(db_query(c, &two, &e, ""));
    db_read_end(db, c);
}

static void a_backup_opens_and_holds_the_same(void **state)
{
    (void)state;
    struct error e = {0};
    assert_int_equal(db_write(db, run_insert, (void *)(uintptr_t) "kept", &e), 0);
    const char *copy = temp_path(folder, "copy");
    assert_int_equal(db_backup(db, copy, &e), 0);
    assert_int_equal(db_backup(db, copy, &e), -1);
    db_close(db);
    struct db_options o = {.path = copy, .readers = 1};
    db = db_open(&o, &e);
    assert_non_null(db);
    assert_int_equal(db_check(db, &e), 0);
    assert_int_equal(rows(), 1);
}

/* Is the text anywhere in the file or its log? */
static bool lingers(const char *text)
{
    bool found = false;
    for (int i = 0; i < 2; i++) {
        FILE *f = fopen(temp_path(folder, i ? "db-wal" : "db"), "rb");
        char *bytes = malloc(1 << 22);
        size_t n = f ? fread(bytes, 1, 1 << 22, f) : 0;
        assert_true(n < 1 << 22);
        found = found || memmem(bytes, n, text, strlen(text));
        free(bytes);
        if (f)
            fclose(f);
    }
    return found;
}

static bool is_gone_within(const char *text, int tenths)
{
    for (; lingers(text) && tenths > 0; tenths--)
        usleep(100000);
    return !lingers(text);
}

static int run_delete(struct conn *c, void *arg, struct error *e)
{
    return db_exec(c, &delete, e, "t", (const char *)arg) == 1 ? 0 : -1;
}

static void what_was_deleted_is_gone_from_file_and_log(void **state)
{
    (void)state;
    struct error e = {0};
    static char text[] = "a text that must not linger";
    for (int round = 0; round < 3; round++) {
        assert_int_equal(db_write(db, run_insert, text, &e), 0);
        assert_int_equal(db_write(db, run_insert, (void *)(uintptr_t) "stays", &e), 0);
        assert_true(lingers(text));
        assert_int_equal(db_write(db, run_delete, text, &e), 0);
        assert_true(lingers(text)); /* or this test could not fail */
        db_forget(db);
        assert_true(is_gone_within(text, 50));
        assert_int_equal(db_write(db, run_delete, (void *)(uintptr_t) "stays", &e), 0);
    }
}

static void a_reader_in_the_way_delays_forgetting_and_no_write(void **state)
{
    (void)state;
    struct error e = {0};
    static char text[] = "a text that must not linger";
    assert_int_equal(db_write(db, run_insert, text, &e), 0);
    struct conn *c = db_read_begin(db, &e);
    int64_t n;
    assert_int_equal(db_query_int(c, &count, &n, &e, ""), 1); /* holds its snapshot */
    assert_int_equal(db_write(db, run_delete, text, &e), 0);
    db_forget(db);
    assert_false(is_gone_within(text, 5));
    int64_t before = clock_monotonic_us();
    assert_int_equal(db_write(db, run_insert, (void *)(uintptr_t) "a", &e), 0);
    assert_true(clock_monotonic_us() - before < 1000000);
    db_read_end(db, c);
    assert_true(is_gone_within(text, 50));
}

static void another_programs_database_is_refused(void **state)
{
    (void)state;
    char command[512];
    const char *path = temp_path(folder, "foreign");
    snprintf(command, sizeof command, "sqlite3 %s 'create table x(y)'", path);
    assert_int_equal(system(command), 0);
    struct error e = {0};
    struct db_options o = {.path = path, .readers = 1};
    assert_null(db_open(&o, &e));
    assert_int_equal(e.kind, ERROR_INVALID);
}

/* ---- the disk gives an error once ---- */

/* ---- migrations: brings the database back to an earlier state and opens it again ---- */

static int run_all(struct conn *c, void *arg, struct error *e)
{
    for (const struct sql *sql = arg; sql->text; sql++)
        if (db_exec(c, sql, e, "") < 0)
            return -1;
    return 0;
}

static struct db *reopen_after(const struct sql *statements, struct error *e)
{
    struct db_options o = {.path = temp_path(folder, "earlier"), .readers = 1};
    struct db *earlier = db_open(&o, e);
    if (!earlier || db_write(earlier, run_all, (void *)(uintptr_t)statements, e))
        fail_msg("%s", e->message);
    db_close(earlier);
    return db_open(&o, e);
}

static int64_t number_in(struct db *d, const struct sql *sql)
{
    struct error e = {0};
    struct conn *c = db_read_begin(d, &e);
    int64_t n = -1;
    assert_non_null(c);
    assert_int_equal(db_query_int(c, sql, &n, &e, ""), 1);
    db_read_end(d, c);
    return n;
}

static void a_migration_with_a_lower_number_is_applied_when_it_arrives(void **state)
{
    (void)state;
    static const struct sql without_8[] = {
        {"1", "test", "DELETE FROM schema_migration WHERE number = 8", NULL},
        {"2", "test", "DROP TABLE challenge", NULL},
        {"3", "test", "DROP TABLE challenge_answer", NULL},
        {"4", "test", "DROP TABLE alternative", NULL},
        {"5", "test", "DROP TABLE alternative_answer", NULL},
        {0}};
    static const struct sql there = {"6", "test", "SELECT COUNT(*) FROM alternative", "test"};
    static const struct sql all = {"7", "test", "SELECT COUNT(*) FROM schema_migration", "test"};
    struct error e = {0};
    struct db *d = reopen_after(without_8, &e);
    if (!d)
        fail_msg("%s", e.message);
    assert_int_equal(number_in(d, &there), 0);
    assert_int_equal(number_in(d, &all), db_schema_version());
    db_close(d);
}

static void a_newer_programs_database_is_refused(void **state)
{
    (void)state;
    static const struct sql newer[] = {
        {"1", "test", "INSERT INTO schema_migration VALUES (999, 0)", NULL}, {0}};
    struct error e = {0};
    assert_null(reopen_after(newer, &e));
    assert_non_null(strstr(e.message, "newer"));
}

static atomic_bool gate_open;

static int hold_the_writer(struct conn *c, void *arg, struct error *e)
{
    (void)c, (void)arg, (void)e;
    while (!atomic_load(&gate_open))
        usleep(1000);
    return 0;
}

static void limit_files_to(rlim_t bytes)
{
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* The first time it is run the commit after it fails; the second time all would be well. */
static int insert_on_a_disk_that_fails_once(struct conn *c, void *arg, struct error *e)
{
    static int runs;
    struct stat wal;
    assert_int_equal(stat(temp_path(folder, "db-wal"), &wal), 0);
    limit_files_to(runs++ == 0 ? (rlim_t)wal.st_size : RLIM_INFINITY);
    return run_insert(c, arg, e);
}

struct one_write {
    db_write_fn fn;
    const char *value;
    int result;
    struct error e;
};

static void *write_one(void *arg)
{
    struct one_write *w = arg;
    w->result = db_write(db, w->fn, (void *)(uintptr_t)w->value, &w->e);
    return NULL;
}

static void after_an_io_error_nobody_is_told_it_was_saved(void **state)
{
    (void)state;
    struct one_write w[3] = {{hold_the_writer, NULL, 0, {0}},
                             {insert_on_a_disk_that_fails_once, "a", 0, {0}},
                             {run_insert, "b", 0, {0}}};
    pthread_t threads[3];
    signal(SIGXFSZ, SIG_IGN);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, write_one, &w[i]), 0);
        usleep(50000);
    }
    atomic_store(&gate_open, true);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    limit_files_to(RLIM_INFINITY);
    assert_int_equal(w[0].result, 0);
    for (int i = 1; i < 3; i++) {
        assert_int_equal(w[i].result, -1);
        assert_int_equal(w[i].e.kind, ERROR_IO);
    }
    assert_true(db_failed(db));
    struct error e = {0};
    assert_int_equal(db_write(db, run_insert, (void *)(uintptr_t) "c", &e), -1);
    assert_int_equal(e.kind, ERROR_IO);
    assert_int_equal(rows(), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_write_is_seen_by_the_next_reader),
        TEST(a_closure_that_fails_leaves_nothing_and_says_why),
        TEST(closures_of_one_batch_do_not_disturb_each_other),
        TEST(a_refusal_runs_nobody_twice),
        TEST(what_is_taken_back_is_counted),
        TEST(what_nobody_waits_for_is_written_soon),
        TEST(queued_writes_are_kept_by_the_time_of_closing),
        TEST(readers_cannot_write),
        TEST(a_reader_sees_one_moment),
        TEST(when_all_readers_are_lent_the_next_is_told_to_wait),
        TEST(parameters_are_bound_by_their_number),
        TEST(a_backup_opens_and_holds_the_same),
        TEST(what_was_deleted_is_gone_from_file_and_log),
        TEST(a_reader_in_the_way_delays_forgetting_and_no_write),
        TEST(another_programs_database_is_refused),
        TEST(a_migration_with_a_lower_number_is_applied_when_it_arrives),
        TEST(a_newer_programs_database_is_refused),
        TEST(after_an_io_error_nobody_is_told_it_was_saved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
