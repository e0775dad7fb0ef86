/*
 * The log over tens of thousands of certificates: published in stages, served, started again, and
 * proved; then each kind of stored row is altered from outside, and the proof names it. The rows of
 * certificates are put in by SQL, since only their number and hash count here.
 */
#include "base/text.h"
#include "learning/tlog.h"
#include "support.h"
#include <sys/stat.h>
#include <unistd.h>

#define ORIGIN "https://train.example.edu"
#define NAME   "train.example.edu/log"

static char *folder;
static const char *path, *keys;
static struct arena *arena;

static const char *shell(const char *sql)
{
    return sqlite_shell(path, sql);
}

static int make(void **state)
{
    (void)state;
    arena = arena_create();
    folder = temp_folder();
    path = arena_printf(arena, "%s/understory.db", folder);
    keys = arena_printf(arena, "%s/keys", folder);
    return 0;
}

static int drop(void **state)
{
    (void)state;
    arena_free(arena);
    remove_folder(folder);
    return 0;
}

/* ---- the database between two visits from outside ---- */

static struct db *db;
static struct tlog *tlog;

static void open_as(const char *origin)
{
    struct error e = {0};
    db = db_open(&(struct db_options){.path = path, .readers = 2}, &e);
    if (!db)
        fail_msg("%s", e.message);
    tlog = tlog_open(keys, db, origin, true, &e);
    if (!tlog)
        fail_msg("%s", e.message);
}

static void open_log(void)
{
    open_as(ORIGIN);
}

static void close_log(void)
{
    db_close(db);
    tlog_free(tlog);
}

/* Certificates up to number `last`: certificate N has the hash "000…N" in 32 digits. */
static void issue_up_to(int last)
{
    shell(arena_printf(
        arena,
        "PRAGMA foreign_keys = OFF; WITH RECURSIVE n (i) AS (SELECT (SELECT COUNT(*) FROM "
        "certificate) + 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO certificate (id, "
        "uuid, token, person, enrolment, publication, by_assessment, key_id, status_list, "
        "status_index, earned_at, issued_at, bytes, sha256) SELECT i, 'uuid-' || i, 'token-' || i, "
        "1, i, 1, 0, 'key', 1, i, 0, 0, '{}', CAST(printf('%%032d', i) AS BLOB) FROM n WHERE i <= "
        "%d",
        last, last));
}

static void sha_of(int number, uint8_t out[HASH_BYTES])
{
    char text[33];
    snprintf(text, sizeof text, "%032d", number);
    memcpy(out, text, HASH_BYTES);
}

static int publish(struct error *e)
{
    int more, pieces = 0;
    while ((more = tlog_publish_piece(tlog, db, 1000, e)) == 1)
        pieces++;
    return more < 0 ? -1 : pieces;
}

static struct tlog_checkpoint publish_to(int size)
{
    struct error e = {0};
    struct tlog_checkpoint last;
    close_log();
    issue_up_to(size);
    open_log();
    int pieces = publish(&e);
    if (pieces < 0)
        fail_msg("%s", e.message);
    assert_true(tlog_latest(tlog, arena, &last));
    assert_int_equal(last.size, size);
    assert_int_equal(publish(&e), 0); /* nothing new */
    return last;
}

static int verify(const char *kept, struct tlog_proof *out, struct error *e)
{
    struct conn *c = db_read_begin(db, e);
    assert_non_null(c);
    int result = tlog_verify(c, tlog, kept, out, e);
    db_read_end(db, c);
    return result;
}

static struct merkle_hash root_of(int size)
{
    struct merkle_edge edge = {0};
    for (int i = 1; i <= size; i++) {
        uint8_t sha[HASH_BYTES];
        sha_of(i, sha);
        struct merkle_hash leaf = merkle_leaf(sha);
        merkle_edge_append(&edge, &leaf, NULL, NULL);
    }
    return merkle_edge_root(&edge);
}

/* ---- growing ---- */

#define STAGES 6
static const int stages[STAGES] = {1, 3, 255, 600, 66000, 66001};
static const char *notes[STAGES];

