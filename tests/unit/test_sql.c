/*
 * Every named statement of every room: it prepares against the schema, its parameters are $1 … $n
 * without a gap (db refuses others), and it reads no table from end to end unless "-- scan:" above
 * it says why that is right.
 */
#include "base/text.h"
#include "course/sql.h"
#include "http/sql.h"
#include "learning/sql.h"
#include "report/sql.h"
#include "support.h"

static const struct room {
    const char *name;
    const struct sql *const *statements;
} rooms[] = {
    {"course", sql_all_course},
    {"http", sql_all_http},
    {"learning", sql_all_learning},
    {"report", sql_all_report},
};

#define NAMES_MAX 16

/* What a plan says: tables it scans, and names it made itself (subqueries, common tables). */
struct plan {
    char scanned[NAMES_MAX][64], made[NAMES_MAX][64];
    int scanned_count, made_count;
};

static void first_word(const char *s, char out[64])
{
    size_t n = strcspn(s, " ");
    snprintf(out, 64, "%.*s", (int)n, s);
}

static void take_line(void *arg, const char *line)
{
    struct plan *p = arg;
    if (text_starts(line, "SCAN ") && p->scanned_count < NAMES_MAX)
        first_word(line + 5, p->scanned[p->scanned_count++]);
    else if (text_starts(line, "MATERIALIZE ") && p->made_count < NAMES_MAX)
        first_word(line + 12, p->made[p->made_count++]);
    else if (text_starts(line, "CO-ROUTINE ") && p->made_count < NAMES_MAX)
        first_word(line + 11, p->made[p->made_count++]);
}

static bool is_table(const struct plan *p, const char *name)
{
    if (strcmp(name, "CONSTANT") == 0 || name[0] == '(')
        return false;
    for (int i = 0; i < p->made_count; i++)
        if (strcmp(p->made[i], name) == 0)
            return false;
    return true;
}

static int unexplained(struct conn *c, const char *room, const struct sql *sql)
{
    struct error e = {0};
    struct plan p = {0};
    int count = 0;
    if (db_explain(c, sql, take_line, &p, &e)) {
        print_error("%s/%s: %s: %s\n", room, sql->file, sql->name, e.message);
        return 1;
    }
    for (int i = 0; i < p.scanned_count; i++) {
        if (sql->scan || !is_table(&p, p.scanned[i]))
            continue;
        print_error("%s/%s: %s reads all of %s; give it an index, or say why with \"-- scan: …\"\n",
                    room, sql->file, sql->name, p.scanned[i]);
        count++;
    }
    return count;
}

/* The one table that is not in the schema. */
static int make_bench_table(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    return db_exec(c, &sql_bench_table, e, "") < 0 ? -1 : 0;
}

static struct db *open_database(const char *folder)
{
    struct error e = {0};
    struct db_options options = {.path = temp_path(folder, "test.db"), .readers = 1};
    struct db *db = db_open(&options, &e);
    if (!db || db_write(db, make_bench_table, NULL, &e))
        fail_msg("%s", e.message);
    return db;
}

static void test_no_statement_scans_without_a_reason(void **state)
{
    (void)state;
    struct error e = {0};
    char *folder = temp_folder();
    struct db *db = open_database(folder);
    struct conn *c = db_read_begin(db, &e);
    int bad = 0, seen = 0;
    assert_non_null(c);
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++)
        for (const struct sql *const *s = rooms[i].statements; *s; s++, seen++)
            bad += unexplained(c, rooms[i].name, *s);
    db_read_end(db, c);
    db_close(db);
    remove_folder(folder);
    assert_true(seen > 50);
    assert_int_equal(bad, 0);
}

/* The check above can fail: it finds a scan in a statement that has one. */
static void test_a_scan_is_found(void **state)
{
    (void)state;
    static const struct sql scanning = {"scanning", "test",
                                        "SELECT name FROM person WHERE setting = $1", NULL};
    struct error e = {0};
    char *folder = temp_folder();
    struct db *db = open_database(folder);
    struct conn *c = db_read_begin(db, &e);
    struct plan p = {0};
    assert_int_equal(db_explain(c, &scanning, take_line, &p, &e), 0);
    assert_int_equal(p.scanned_count, 1);
    assert_true(is_table(&p, p.scanned[0]));
    db_read_end(db, c);
    db_close(db);
    remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_statement_scans_without_a_reason),
        cmocka_unit_test(test_a_scan_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
