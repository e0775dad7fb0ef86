/* Private writing: what the key opens, and what it does not. */
#include "learning/secret.h"
#include "support.h"
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#define WHEN ((instant)1790000000 * INSTANT_SECOND)

static char *folder;
static const char *keys, *file;
static struct db *db;
static struct arena *arena;
static struct learning learning;

static const struct secret_place place = {"reflection", "11111111-1111-4111-8111-111111111111",
                                          "22222222-2222-4222-8222-222222222222"};

struct sealed {
    const struct secret_place *place;
    const char *text;
    const uint8_t *bytes;
    size_t n;
};

static int run_seal(struct conn *c, void *arg, struct error *e)
{
    struct sealed *s = arg;
    const void *bytes;
    int result = secret_seal(c, &learning, s->place, s->text, WHEN, arena, &bytes, &s->n, e);
    s->bytes = result ? NULL : bytes;
    return result;
}

static struct sealed seal(const struct secret_place *at, const char *text)
{
    struct error e = {0};
    struct sealed s = {.place = at, .text = text};
    if (db_write(db, run_seal, &s, &e))
        fail_msg("%s", e.message);
    return s;
}

static struct secret *open_key(bool make, struct error *e)
{
    *e = (struct error){0};
    return secret_open(keys, db, make, e);
}

static void will_not_open_key(const char *says)
{
    struct error e;
    assert_null(open_key(true, &e));
    if (!strstr(e.message, says))
        fail_msg("\"%s\" does not say \"%s\"", e.message, says);
}

static void will_not_read(const struct secret_place *at, const uint8_t *bytes, size_t n,
                          enum error_kind kind)
{
    struct error e = {0};
    const char *text = NULL;
    assert_int_equal(secret_read(&learning, at, bytes, n, arena, &text, &e), -1);
    assert_int_equal(e.kind, kind);
    assert_null(text);
}

static int setup(void **state)
{
    (void)state;
    struct error e = {0};
    folder = temp_folder();
    keys = temp_path(folder, "keys");
    file = temp_path(folder, "keys/private.key");
    arena = arena_create();
    db = db_open(&(struct db_options){.path = temp_path(folder, "db"), .readers = 1}, &e);
    if (!db || sodium_init() < 0)
        return -1;
    learning = (struct learning){.db = db, .secret = open_key(true, &e)};
    return learning.secret ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    secret_free(learning.secret);
    db_close(db);
    arena_free(arena);
    remove_folder(folder);
    return 0;
}

static void what_was_sealed_opens_after_a_restart(void **state)
{
    (void)state;
    struct error e = {0};
    const char *text = NULL;
    struct sealed s = seal(&place, "I will ask before I assume. ✎");
    assert_null(memmem(s.bytes, s.n, "ask before", 10));
    secret_free(learning.secret);
    learning.secret = open_key(false, &e);
    assert_non_null(learning.secret);
    assert_int_equal(secret_read(&learning, &place, s.bytes, s.n, arena, &text, &e), 0);
    assert_string_equal(text, "I will ask before I assume. ✎");
}

static void the_same_text_never_looks_the_same(void **state)
{
    (void)state;
    struct sealed a = seal(&place, "same"), b = seal(&place, "same");
    assert_int_equal(a.n, b.n);
    assert_memory_not_equal(a.bytes + 9, b.bytes + 9, a.n - 9);
}

static void a_text_opens_in_its_own_place_only(void **state)
{
    (void)state;
    struct sealed s = seal(&place, "mine");
    struct secret_place other = place;
    other.purpose = "commitment";
    will_not_read(&other, s.bytes, s.n, ERROR_CONFLICT);
    other = place;
    other.owner = place.row;
    will_not_read(&other, s.bytes, s.n, ERROR_CONFLICT);
    other = place;
    other.row = place.owner;
    will_not_read(&other, s.bytes, s.n, ERROR_CONFLICT);
    other = (struct secret_place){"reflectio", "n11111111-1111-4111-8111-111111111111", place.row};
    will_not_read(&other, s.bytes, s.n, ERROR_CONFLICT);
}

static void no_changed_byte_and_no_cut_is_taken(void **state)
{
    (void)state;
    struct sealed s = seal(&place, "mine");
    uint8_t *copy = malloc(s.n);
    for (size_t i = 0; i < s.n; i++) {
        memcpy(copy, s.bytes, s.n);
        copy[i] ^= 1;
        bool id = i >= 1 && i <= 8; /* then it seems sealed by another key */
        will_not_read(&place, copy, s.n, id ? ERROR_BUSY : ERROR_CONFLICT);
        will_not_read(&place, s.bytes, i, ERROR_CONFLICT);
    }
    free(copy);
}

