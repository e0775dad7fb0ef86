/* Parts of the commands that are hard to reach through the door: archives, links, made-up names. */
#include "base/text.h"
#include "cli/chores.h"
#include "cli/demo_names.h"
#include "cli/files.h"
#include "cli/link.h"
#include "cli/sealed.h"
#include "cli/tar.h"
#include "credential/issuer.h"
#include "learning/signin.h"
#include "support.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- archives ---- */

static int new_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    return fd;
}

static void test_what_goes_into_an_archive_comes_out(void **state)
{
    (void)state;
    char *folder = temp_folder();
    struct error e = {0};
    int fd = new_file(temp_path(folder, "a.tar"));
    static const size_t sizes[] = {0, 1, 511, 512, 513, 4096, 10000};
    char bytes[10000], name[16];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 7);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        snprintf(name, sizeof name, "member-%zu", i);
        assert_int_equal(tar_put_bytes(fd, name, bytes, sizes[i], INSTANT_DAY, &e), 0);
    }
    assert_int_equal(tar_put_end(fd, &e), 0);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct tar_member m;
        struct buf b;
        buf_init(&b, sizeof bytes);
        assert_int_equal(tar_next(fd, &m, &e), 1);
        snprintf(name, sizeof name, "member-%zu", i);
        assert_string_equal(m.name, name);
        assert_int_equal(m.bytes, sizes[i]);
        assert_int_equal(tar_take_bytes(fd, &m, &b, &e), 0);
        assert_int_equal(b.length, sizes[i]);
        if (b.length)
            assert_memory_equal(b.data, bytes, b.length);
        buf_free(&b);
    }
    struct tar_member end;
    assert_int_equal(tar_next(fd, &end, &e), 0);
    close(fd);
    remove_folder(folder);
}

/* Whatever single byte of a header is changed, it is not taken for a good one (but for byte 155,
 * the space behind the checksum, which says nothing). */
static void test_a_changed_header_is_refused(void **state)
{
    (void)state;
    char *folder = temp_folder(), block[512];
    struct error e = {0};
    int fd = new_file(temp_path(folder, "a.tar"));
    assert_int_equal(tar_put_bytes(fd, "manifest.json", "{}", 2, 0, &e), 0);
    assert_int_equal(pread(fd, block, sizeof block, 0), sizeof block);
    for (size_t i = 0; i < sizeof block; i++) {
        struct tar_member m;
        char changed = (char)(block[i] ^ 0x15);
        assert_int_equal(pwrite(fd, &changed, 1, (off_t)i), 1);
        lseek(fd, 0, SEEK_SET);
        if (i != 155 && tar_next(fd, &m, &e) != -1)
            fail_msg("byte %zu", i);
        assert_int_equal(pwrite(fd, &block[i], 1, (off_t)i), 1);
    }
    close(fd);
    remove_folder(folder);
}

static void test_a_member_too_large_for_its_buffer_is_refused(void **state)
{
    (void)state;
    char *folder = temp_folder();
    struct error e = {0};
    struct tar_member m;
    struct buf b;
    int fd = new_file(temp_path(folder, "a.tar"));
    assert_int_equal(tar_put_bytes(fd, "x", "0123456789", 10, 0, &e), 0);
    lseek(fd, 0, SEEK_SET);
    assert_int_equal(tar_next(fd, &m, &e), 1);
    buf_init(&b, 9);
    assert_int_equal(tar_take_bytes(fd, &m, &b, &e), -1);
    assert_int_equal(e.kind, ERROR_TOO_LARGE);
    buf_free(&b);
    close(fd);
    remove_folder(folder);
}

/* ---- files ---- */