static void it_grows_in_stages_and_signs_each(void **state)
{
    (void)state;
    open_log();
    assert_null(tlog_problem(tlog));
    assert_string_equal(tlog_key(tlog)->name, NAME);
    struct tlog_checkpoint none;
    assert_false(tlog_latest(tlog, arena, &none));
    assert_false(tlog_latest(NULL, arena, &none));
    for (int i = 0; i < STAGES; i++) {
        struct error e = {0};
        struct checkpoint says;
        notes[i] = publish_to(stages[i]).note;
        struct merkle_hash root = root_of(stages[i]);
        assert_int_equal(
            checkpoint_open(notes[i], strlen(notes[i]), tlog_key(tlog), arena, &says, &e), 0);
        assert_int_equal(says.size, stages[i]);
        assert_true(merkle_equal(&says.root, &root));
    }
    assert_string_equal(shell("SELECT level, COUNT(*), SUM(length(hashes)) / 32 FROM log_tile "
                              "GROUP BY level ORDER BY level"),
                        "0|258|66001\n1|2|257\n2|1|1\n");
}

static void every_checkpoint_is_served_and_leads_to_every_later_one(void **state)
{
    (void)state;
    struct error e = {0};
    struct checkpoint says[STAGES];
    struct conn *c = db_read_begin(db, &e);
    for (int i = 0; i < STAGES; i++) {
        struct tlog_checkpoint p;
        assert_int_equal(tlog_checkpoint_get(c, stages[i], arena, &p, &e), 0);
        assert_string_equal(p.note, notes[i]);
        assert_int_equal(p.at, 1000);
        checkpoint_read(p.note, strlen(p.note), arena, &says[i], &e);
        for (int j = 0; j <= i; j++) {
            const struct tlog_consistency *found =
                tlog_consistency_get(c, stages[j], stages[i], arena, &e);
            if (!found)
                fail_msg("%s", e.message);
            assert_int_equal(found->checkpoint.size, stages[i]);
            assert_true(merkle_consistency_holds(stages[j], &says[j].root, stages[i], &says[i].root,
                                                 found->proof.hashes, found->proof.count));
        }
    }
    struct tlog_checkpoint p;
    assert_int_equal(tlog_checkpoint_get(c, 2, arena, &p, &e), -1);
    assert_int_equal(e.kind, ERROR_NOT_FOUND);
    assert_null(tlog_consistency_get(c, 2, 3, arena, &e));
    assert_null(tlog_consistency_get(c, 600, 255, arena, &e));
    assert_int_equal(tlog_checkpoint_get(c, 0, arena, &p, &e), 0);
    assert_int_equal(p.size, 66001);
    db_read_end(db, c);
}

static void every_leaf_is_proved_under_every_checkpoint_that_covers_it(void **state)
{
    (void)state;
    static const int leaves[] = {1, 2, 3, 4, 255, 256, 257, 512, 600, 601, 65536, 65537, 66001};
    struct error e = {0};
    struct conn *c = db_read_begin(db, &e);
    for (size_t k = 0; k < sizeof leaves / sizeof leaves[0]; k++) {
        uint8_t sha[HASH_BYTES];
        sha_of(leaves[k], sha);
        for (int i = 0; i < STAGES; i++) {
            const struct tlog_inclusion *in = tlog_inclusion_get(c, sha, stages[i], arena, &e);
            if (leaves[k] > stages[i]) {
                assert_null(in);
                assert_int_equal(e.kind, ERROR_NOT_FOUND);
                continue;
            }
            struct checkpoint says;
            assert_non_null(in);
            assert_int_equal(in->index, leaves[k] - 1);
            const char *text = log_proof_write(arena, in->index, &in->proof, in->checkpoint.note);
            assert_int_equal(
                log_proof_check(text, strlen(text), sha, tlog_key(tlog), arena, &says, &e), 0);
            assert_int_equal(says.size, stages[i]);
        }
    }
    uint8_t unknown[HASH_BYTES] = {7};
    assert_null(tlog_inclusion_get(c, unknown, 0, arena, &e));
    assert_int_equal(e.kind, ERROR_NOT_FOUND);
    db_read_end(db, c);
}

static void what_was_cut_short_is_done_again(void **state)
{
    (void)state;
    struct error e = {0};
    struct tlog_checkpoint last;
    struct tlog_proof out;
    close_log();
    issue_up_to(68000);
    open_log();
    assert_int_equal(tlog_publish_piece(tlog, db, 1000, &e), 1); /* and then the process ends */
    assert_int_equal(tlog_publish_piece(tlog, db, 1000, &e), 1);
    close_log();
    open_log();
    assert_true(tlog_latest(tlog, arena, &last));
    assert_int_equal(last.size, 66001); /* nothing of it is visible */
    assert_int_equal(verify(NULL, &out, &e), 0);
    assert_int_equal(publish(&e), 7);
    assert_int_equal(verify(NULL, &out, &e), 0);
    assert_int_equal(out.size, 68000);
    assert_int_equal(out.checkpoints, STAGES + 1);
}