static void the_key_file_is_private(void **state)
{
    (void)state;
    struct stat st;
    assert_int_equal(stat(file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(stat(keys, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    chmod(file, 0640);
    will_not_open_key("chmod 600");
    chmod(file, 0600);
    chmod(keys, 0750);
    will_not_open_key("chmod 700");
    chmod(keys, 0700);
}

static void a_missing_key_is_replaced_only_while_nothing_is_sealed(void **state)
{
    (void)state;
    struct error e;
    assert_int_equal(unlink(file), 0);
    assert_null(open_key(false, &e));
    assert_int_equal(e.kind, ERROR_NONE);
    assert_int_not_equal(access(file, F_OK), 0);
    struct secret *second = open_key(true, &e);
    assert_non_null(second);
    secret_free(learning.secret);
    learning.secret = second;
    seal(&place, "now it matters");
    assert_int_equal(unlink(file), 0);
    will_not_open_key("is missing");
    assert_int_not_equal(access(file, F_OK), 0);
}

static void a_lost_key_gives_way_and_opens_again_when_found(void **state)
{
    (void)state;
    struct error e = {0};
    const char *text = NULL;
    struct secret_loss loss;
    instant since = 0;
    struct sealed s = seal(&place, "before");
    assert_int_equal(secret_lost(keys, db, &loss, &e), 0);
    assert_false(loss.is_missing);
    assert_int_equal(secret_begin_anew(keys, db, 5, &e), -1);
    assert_int_equal(e.kind, ERROR_CONFLICT);

    const char *away = temp_path(folder, "away"),
               *found = temp_path(folder, "keys/private-found.key");
    assert_int_equal(rename(file, away), 0);
    assert_int_equal(secret_lost(keys, db, &loss, &e), 0);
    assert_true(loss.is_missing);
    assert_int_equal(secret_begin_anew(keys, db, 0, &e), 0); /* whatever the clock says */
    secret_free(learning.secret);
    learning.secret = open_key(false, &e);
    assert_non_null(learning.secret);
    will_not_read(&place, s.bytes, s.n, ERROR_BUSY);
    struct conn *c = db_read_begin(db, &e);
    assert_int_equal(secret_began_anew(c, &since, &e), 1);
    db_read_end(db, c);
    struct sealed after = seal(&place, "after");

    assert_int_equal(rename(away, found), 0);
    secret_free(learning.secret);
    learning.secret = open_key(false, &e);
    assert_non_null(learning.secret);
    assert_int_equal(secret_read(&learning, &place, s.bytes, s.n, arena, &text, &e), 0);
    assert_string_equal(text, "before");
    assert_int_equal(secret_read(&learning, &place, after.bytes, after.n, arena, &text, &e), 0);
    assert_string_equal(text, "after");
    chmod(found, 0644);
    will_not_open_key("chmod 600");
}

static void another_key_in_its_place_is_noticed(void **state)
{
    (void)state;
    struct error e;
    assert_int_equal(unlink(file), 0);
    struct secret *another = open_key(true, &e);
    struct sealed s = seal(&place, "mine");
    will_not_open_key("another key");
    struct secret *right = learning.secret;
    learning.secret = another;
    will_not_read(&place, s.bytes, s.n, ERROR_BUSY);
    learning.secret = NULL;
    will_not_read(&place, s.bytes, s.n, ERROR_BUSY);
    struct sealed none = {.place = &place, .text = "not now"};
    assert_int_equal(db_write(db, run_seal, &none, &e), -1);
    assert_int_equal(e.kind, ERROR_BUSY);
    learning.secret = right;
    secret_free(another);
}

static void a_damaged_key_file_is_refused_without_its_secret_in_the_message(void **state)
{
    (void)state;
    struct error e;
    char bytes[128] = {0};
    FILE *f = fopen(file, "r+");
    assert_int_equal(fread(bytes, 1, sizeof bytes, f), 69);
    fseek(f, 30, SEEK_SET);
    fputc('*', f);
    fclose(f);
    assert_null(open_key(true, &e));
    assert_non_null(strstr(e.message, "does not hold a key"));
    assert_null(strstr(e.message, "*"));
    bytes[60] = '\0';
    assert_null(strstr(e.message, bytes + 32));
    assert_int_equal(truncate(file, 40), 0);
    will_not_open_key("does not hold a key");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_sealed_opens_after_a_restart),
        TEST(the_same_text_never_looks_the_same),
        TEST(a_text_opens_in_its_own_place_only),
        TEST(no_changed_byte_and_no_cut_is_taken),
        TEST(the_key_file_is_private),
        TEST(a_missing_key_is_replaced_only_while_nothing_is_sealed),
        TEST(a_lost_key_gives_way_and_opens_again_when_found),
        TEST(another_key_in_its_place_is_noticed),
        TEST(a_damaged_key_file_is_refused_without_its_secret_in_the_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
