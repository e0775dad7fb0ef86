/*
 * `understory restore`: everything happens in DATA.partial, and only when all of it has been proved
 * does that folder become DATA.
 */
#include "base/encode.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/app.h"
#include "cli/backup.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/proof.h"
#include "cli/sealed.h"
#include "cli/tar.h"
#include "credential/log_key.h"
#include "learning/holdings.h"
#include "learning/tlog.h"
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
    "usage: understory restore FILE [--keys FILE2 [--passphrase-file FILE3]] --data FOLDER "
    "[--json]\n"
    "\n"
    "Makes an unused data folder from a backup. Before it says done it has compared every file "
    "with\n"
    "the manifest, checked the database, and proved what `understory audit verify` proves. FILE2 "
    "is\n"
    "the sealed file of keys; without it the keys that are missing are named.\n"
    "\n"
    "Example:\n"
    "  understory restore understory-2026-11-22.tar --keys understory-keys --data "
    "/var/lib/understory\n"
    "\n"
    "Exit: 0 done, 1 not done and nothing was made, 2 usage.\n";

#define MANIFEST_MAX ((size_t)1024 * 1024)

struct restoring {
    const struct command_line *line;
    struct arena *arena;
    const char *file, *keys, *passphrase_file;
    const char *data, *partial; /* folders, without '/' at the end */
    bool json;
    cJSON *manifest, *out;
};

/* ---- the archive ---- */

static const cJSON *manifest_member(const struct restoring *r, const char *name)
{
    const cJSON *member;
    cJSON_ArrayForEach(member,
                       json_get(r->manifest, "members")) if (text_equal(json_string(member, "name"),
                                                                        name)) return member;
    return NULL;
}

static const char *inside(const struct restoring *r, const char *name)
{
    return arena_printf(r->arena, "%s/%s", r->partial, name);
}

static int check_member(struct restoring *r, const char *name, struct error *e)
{
    uint8_t hash[HASH_BYTES];
    int64_t bytes;
    const cJSON *member = manifest_member(r, name);
    if (file_hash(inside(r, name), hash, &bytes, e))
        return -1;
    if ((double)bytes != json_number_or(member, "bytes", -1) ||
        !text_equal(json_string(member, "blake2b"), hex_encode(r->arena, hash, sizeof hash)))
        return error_set(e, ERROR_INVALID,
                         "%s: %s is not what the manifest says; the backup is damaged", r->file,
                         name);
    return 0;
}

static int take_manifest(struct restoring *r, int fd, struct error *e)
{
    struct tar_member m;
    struct buf b;
    buf_init(&b, MANIFEST_MAX);
    int step = tar_next(fd, &m, e);
    if (step == 1 && strcmp(m.name, BACKUP_MANIFEST) == 0 && tar_take_bytes(fd, &m, &b, e) == 0)
        r->manifest = json_parse(b.data ? b.data : "", b.length, e);
    else if (step >= 0)
        error_set(e, ERROR_INVALID, "it does not begin with a manifest");
    buf_free(&b);
    if (!r->manifest)
        return error_prefix(e, "%s is not a backup", r->file);
    if (json_number_or(r->manifest, "format", 0) != BACKUP_FORMAT)
        return error_set(e, ERROR_INVALID, "%s was made by a newer version; install that one",
                         r->file);
    if (!manifest_member(r, APP_DATABASE))
        return error_set(e, ERROR_INVALID, "%s holds no database", r->file);
    return 0;
}

/* Only what the manifest names and we know, so no name in the archive can lead anywhere else. */
static int take_members(struct restoring *r, int fd, struct error *e)
{
    struct tar_member m;
    int step, taken = 0;
    while ((step = tar_next(fd, &m, e)) == 1) {
        bool known = strcmp(m.name, APP_DATABASE) == 0 || strcmp(m.name, BACKUP_SETTINGS) == 0;
        if (!known || !manifest_member(r, m.name))
            return error_set(e, ERROR_INVALID, "%s: what is %s? It is not in the manifest", r->file,
                             m.name);
        if (tar_take_file(fd, &m, inside(r, m.name), e) || check_member(r, m.name, e))
            return -1;
        taken++;
    }
    if (step == 0 && taken != cJSON_GetArraySize(json_get(r->manifest, "members")))
        return error_set(e, ERROR_INVALID, "%s: something that the manifest names is missing",
                         r->file);
    return step;
}