static void its_name_is_the_sites_until_something_is_published(void **state)
{
    (void)state;
    close_log();
    open_as("https://elsewhere.example.org");
    assert_string_equal(tlog_key(tlog)->name, NAME);
    assert_null(tlog_problem(tlog));
    close_log();
    const char *was_keys = keys, *was_path = path;
    keys = arena_printf(arena, "%s/keys2", folder);
    path = arena_printf(arena, "%s/other.db", folder);
    open_as("https://localhost:8080");
    char *first = strdup(note_vkey(arena, tlog_key(tlog)));
    assert_true(text_starts(first, "localhost:8080/log+"));
    close_log();
    open_as(ORIGIN);
    const char *second = note_vkey(arena, tlog_key(tlog));
    assert_true(text_starts(second, NAME "+"));
    assert_string_equal(strrchr(first, '+'), strrchr(second, '+')); /* the same key */
    free(first);
    close_log();
    keys = was_keys;
    path = was_path;
    open_log();
}

/* ---- a key that is not there ---- */

static void without_its_key_it_serves_and_proves_and_publishes_nothing(void **state)
{
    (void)state;
    struct error e = {0};
    struct tlog_proof out;
    const char *file = arena_printf(arena, "%s/log.key", keys);
    const char *aside = arena_printf(arena, "%s/aside", folder);
    close_log();
    assert_int_equal(rename(file, aside), 0);
    issue_up_to(68001);
    open_log();
    assert_non_null(strstr(tlog_problem(tlog), "is missing"));
    assert_string_equal(tlog_key(tlog)->name, NAME);
    assert_int_equal(tlog_publish_piece(tlog, db, 1000, &e), -1);
    assert_int_equal(e.kind, ERROR_BUSY);
    assert_int_equal(verify(notes[2], &out, &e), 0);
    close_log();

    FILE *f = fopen(file, "w"); /* another key */
    fputs("understory-log-key 1\n" NAME "\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", f);
    fclose(f);
    chmod(file, 0600);
    open_log();
    assert_non_null(strstr(tlog_problem(tlog), "another key"));
    e = (struct error){0};
    assert_int_equal(verify(NULL, &out, &e), -1);
    assert_non_null(strstr(e.message, "another key"));
    close_log();
    chmod(file, 0644);
    open_log();
    assert_non_null(strstr(tlog_problem(tlog), "chmod 600"));
    close_log();
    assert_int_equal(rename(aside, file), 0);
    open_log();
    assert_null(tlog_problem(tlog));
    publish_to(68001);
}

/* Lost for good: a new one takes over, and what the old one signed is still proved with it. */
static void a_lost_key_is_followed_by_another(void **state)
{
    (void)state;
    struct error e = {0};
    struct tlog_proof out;
    const char *file = arena_printf(arena, "%s/log.key", keys);
    char *before = strdup(note_vkey(arena, tlog_key(tlog)));
    assert_int_equal(tlog_begin_anew(tlog, keys, db, 2000, &e), -1); /* it is there */
    assert_int_equal(e.kind, ERROR_CONFLICT);
    close_log();
    assert_int_equal(unlink(file), 0);
    open_log();
    e = (struct error){0};
    assert_int_equal(tlog_key_lost(tlog, &e), 0);
    assert_int_equal(tlog_begin_anew(tlog, keys, db, 2000, &e), 0);
    assert_int_equal(tlog_begin_anew(tlog, keys, db, 2000, &e), -1); /* once */
    e = (struct error){0};
    assert_int_equal(verify(NULL, &out, &e), 0);
    assert_int_equal(tlog_publish_piece(tlog, db, 1000, &e), -1); /* not before the next start */
    publish_to(68002);
    size_t count;
    const struct note_key *known = tlog_keys(tlog, &count);
    assert_int_equal(count, 2);
    assert_string_equal(note_vkey(arena, &known[1]), before);
    assert_string_equal(tlog_key(tlog)->name, NAME);
    e = (struct error){0};
    assert_int_equal(verify(notes[3], &out, &e), 0);
    assert_string_equal(shell("SELECT action, detail FROM audit"),
                        "log-key.new|lost; size=68001\n");
    free(before);
}

/* ---- what somebody altered ---- */

