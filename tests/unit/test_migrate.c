/* A database of an earlier schema is brought up to date when it is opened, and loses nothing. */
#include "learning/ledger.h"
#include "support.h"

#define APPLICATION_ID 0x55534f59 /* as in src/db/internal.h */

static char *folder;
static const char *path;

static const char *shell(const char *sql)
{
    return sqlite_shell(path, sql);
}

/* The schema and the rows that version 1 left. */
static int make_version_1(void **state)
{
    (void)state;
    folder = temp_folder();
    path = temp_path(folder, "understory.db");
    char pragmas[128];
    snprintf(pragmas, sizeof pragmas, "PRAGMA application_id=%d; PRAGMA user_version=1",
             APPLICATION_ID);
    shell(".read " SOURCE_DIR "/src/db/migrations/001.sqlite.sql");
    shell(".read " SOURCE_DIR "/tests/data/schema-1.sql");
    shell(pragmas);
    return 0;
}

static int drop(void **state)
{
    (void)state;
    remove_folder(folder);
    return 0;
}

static struct db *open_it(void)
{
    struct error e = {0};
    struct db *db = db_open(&(struct db_options){.path = path, .readers = 1}, &e);
    if (!db)
        fail_msg("%s", e.message);
    return db;
}

static int verify(struct db *db, int64_t *ledger, int64_t *audit, struct error *e)
{
    struct conn *c = db_read_begin(db, e);
    assert_non_null(c);
    int result = ledger_verify(c, ledger, e) || audit_verify(c, audit, e) ? -1 : 0;
    db_read_end(db, c);
    return result;
}

static const char all_rows[] = "SELECT seq, at, actor, action, subject, detail, hex(previous), "
                               "hex(hash) FROM audit ORDER BY seq";

static void version_1_comes_over_whole_and_its_chains_hold(void **state)
{
    (void)state;
    struct error e = {0};
    int64_t ledger, audit;
    char *before = strdup(shell(all_rows));
    assert_true(strlen(before) > 500);
    struct db *db = open_it();
    if (verify(db, &ledger, &audit, &e) || db_check(db, &e))
        fail_msg("%s", e.message);
    assert_int_equal(ledger, 16);
    assert_int_equal(audit, 5);
    db_close(db);
    assert_string_equal(shell(all_rows), before);
    assert_int_equal(atoi(shell("PRAGMA user_version")), db_schema_version());
    assert_string_equal(shell("SELECT name, tbl_name FROM sqlite_schema WHERE name LIKE 'audit%'"),
                        "audit|audit\naudit_subject|audit\n");
    db_close(open_it()); /* and opens again */
    assert_string_equal(shell(all_rows), before);
    free(before);
}

static int append(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    return audit_append(c, AUDIT_COMMAND_LINE, "person.grant", "some-uuid", "role=evaluator",
                        1795629918900000, e) ||
                   audit_append(c, 8, "person.view", "some-uuid", "", 1795629918900001, e)
               ? -1
               : 0;
}

static void the_command_line_is_an_actor_of_the_same_chain(void **state)
{
    (void)state;
    static const char *const harm[] = {
        "UPDATE audit SET actor = 8 WHERE seq = 6",
        "UPDATE audit SET actor = 0 WHERE seq = 6", /* no person either, but not NULL */
        "UPDATE audit SET actor = NULL WHERE seq = 7",
        "UPDATE audit SET actor = NULL WHERE seq = 2",
    };
    struct error e = {0};
    int64_t ledger, audit;
    struct db *db = open_it();
    assert_int_equal(db_write(db, append, NULL, &e), 0);
    assert_int_equal(verify(db, &ledger, &audit, &e), 0);
    assert_int_equal(audit, 7);
    db_close(db);
    assert_string_equal(shell("SELECT actor IS NULL FROM audit WHERE seq > 4"), "0\n1\n0\n");
    char *kept = strdup(path), command[600];
    for (size_t i = 0; i < sizeof harm / sizeof *harm; i++) {
        path = temp_path(folder, "altered.db");
        snprintf(command, sizeof command, "cp %s %s", kept, path);
        assert_int_equal(system(command), 0);
        shell(harm[i]);
        db = open_it();
        e = (struct error){0};
        assert_int_equal(verify(db, &ledger, &audit, &e), -1);
        if (!strstr(e.message, "was altered") || !strstr(e.message, harm[i] + strlen(harm[i]) - 1))
            fail_msg("%s: %s", harm[i], e.message);
        db_close(db);
    }
    free(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(version_1_comes_over_whole_and_its_chains_hold,
                                        make_version_1, drop),
        cmocka_unit_test_setup_teardown(the_command_line_is_an_actor_of_the_same_chain,
                                        make_version_1, drop),
    };
    return cmocka_run_group_tests_name("migrations", tests, NULL, NULL);
}
