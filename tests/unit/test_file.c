/* Files are whole or not there, also when the disk takes only a part of one. */
#include "base/file.h"
#include "support.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder;
static int open_folder_fd;

static int setup(void **state)
{
    (void)state;
    folder = temp_folder();
    open_folder_fd = open(folder, O_RDONLY | O_DIRECTORY);
    return open_folder_fd < 0;
}

static int teardown(void **state)
{
    (void)state;
    close(open_folder_fd);
    remove_folder(folder);
    return 0;
}

static void expect(const char *name, const char *text)
{
    struct buf b;
    struct error e = {0};
    struct stat st;
    buf_init(&b, 1000);
    assert_int_equal(file_read(temp_path(folder, name), &b, &e), 0);
    assert_int_equal(b.length, strlen(text));
    assert_memory_equal(b.data, text, b.length);
    assert_int_equal(stat(temp_path(folder, name), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    buf_free(&b);
}

static void expect_nothing_beside(const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "%s.new", name);
    assert_int_equal(access(temp_path(folder, path), F_OK), -1);
}

static void one_takes_the_place_of_another_only_when_that_is_meant(void **state)
{
    (void)state;
    struct error e = {0};
    assert_int_equal(file_put_in(open_folder_fd, "a", "one", 3, false), 0);
    assert_int_equal(file_put_in(open_folder_fd, "a", "two", 3, false), -1);
    assert_int_equal(errno, EEXIST);
    expect("a", "one");
    expect_nothing_beside("a");
    assert_int_equal(file_put_in(open_folder_fd, "a", "three", 5, true), 0);
    assert_int_equal(file_put_in(open_folder_fd, "b", "new", 3, true), 0);
    expect("a", "three");
    expect("b", "new");
    expect_nothing_beside("a");
    assert_int_equal(file_write(temp_path(folder, "a"), "four", 4, &e), -1);
    assert_int_equal(e.kind, ERROR_IO);
    expect("a", "three");
}

static void what_a_crash_left_is_in_nobodys_way(void **state)
{
    (void)state;
    struct error e = {0};
    assert_int_equal(file_write(temp_path(folder, "a.new"), "half of someth", 14, &e), 0);
    assert_int_equal(file_put_in(open_folder_fd, "a", "whole", 5, false), 0);
    expect("a", "whole");
    expect_nothing_beside("a");
}

static void with_room_for_a_part_the_one_before_stays(void **state)
{
    (void)state;
    struct error e = {0};
    struct rlimit all, few = {.rlim_cur = 4};
    assert_int_equal(file_put_in(open_folder_fd, "a", "abc", 3, false), 0);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &all), 0);
    few.rlim_max = all.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &few), 0);
    int replaced = file_put_in(open_folder_fd, "a", "abcdefgh", 8, true), why = errno;
    int made = file_write(temp_path(folder, "b"), "abcdefgh", 8, &e);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &all), 0);
    assert_int_equal(replaced, -1);
    assert_int_equal(why, EFBIG);
    assert_int_equal(made, -1);
    expect("a", "abc");
    expect_nothing_beside("a");
    assert_int_equal(access(temp_path(folder, "b"), F_OK), -1);
}

static void no_room_is_told_from_a_broken_disk(void **state)
{
    (void)state;
    int full = open("/dev/full", O_WRONLY);
    assert_true(full >= 0);
    assert_int_equal(file_put(full, "x", 1), -1);
    assert_int_equal(file_error_kind(errno), ERROR_FULL);
    close(full);
    assert_int_equal(file_put(full, "x", 1), -1);
    assert_int_equal(file_error_kind(errno), ERROR_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
        TEST(one_takes_the_place_of_another_only_when_that_is_meant),
        TEST(what_a_crash_left_is_in_nobodys_way),
        TEST(with_room_for_a_part_the_one_before_stays),
        TEST(no_room_is_told_from_a_broken_disk),
    };
    return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}