static int take_archive(struct restoring *r, struct error *e)
{
    int fd = open(r->file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set(e, ERROR_IO, "%s cannot be opened: %s", r->file, strerror(errno));
    int result = take_manifest(r, fd, e) ? -1 : take_members(r, fd, e);
    close(fd);
    return result;
}

static int take_keys(struct restoring *r, struct error *e)
{
    if (!r->keys)
        return 0;
    const char *passphrase = passphrase_read(r->passphrase_file, false, r->arena, e);
    return passphrase && keys_unseal(r->keys, passphrase, inside(r, APP_KEYS), e) >= 0 ? 0 : -1;
}

/* ---- the proof ---- */

static int compare_chain(const struct restoring *r, const char *name, int64_t rows,
                         const uint8_t head[HASH_BYTES], struct error *e)
{
    const cJSON *o = json_get(r->manifest, name);
    if ((double)rows == json_number_or(o, "rows", -1) &&
        text_equal(json_string(o, "head"), hex_encode(r->arena, head, HASH_BYTES)))
        return 0;
    return error_set(e, ERROR_INVALID,
                     "%s: the %s is not what the manifest says; the backup is damaged", r->file,
                     name);
}

static void put_missing_keys(struct restoring *r, const struct holdings *h)
{
    cJSON *missing = json_array(r->out, "missing_keys");
    for (int i = 0; i < h->key_count; i++) {
        const char *file = arena_printf(r->arena, "%s/%s.json", inside(r, APP_KEYS), h->keys[i]);
        if (access(file, F_OK) != 0)
            cJSON_AddItemToArray(missing, cJSON_CreateString(h->keys[i]));
    }
}

/* What was published can be checked without it. */
static void put_log_key(struct restoring *r, const struct app *app)
{
    json_put_bool(r->out, "log_key_missing", tlog_key(app->tlog) && tlog_problem(app->tlog));
}

static int prove(struct restoring *r, struct app *app, struct error *e)
{
    struct holdings h;
    if (db_check(app->db, e) || holdings_read(app->db, r->arena, &h, e) ||
        compare_chain(r, "ledger", h.ledger_rows, h.ledger_head, e) ||
        compare_chain(r, "audit", h.audit_rows, h.audit_head, e) ||
        proof_of_history(app, NULL, r->out, e))
        return -1;
    put_missing_keys(r, &h);
    put_log_key(r, app);
    json_put_bool(r->out, "can_sign", issuer_can_sign(app->issuer));
    return 0;
}

/* With the settings that were restored, since the origin in them names the issuer. */
static int open_and_prove(struct restoring *r, struct error *e)
{
    struct settings s;
    char *argv[] = {arena_strdup(r->arena, "restore"),
                    arena_printf(r->arena, "--data=%s", r->partial), NULL};
    int argc = 2;
    if (settings_load(&s, r->arena, &argc, argv, e))
        return error_prefix(e, "the settings in the backup");
    struct app *app = app_open(&s, &r->line->clock, APP_NO_NEW_KEY, e);
    int result = app ? prove(r, app, e) : -1;
    app_close(app);
    return result;
}

/* ---- the folders ---- */

static void remove_partial(const struct restoring *r)
{
    folder_remove(inside(r, APP_KEYS));
    folder_remove(r->partial);
}

static int make_partial(const struct restoring *r, struct error *e)
{
    if (!folder_is_unused(r->data))
        return error_set(e, ERROR_USAGE,
                         "%s is in use; restore into a folder that is not there yet", r->data);
    remove_partial(r); /* left by a restore that was cut off */
    if (mkdir(r->partial, 0700) != 0)
        return error_set(e, ERROR_IO, "%s cannot be made: %s", r->partial, strerror(errno));
    return 0;
}

static int put_in_place(const struct restoring *r, struct error *e)
{
    unlink(inside(r, "lock"));
    if (rmdir(r->data) != 0 && errno != ENOENT)
        return error_set(e, ERROR_IO, "%s: %s", r->data, strerror(errno));
    return file_rename_new(r->partial, r->data, e);
}

static void say_missing_keys(const struct restoring *r, const cJSON *missing)
{
    const cJSON *key;
    cJSON_ArrayForEach(key, missing) printf("A signing key is missing: %s\n", key->valuestring);
    if (cJSON_GetArraySize(missing) == 0)
        return;
    printf("What was signed with it stays good");
    if (json_bool_or(r->out, "can_sign", false))
        printf("; another key signs.\n");
    else
        printf("; new certificates wait until the keys are restored:\n"
               "put them into %s/%s, or restore again with --keys.\n",
               r->data, APP_KEYS);
}

static void say(const struct restoring *r)
{
    printf("Restored into %s and proved: %.0f rows of the ledger, %.0f of the audit, %.0f "
           "certificates.\n",
           r->data, json_number_or(r->out, "ledger_rows", 0),
           json_number_or(r->out, "audit_rows", 0), json_number_or(r->out, "certificates", 0));
    proof_say_log(r->out);
    proof_say_private(r->out);
    say_missing_keys(r, json_get(r->out, "missing_keys"));
    if (json_bool_or(r->out, "log_key_missing", false))
        printf(
            "The log's key is missing: %s/%s/%s. What it signed stays good; new checkpoints wait "
            "for it.\n",
            r->data, APP_KEYS, LOG_KEY_FILE);
}

static int run(struct restoring *r)
{
    struct error e = {0};
    if (make_partial(r, &e))
        return command_fail(r->line, &e);
    if (take_archive(r, &e) || take_keys(r, &e) || open_and_prove(r, &e) || put_in_place(r, &e)) {
        remove_partial(r);
        return command_fail(r->line, &e);
    }
    json_put(r->out, "data", r->data);
    json_put(r->out, "made_at", json_string(r->manifest, "made_at"));
    if (r->json)
        command_print_json(r->out);
    else
        say(r);
    return EXIT_DONE;
}

static const char *without_slash(struct arena *a, const char *path)
{
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    return arena_strndup(a, path, n);
}

int cmd_restore(int argc, char **argv)
{
    struct command_line line;
    struct restoring r = {.line = &line};
    const struct command_option options[] = {{"keys", &r.keys, NULL},
                                             {"passphrase-file", &r.passphrase_file, NULL},
                                             {"json", NULL, &r.json},
                                             {0}};
    if (command_helped(argc, argv, help))
        return EXIT_DONE;
    int result = command_begin_options(&line, "restore", options, &argc, argv);
    if (result == 0 && optind + 1 != argc)
        result = command_usage(&line, "say which FILE to restore");
    if (result == 0) {
        r.file = argv[optind];
        r.arena = line.arena;
        r.data = without_slash(r.arena, line.settings.data);
        r.partial = arena_printf(r.arena, "%s.partial", r.data);
        r.out = cJSON_CreateObject();
        result = run(&r);
    }
    cJSON_Delete(r.manifest);
    cJSON_Delete(r.out);
    command_end(&line);
    return result;
}
