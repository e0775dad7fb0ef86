/* The folder of keys: what it makes, and what it refuses to read. */
#include "base/arena.h"
#include "base/instant.h"
#include "base/json.h"
#include "credential/issuer.h"
#include "credential/key_file.h"
#include "credential/keys.h"
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define ORIGIN "https://train.example.edu"
#define EARLY  ((instant)1780000000 * INSTANT_SECOND)

static struct arena *arena;
static char folder[64], keys[80];

static int setup(void **state)
{
    (void)state;
    arena = arena_create();
    strcpy(folder, "/tmp/understory-keys-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(keys, sizeof keys, "%s/keys", folder);
    return 0;
}

/* Only what these tests make: a flat folder in a fresh one. */
static int teardown(void **state)
{
    (void)state;
    DIR *d = opendir(keys);
    for (struct dirent *entry; d && (entry = readdir(d));)
        unlinkat(dirfd(d), entry->d_name, 0);
    if (d)
        closedir(d);
    rmdir(keys);
    rmdir(folder);
    arena_free(arena);
    return 0;
}

static const char *key_path(const char *id)
{
    return arena_printf(arena, "%s/%s.json", keys, id);
}

static const char *read_text(const char *path)
{
    char *text = arena_alloc(arena, 4096);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(text, 1, 4095, f);
    text[n] = '\0';
    fclose(f);
    return text;
}

static void write_text(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static const char *first_key(void)
{
    struct error e = {0};
    struct issuer *i = issuer_open(keys, ORIGIN, "Centre", &e);
    assert_string_equal(e.message, "");
    const char *id = arena_strdup(arena, issuer_key_id(i, arena));
    issuer_free(i);
    return id;
}

static void will_not_open(const char *words)
{
    struct error e = {0};
    assert_null(issuer_open(keys, ORIGIN, "Centre", &e));
    assert_non_null(strstr(e.message, words));
}

static void an_empty_folder_gets_a_key_that_stays(void **state)
{
    (void)state;
    struct stat st;
    const char *id = first_key();
    assert_int_equal(strncmp(id, "z6Mk", 4), 0);
    assert_string_equal(first_key(), id);
    assert_int_equal(stat(keys, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(stat(key_path(id), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    cJSON *file = json_parse(read_text(key_path(id)), strlen(read_text(key_path(id))), NULL);
    assert_string_equal(json_string(file, "publicKeyMultibase"), id);
    assert_string_equal(json_string(file, "state"), "active");
    assert_int_equal(strlen(json_string(file, "secret")), 43);
    cJSON_Delete(file);
}

static void loose_modes_are_refused_with_the_remedy(void **state)
{
    (void)state;
    static const mode_t loose[] = {0640, 0604, 0620, 0660, 0644, 0610, 0601};
    const char *id = first_key();
    for (size_t i = 0; i < sizeof loose / sizeof loose[0]; i++) {
        chmod(key_path(id), loose[i]);
        will_not_open("chmod 600");
    }
    chmod(key_path(id), 0600);
    chmod(keys, 0750);
    will_not_open("chmod 700");
    chmod(keys, 0700);
    assert_string_equal(first_key(), id);
}

static void a_link_to_a_key_is_refused(void **state)
{
    (void)state;
    const char *id = first_key();
    const char *elsewhere = arena_printf(arena, "%s/elsewhere", folder);
    assert_int_equal(rename(key_path(id), elsewhere), 0);
    assert_int_equal(symlink(elsewhere, key_path(id)), 0);
    will_not_open("cannot read the key file");
    unlink(elsewhere);
}

static void a_damaged_key_file_is_refused_by_name(void **state)
{
    (void)state;
    const char *id = first_key(), *whole = read_text(key_path(id));
    char *text = arena_strdup(arena, whole);
    char *secret = strstr(text, "\"secret\":\"") + 10;
    secret[3] = secret[3] == 'A' ? 'B' : 'A';
    write_text(key_path(id), text);
    will_not_open("does not belong to its public key");
    will_not_open(id);
    write_text(key_path(id), arena_strndup(arena, whole, strlen(whole) / 2));
    will_not_open(id);
    write_text(key_path(id), "{\"format\":2}");
    will_not_open("newer version");
    write_text(key_path(id), whole);
    assert_string_equal(first_key(), id);
}

static void messages_never_hold_the_secret(void **state)
{
    (void)state;
    struct error e = {0};
    const char *id = first_key();
    char *text = arena_strdup(arena, read_text(key_path(id)));
    char *secret = strstr(text, "\"secret\":\"") + 10;
    char kept[20] = {0};
    memcpy(kept, secret + 8, 16);
    secret[3] = secret[3] == 'A' ? 'B' : 'A';
    write_text(key_path(id), text);
    assert_null(issuer_open(keys, ORIGIN, "Centre", &e));
    assert_null(strstr(e.message, kept));
    text[strlen(text) - 3] = '\0'; /* cut inside the secret's closing quote */
    write_text(key_path(id), text);
    assert_null(issuer_open(keys, ORIGIN, "Centre", &e));
    assert_null(strstr(e.message, kept));
}

static void the_newest_active_key_signs_and_a_retired_one_stays_published(void **state)
{
    (void)state;
    struct error e = {0};
    struct stat st;
    assert_int_equal(key_create(keys, KEY_ACTIVE, NULL, EARLY, NULL, &e), 0);
    const char *old = first_key();
    assert_int_equal(key_create(keys, KEY_ACTIVE, NULL, EARLY + INSTANT_DAY, NULL, &e), 0);
    const char *new = first_key();
    assert_string_not_equal(old, new);
    assert_int_equal(key_change(keys, old, KEY_RETIRED, EARLY + 2 * INSTANT_DAY, &e), 0);
    assert_null(strstr(read_text(key_path(old)), "secret"));
    assert_int_equal(stat(key_path(old), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    struct issuer *i = issuer_open(keys, ORIGIN, "Centre", &e);
    assert_string_equal(issuer_key_id(i, arena), new);
    assert_non_null(strstr(issuer_did_document(i, arena), old));
    issuer_free(i);
    assert_int_equal(key_change(keys, old, KEY_ACTIVE, EARLY + 2 * INSTANT_DAY, &e), -1);
    assert_int_equal(key_change(keys, "z6MkNone", KEY_RETIRED, EARLY + 2 * INSTANT_DAY, &e), -1);
}

static void a_compromised_key_leaves_the_did_document(void **state)
{
    (void)state;
    struct error e = {0};
    const char *id = first_key();
    assert_int_equal(key_change(keys, id, KEY_COMPROMISED, EARLY + 2 * INSTANT_DAY, &e), 0);
    will_not_open("is active");
    assert_int_equal(key_create(keys, KEY_ACTIVE, NULL, EARLY, NULL, &e), 0);
    struct issuer *i = issuer_open(keys, ORIGIN, "Centre", &e);
    assert_null(strstr(issuer_did_document(i, arena), id));
    issuer_free(i);
}

/* ---- states ---- */

static struct issuer *issuer_now(const struct key_unlock *unlock)
{
    struct error e = {0};
    struct issuer *i = issuer_create(ORIGIN, "Centre", &e);
    issuer_take_keys(i, key_ring_open(keys, unlock, &e));
    assert_string_equal(e.message, "");
    return i;
}

static const char *made(enum key_state state, instant at)
{
    struct error e = {0};
    char id[KEY_ID_TEXT];
    assert_int_equal(key_create(keys, state, NULL, at, id, &e), 0);
    return arena_strdup(arena, id);
}

static void a_waiting_key_is_published_and_does_not_sign_until_it_is_active(void **state)
{
    (void)state;
    struct error e = {0};
    const char *old = made(KEY_ACTIVE, EARLY), *next = made(KEY_WAITING, EARLY + INSTANT_DAY);
    struct issuer *i = issuer_now(NULL);
    assert_string_equal(issuer_key_id(i, arena), old);
    assert_non_null(strstr(issuer_did_document(i, arena), next));
    assert_int_equal(key_change(keys, next, KEY_ACTIVE, EARLY + 2 * INSTANT_DAY, &e), 0);
    assert_string_equal(issuer_key_id(i, arena), old); /* until it takes the keys again */
    issuer_take_keys(i, key_ring_open(keys, NULL, &e));
    assert_string_equal(issuer_key_id(i, arena), next);
    assert_non_null(strstr(issuer_did_document(i, arena), old));
    issuer_free(i);
}

static void of_two_active_keys_the_one_since_the_latest_signs(void **state)
{
    (void)state;
    struct error e = {0};
    const char *first = made(KEY_WAITING, EARLY), *second = made(KEY_ACTIVE, EARLY + INSTANT_DAY);
    assert_int_equal(key_change(keys, first, KEY_ACTIVE, EARLY + 2 * INSTANT_DAY, &e), 0);
    struct issuer *i = issuer_now(NULL);
    const struct issuer_key *list;
    assert_int_equal(issuer_keys(i, arena, &list), 2);
    assert_string_equal(list[0].id, first);
    assert_true(list[0].signs && !list[1].signs);
    assert_true(list[0].created == EARLY && list[0].since == EARLY + 2 * INSTANT_DAY);
    assert_string_equal(list[1].id, second);
    issuer_free(i);
}

static void states_only_go_on(void **state)
{
    (void)state;
    struct error e = {0};
    const char *id = made(KEY_WAITING, EARLY);
    for (int to = KEY_ACTIVE; to <= KEY_COMPROMISED; to++) {
        e = (struct error){0};
        assert_int_equal(key_change(keys, id, (enum key_state)to, EARLY + to, &e), 0);
        assert_int_equal(key_change(keys, id, (enum key_state)to, EARLY + to, &e), 0);
        assert_int_equal(key_change(keys, id, (enum key_state)(to - 1), EARLY, &e), -1);
        assert_int_equal(e.kind, ERROR_CONFLICT);
        assert_true(!strstr(read_text(key_path(id)), "secret") == (to > KEY_ACTIVE));
    }
}

static void without_an_active_key_the_issuer_says_why_and_publishes_the_others(void **state)
{
    (void)state;
    struct error e = {0};
    const char *json = NULL, *id = made(KEY_RETIRED, EARLY);
    struct claims none = {0};
    struct issuer *i = issuer_now(NULL);
    assert_false(issuer_can_sign(i));
    assert_null(issuer_key_id(i, arena));
    assert_non_null(strstr(issuer_did_document(i, arena), id));
    assert_non_null(strstr(issuer_reason(i, arena), "no key is active"));
    assert_int_equal(issuer_sign(i, &none, arena, &json, NULL, &e), -1);
    issuer_without_keys(i, "they are on the moon");
    assert_null(issuer_did_document(i, arena));
    assert_string_equal(issuer_reason(i, arena), "they are on the moon");
    issuer_free(i);
    assert_false(issuer_can_sign(NULL));
    assert_null(issuer_did_document(NULL, arena));
}

static void a_key_that_the_ring_is_told_of_is_withdrawn_whatever_its_file_says(void **state)
{
    (void)state;
    struct error e = {0};
    const char *bad = made(KEY_ACTIVE, EARLY + INSTANT_DAY), *good = made(KEY_ACTIVE, EARLY);
    struct key_ring *ring = key_ring_open(keys, NULL, &e);
    key_ring_compromise(ring, bad, EARLY + 2 * INSTANT_DAY);
    assert_string_equal(key_ring_active(ring)->id, good);
    assert_null(key_ring_find(ring, bad)->secret);
    key_ring_free(ring);
}

/* ---- forms ---- */

static void a_sealed_key_opens_with_its_passphrase_alone(void **state)
{
    (void)state;
    struct error e = {0};
    char id[KEY_ID_TEXT];
    const char *file = arena_printf(arena, "%s/passphrase", folder);
    assert_int_equal(key_create(keys, KEY_ACTIVE, "four plain words together", EARLY, id, &e), 0);
    assert_null(strstr(read_text(key_path(id)), "secret"));
    struct key_unlock unlock = {.passphrase_file = file};

    struct issuer *i = issuer_now(NULL);
    assert_non_null(strstr(issuer_reason(i, arena), "nobody gave the passphrase"));
    assert_non_null(strstr(issuer_did_document(i, arena), id));
    issuer_free(i);

    write_text(file, "four other words together\n");
    chmod(file, 0600);
    i = issuer_now(&unlock);
    assert_non_null(strstr(issuer_reason(i, arena), "another passphrase"));
    issuer_free(i);

    write_text(file, "four plain words together\n");
    i = issuer_now(&unlock);
    assert_string_equal(issuer_key_id(i, arena), id);
    issuer_free(i);

    chmod(file, 0640);
    i = issuer_now(&unlock);
    assert_non_null(strstr(issuer_reason(i, arena), "chmod 600"));
    issuer_free(i);
    unlink(file);
}

static void a_sealed_key_stays_sealed_when_it_becomes_active(void **state)
{
    (void)state;
    struct error e = {0};
    char id[KEY_ID_TEXT];
    assert_int_equal(key_create(keys, KEY_WAITING, "four plain words together", EARLY, id, &e), 0);
    const char *before = strstr(read_text(key_path(id)), "\"sealed\"");
    assert_int_equal(key_change(keys, id, KEY_ACTIVE, EARLY + 1, &e), 0);
    assert_string_equal(strstr(read_text(key_path(id)), "\"sealed\""), before);
}

static void a_credential_of_systemd_is_read_and_never_written(void **state)
{
    (void)state;
    struct error e = {0};
    struct key_new key;
    const char *given = arena_printf(arena, "%s/given", folder);
    const char *file = arena_printf(arena, "%s/signing-key", given);
    struct key_unlock unlock = {.credentials = given};
    assert_int_equal(key_generate(KEY_CREDENTIAL, "signing-key", &key, &e), 0);
    assert_int_equal(key_write_new(keys, key.id, key.form, key.value, KEY_ACTIVE, EARLY, &e), 0);
    assert_null(strstr(read_text(key_path(key.id)), key.seed));
    struct issuer *i = issuer_now(&unlock);
    assert_non_null(strstr(issuer_reason(i, arena), "systemd credential signing-key"));
    issuer_free(i);

    mkdir(given, 0700);
    write_text(file, arena_printf(arena, "%s\n", key.seed));
    chmod(file, 0400);
    i = issuer_now(&unlock);
    assert_string_equal(issuer_key_id(i, arena), key.id);
    issuer_free(i);

    chmod(file, 0404);
    i = issuer_now(&unlock);
    assert_non_null(strstr(issuer_reason(i, arena), "chmod 600"));
    issuer_free(i);

    chmod(file, 0600);
    write_text(file, "something else\n");
    i = issuer_now(&unlock);
    assert_non_null(strstr(issuer_reason(i, arena), "does not hold a signing key"));
    issuer_free(i);
    unlink(file);
    rmdir(given);
    key_new_free(&key);
}

static void a_new_keys_parts_are_looked_at(void **state)
{
    (void)state;
    struct error e = {0};
    const char *good = "z6MkvDqGT54cXesYGvABpF1UapVNwjCqRcafi4Px6Thv5T3Z";
    const char *bad[][2] = {{good, "../x"}, {good, ""}, {good, "a\"b"}, {"z6Mk/../x", "name"}};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(
            key_write_new(keys, bad[i][0], KEY_CREDENTIAL, bad[i][1], KEY_WAITING, EARLY, &e), -1);
    assert_int_equal(key_write_new(keys, good, KEY_SEALED, "AAAA", KEY_WAITING, EARLY, &e), -1);
    assert_int_not_equal(access(keys, F_OK), 0);
}

static void an_issuer_needs_an_https_origin_in_one_form(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "http://a.example",         "https://a.example/", "https://A.example",
        "https://a.example:0",      "https://a b",        "https://",
        "https://a.example:8080/x", "a.example",          ""};
    struct error e = {0};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_null(issuer_open(keys, bad[i], "Centre", &e));
    assert_null(issuer_open(keys, ORIGIN, "", &e));
    assert_null(issuer_open(keys, ORIGIN, "two\nlines", &e));
    struct issuer *i = issuer_open(keys, "https://localhost:8080", "Centre", &e);
    assert_string_equal(issuer_did(i), "did:web:localhost%3A8080");
    issuer_free(i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
        TEST(an_empty_folder_gets_a_key_that_stays),
        TEST(loose_modes_are_refused_with_the_remedy),
        TEST(a_link_to_a_key_is_refused),
        TEST(a_damaged_key_file_is_refused_by_name),
        TEST(messages_never_hold_the_secret),
        TEST(the_newest_active_key_signs_and_a_retired_one_stays_published),
        TEST(a_compromised_key_leaves_the_did_document),
        TEST(a_waiting_key_is_published_and_does_not_sign_until_it_is_active),
        TEST(of_two_active_keys_the_one_since_the_latest_signs),
        TEST(states_only_go_on),
        TEST(without_an_active_key_the_issuer_says_why_and_publishes_the_others),
        TEST(a_key_that_the_ring_is_told_of_is_withdrawn_whatever_its_file_says),
        TEST(a_sealed_key_opens_with_its_passphrase_alone),
        TEST(a_sealed_key_stays_sealed_when_it_becomes_active),
        TEST(a_credential_of_systemd_is_read_and_never_written),
        TEST(a_new_keys_parts_are_looked_at),
        TEST(an_issuer_needs_an_https_origin_in_one_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