struct tampering {
    const char *sql, *undo, *says;
};

static const struct tampering tamperings[] = {
    {"UPDATE certificate SET sha256 = zeroblob(32) WHERE id = 300",
     "UPDATE certificate SET sha256 = CAST(printf('%032d', 300) AS BLOB) WHERE id = 300",
     "certificate uuid-300 at place 300 is not the one that the log has there"},
    {"UPDATE certificate SET sha256 = x'00' WHERE id = 300",
     "UPDATE certificate SET sha256 = CAST(printf('%032d', 300) AS BLOB) WHERE id = 300",
     "certificate uuid-300: its hash was altered"},
    {"UPDATE certificate SET id = -1 WHERE id = 68002",
     "UPDATE certificate SET id = 68002 WHERE id = -1", "certificate number 1 is missing"},
    {"UPDATE certificate SET id = 70000 WHERE id = 400",
     "UPDATE certificate SET id = 400 WHERE id = 70000",
     "certificate number 400 is missing: it was removed"},
    {"UPDATE certificate SET id = -1 WHERE id = 5; UPDATE certificate SET id = 5 WHERE id = 900; "
     "UPDATE certificate SET id = 900 WHERE id = -1",
     "UPDATE certificate SET id = -1 WHERE id = 5; UPDATE certificate SET id = 5 WHERE id = 900; "
     "UPDATE certificate SET id = 900 WHERE id = -1",
     "certificate uuid-900 stands at place 5, and the log has it at place 900"},
    {"CREATE TABLE keep AS SELECT hashes FROM log_tile WHERE level = 0 AND number = 7; UPDATE "
     "log_tile SET hashes = zeroblob(8192) WHERE level = 0 AND number = 7",
     "UPDATE log_tile SET hashes = (SELECT hashes FROM keep) WHERE level = 0 AND number = 7; DROP "
     "TABLE keep",
     "tile 0/7 of the log was altered; the certificates are as they were signed for"},
    {"CREATE TABLE keep AS SELECT hashes FROM log_tile WHERE level = 1 AND number = 0; UPDATE "
     "log_tile SET hashes = substr(hashes, 1, 3200) WHERE level = 1 AND number = 0",
     "UPDATE log_tile SET hashes = (SELECT hashes FROM keep) WHERE level = 1 AND number = 0; DROP "
     "TABLE keep",
     "tile 1/0 of the log was altered"},
    {"CREATE TABLE keep AS SELECT * FROM log_tile WHERE level = 2; DELETE FROM log_tile WHERE "
     "level = 2",
     "INSERT INTO log_tile SELECT * FROM keep; DROP TABLE keep", "tile 2/0 of the log was altered"},
    {"UPDATE log_key SET vkey = 'x' || vkey WHERE first_size = 1",
     "UPDATE log_key SET vkey = substr(vkey, 2) WHERE first_size = 1",
     "the log's key in the database"},
    {"UPDATE log_leaf SET number = 3 WHERE number = 77",
     "UPDATE log_leaf SET number = 77 WHERE sha256 = CAST(printf('%032d', 78) AS BLOB)",
     "row 77 of the log's list of leaves was altered"},
    {"UPDATE log_checkpoint SET size = 601 WHERE size = 600",
     "UPDATE log_checkpoint SET size = 600 WHERE size = 601",
     "checkpoint 601 of the log was altered: it is signed for size 600"},
    {"UPDATE log_checkpoint SET note = replace(note, '600', '601') WHERE size = 600",
     "UPDATE log_checkpoint SET note = replace(note, '601', '600') WHERE size = 600",
     "checkpoint 600 of the log was altered: it is not signed with the log's key"},
    {"UPDATE certificate SET bytes = json_object('evidence', json_array(json_object('genre', "
     "'tlog-checkpoint', 'narrative', (SELECT note FROM log_checkpoint WHERE size = 66000)))) "
     "WHERE id = 700",
     "UPDATE certificate SET bytes = json_object('evidence', json_array(json_object('genre', "
     "'tlog-checkpoint', 'narrative', (SELECT note FROM log_checkpoint WHERE size = 600)))) WHERE "
     "id = 700",
     "certificate uuid-700 at place 700 carries checkpoint 66000, which was published after it"},
    {"UPDATE certificate SET bytes = replace(bytes, '600', '601') WHERE id = 700",
     "UPDATE certificate SET bytes = replace(bytes, '601', '600') WHERE id = 700",
     "certificate uuid-700 carries a checkpoint of the log that was never published"},
    {"UPDATE log_checkpoint SET note = note || 'x' WHERE size = 3",
     "UPDATE log_checkpoint SET note = rtrim(note, 'x') WHERE size = 3",
     "checkpoint 3 of the log was altered: this is not a checkpoint of a log"},
};