static void test_new_files_replace_nothing(void **state)
{
    (void)state;
    char *folder = temp_folder();
    const char *one = temp_path(folder, "one"), *two = temp_path(folder, "two");
    struct error e = {0};
    struct stat st;
    assert_int_equal(file_write(one, "1", 1, &e), 0);
    assert_int_equal(stat(one, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(file_write(one, "2", 1, &e), -1);
    assert_int_equal(file_write(two, "2", 1, &e), 0);
    assert_int_equal(file_rename_new(one, two, &e), -1);
    assert_int_equal(e.kind, ERROR_CONFLICT);
    assert_int_equal(unlink(two), 0);
    assert_int_equal(file_rename_new(one, two, &e), 0);
    assert_false(folder_is_unused(folder));
    folder_remove(folder);
    assert_true(folder_is_unused(folder));
    free(folder);
}

static void test_a_passphrase_is_the_first_line(void **state)
{
    (void)state;
    char *folder = temp_folder();
    const char *path = temp_path(folder, "passphrase");
    struct arena *a = arena_create();
    struct error e = {0};
    assert_int_equal(file_write(path, "correct horse\r\nmore\n", 20, &e), 0);
    assert_string_equal(passphrase_read(path, true, a, &e), "correct horse");
    assert_null(passphrase_read(temp_path(folder, "none"), true, a, &e));
    arena_free(a);
    remove_folder(folder);
}

static void test_where_a_link_leads(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct settings s = {
        .trial = true, .listen = "0.0.0.0:8123", .origin = "https://localhost:8123"};
    assert_string_equal(link_address(a, &s, 0, "T"), "http://127.0.0.1:8123/sign-in/link/T");
    assert_string_equal(link_address(a, &s, 9000, "T"), "http://127.0.0.1:9000/sign-in/link/T");
    s.trial = false;
    s.origin = "https://train.example.edu";
    assert_string_equal(link_address(a, &s, 9000, "T"), "https://train.example.edu/sign-in/link/T");
    arena_free(a);
}

/* ---- made-up names ---- */

static void test_every_name_can_stand_on_a_certificate(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct rng r;
    struct error e = {0};
    rng_seed(&r, 11);
    for (int i = 0; i < 20000; i++) {
        struct demo_name n = demo_name_make(&r, a);
        if (certificate_name_check(n.full, &e))
            fail_msg("%s: %s", n.full, e.message);
        assert_true(text_ends(n.full, n.family));
        size_t letters = strlen(n.letters);
        assert_true(letters >= 3);
        if (strspn(n.letters, "abcdefghijklmnopqrstuvwxyz") != letters)
            fail_msg("%s: %s", n.full, n.letters);
        if (i % 1000 == 0)
            arena_reset(a);
    }
    arena_free(a);
}

static int by_text(const void *x, const void *y)
{
    return strcmp(*(char *const *)x, *(char *const *)y);
}

static void test_departments_differ_however_many(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    struct arena *a = arena_create();
    const char **codes = arena_array(a, COUNT, sizeof *codes),
               **names = arena_array(a, COUNT, sizeof *names);
    for (int i = 0; i < COUNT; i++) {
        struct demo_department d = demo_department_make(i, a);
        codes[i] = d.code;
        names[i] = d.name;
        size_t n = strlen(d.code);
        assert_true(n <= 32 && strspn(d.code, "abcdefghijklmnopqrstuvwxyz0123456789-") == n);
    }
    qsort(codes, COUNT, sizeof *codes, by_text);
    qsort(names, COUNT, sizeof *names, by_text);
    for (int i = 1; i < COUNT; i++) {
        assert_string_not_equal(codes[i - 1], codes[i]);
        assert_string_not_equal(names[i - 1], names[i]);
    }
    arena_free(a);
}

/* ---- due work ---- */

#define BEGIN 1790164800000000 /* 2026-09-23T12:00:00Z */

static const struct sql links_count = {"links_count", "test", "SELECT COUNT(*) FROM signin_link",
                                       "test"};

static char tokens[2][TOKEN_TEXT];

static int make_links(struct conn *c, void *arg, struct error *e)
{
    struct new_person p = {.name = "Ada Okafor"};
    int64_t id;
    (void)arg;
    return person_add(c, &p, BEGIN, NULL, &id, e) ||
                   signin_link_create(c, id, "/", BEGIN, INSTANT_DAY, tokens[0], e) ||
                   signin_link_create(c, id, "/", BEGIN, 31 * INSTANT_DAY, tokens[1], e)
               ? -1
               : 0;
}

static int64_t links_left(struct app *app)
{
    struct error e = {0};
    int64_t n = -1;
    struct conn *c = db_read_begin(app->db, &e);
    assert_int_equal(db_query_int(c, &links_count, &n, &e, ""), 1);
    db_read_end(app->db, c);
    return n;
}

static void test_links_that_ended_a_month_ago_are_swept(void **state)
{
    (void)state;
    char *folder = temp_folder(), to[256], session[TOKEN_TEXT];
    struct arena *a = arena_create();
    struct error e = {0};
    struct settings settings;
    struct clock clock;
    char name[] = "test", data[] = "--data", courses[] = "--courses";
    char *argv[] = {name, data, folder, courses, folder, NULL};
    int argc = 5;
    assert_int_equal(settings_load(&settings, a, &argc, argv, &e), 0);
    clock_fixed(&clock, BEGIN);
    struct app *app = app_open(&settings, &clock, 0, &e);
    if (!app)
        fail_msg("%s", e.message);
    assert_int_equal(db_write(app->db, make_links, NULL, &e), 0);
    assert_int_equal(signin_link_spend(&app->learning, tokens[0], false, session, to, &e), 0);
    clock.offset = BEGIN + INSTANT_DAY + LINK_KEPT;
    chores_round(app, false);
    assert_int_equal(links_left(app), 2);
    clock.offset++;
    chores_round(app, false);
    assert_int_equal(links_left(app), 1);
    clock.offset = BEGIN + 30 * INSTANT_DAY; /* the other one is still good */
    assert_int_equal(signin_link_spend(&app->learning, tokens[1], false, session, to, &e), 0);
    clock.offset = BEGIN + 31 * INSTANT_DAY + LINK_KEPT + 1;
    chores_round(app, false);
    assert_int_equal(links_left(app), 0);
    app_close(app);
    arena_free(a);
    remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_goes_into_an_archive_comes_out),
        cmocka_unit_test(test_a_changed_header_is_refused),
        cmocka_unit_test(test_a_member_too_large_for_its_buffer_is_refused),
        cmocka_unit_test(test_new_files_replace_nothing),
        cmocka_unit_test(test_a_passphrase_is_the_first_line),
        cmocka_unit_test(test_where_a_link_leads),
        cmocka_unit_test(test_every_name_can_stand_on_a_certificate),
        cmocka_unit_test(test_departments_differ_however_many),
        cmocka_unit_test(test_links_that_ended_a_month_ago_are_swept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