static void the_first_row_that_does_not_hold_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof tamperings / sizeof tamperings[0]; i++) {
        struct error e = {0};
        struct tlog_proof out;
        close_log();
        shell(tamperings[i].sql);
        open_log();
        assert_int_equal(verify(NULL, &out, &e), -1);
        if (!strstr(e.message, tamperings[i].says))
            fail_msg("%s: %s", tamperings[i].sql, e.message);
        close_log();
        shell(tamperings[i].undo);
        open_log();
        e = (struct error){0};
        if (verify(NULL, &out, &e))
            fail_msg("%s: %s", tamperings[i].undo, e.message);
    }
}

static void what_contradicts_the_last_checkpoint_is_not_built_upon(void **state)
{
    (void)state;
    struct error e = {0};
    close_log();
    shell("CREATE TABLE keep AS SELECT * FROM log_tile WHERE level = 0 AND number = 265; UPDATE "
          "log_tile SET hashes = zeroblob(length(hashes)) WHERE level = 0 AND number = 265");
    issue_up_to(68003);
    open_log();
    assert_int_equal(publish(&e), -1);
    assert_non_null(strstr(e.message, "do not lead to its last checkpoint"));
    close_log();
    shell("UPDATE log_tile SET hashes = (SELECT hashes FROM keep) WHERE level = 0 AND number = "
          "265; DROP TABLE keep");
    open_log();
    e = (struct error){0};
    assert_int_equal(publish(&e), 0);
    close_log();
    issue_up_to(68005);
    shell("UPDATE certificate SET id = 69000 WHERE id = 68004");
    open_log();
    assert_int_equal(publish(&e), -1);
    assert_string_equal(e.message, "certificate number 68004 is not there");
    close_log();
    shell("UPDATE certificate SET id = 68004 WHERE id = 69000");
    open_log();
}

/* Whoever has the whole database and the key can sign another history; not what others hold. */
static void a_kept_checkpoint_finds_a_history_that_was_rewritten(void **state)
{
    (void)state;
    struct error e = {0};
    struct tlog_proof out;
    const char *kept = notes[3], *covers_more; /* of 600 */
    assert_int_equal(verify(kept, &out, &e), 0);
    struct tlog_checkpoint last;
    assert_true(tlog_latest(tlog, arena, &last));
    covers_more = last.note;
    close_log();
    shell("DELETE FROM log_tile; DELETE FROM log_leaf; DELETE FROM log_checkpoint; DELETE FROM "
          "certificate WHERE id > 700; UPDATE certificate SET sha256 = zeroblob(32) WHERE id = 9; "
          "UPDATE certificate SET bytes = '{}' WHERE id = 700");
    open_log();
    e = (struct error){0};
    assert_int_equal(publish(&e), 2);
    assert_int_equal(verify(NULL, &out, &e), 0); /* in itself it is sound */
    assert_int_equal(verify(kept, &out, &e), -1);
    assert_non_null(strstr(e.message, "contradicts the log of today: among the first 600"));
    assert_int_equal(verify(covers_more, &out, &e), -1);
    assert_non_null(strstr(e.message, "covers 68003 certificates, and only 700 are here"));
    assert_int_equal(verify("x", &out, &e), -1);
    assert_int_equal(e.kind, ERROR_INVALID);
    close_log();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_grows_in_stages_and_signs_each),
        cmocka_unit_test(every_checkpoint_is_served_and_leads_to_every_later_one),
        cmocka_unit_test(every_leaf_is_proved_under_every_checkpoint_that_covers_it),
        cmocka_unit_test(what_was_cut_short_is_done_again),
        cmocka_unit_test(its_name_is_the_sites_until_something_is_published),
        cmocka_unit_test(without_its_key_it_serves_and_proves_and_publishes_nothing),
        cmocka_unit_test(a_lost_key_is_followed_by_another),
        cmocka_unit_test(the_first_row_that_does_not_hold_is_named),
        cmocka_unit_test(what_contradicts_the_last_checkpoint_is_not_built_upon),
        cmocka_unit_test(a_kept_checkpoint_finds_a_history_that_was_rewritten),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
