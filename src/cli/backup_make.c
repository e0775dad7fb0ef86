/*
 * The database is copied by the engine into PATH.database, opened once (which proves that it opens,
 * and lets the manifest speak of the copy rather than of a database that has moved on), hashed, put
 * into PATH.partial behind the manifest, and the whole is renamed to PATH when it is on disk.
 */
#include "base/encode.h"
#include "base/json.h"
#include "base/log.h"
#include "cli/backup.h"
#include "cli/files.h"
#include "cli/tar.h"
#include "cli/version.h"
#include "learning/holdings.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SETTINGS_MAX ((size_t)1024 * 1024)

struct making {
    struct app *app;
    struct arena *arena;
    const char *path, *partial, *database;
    instant at;
    struct buf settings; /* the settings file, empty when there is none */
    bool has_settings;
    struct holdings holdings;
    uint8_t database_hash[HASH_BYTES];
    int64_t database_bytes;
};

static int copy_database(struct making *m, struct error *e)
{
    unlink(m->database); /* left by a backup that was cut off */
    if (db_backup(m->app->db, m->database, e))
        return -1;
    if (chmod(m->database, 0600) != 0)
        return error_set(e, ERROR_IO, "%s: %s", m->database, strerror(errno));
    struct db *copy = db_open(&(struct db_options){.path = m->database, .readers = 1}, e);
    if (!copy)
        return -1;
    int result = holdings_read(copy, m->arena, &m->holdings, e);
    db_close(copy);
    return result ? -1 : file_hash(m->database, m->database_hash, &m->database_bytes, e);
}

static int read_settings(struct making *m, struct error *e)
{
    const char *path = app_path(m->arena, m->app->settings, BACKUP_SETTINGS);
    m->has_settings = access(path, F_OK) == 0;
    return m->has_settings ? file_read(path, &m->settings, e) : 0;
}

/* ---- the manifest ---- */

static void put_chain(struct making *m, cJSON *root, const char *name, int64_t rows,
                      const uint8_t head[HASH_BYTES])
{
    cJSON *o = json_object(root, name);
    json_put_int(o, "rows", rows);
    json_put(o, "head", hex_encode(m->arena, head, HASH_BYTES));
}

static void put_member(struct making *m, cJSON *list, const char *name, int64_t bytes,
                       const uint8_t hash[HASH_BYTES])
{
    cJSON *o = json_item(list);
    json_put(o, "name", name);
    json_put_int(o, "bytes", bytes);
    json_put(o, "blake2b", hex_encode(m->arena, hash, HASH_BYTES));
}

static void write_manifest(struct making *m, struct buf *out)
{
    char at[21];
    uint8_t hash[HASH_BYTES];
    cJSON *root = cJSON_CreateObject();
    instant_rfc3339(m->at, at);
    json_put_int(root, "format", BACKUP_FORMAT);
    json_put(root, "made_at", at);
    json_put(root, "program", version_line());
    json_put_int(root, "schema", db_schema_version());
    put_chain(m, root, "ledger", m->holdings.ledger_rows, m->holdings.ledger_head);
    put_chain(m, root, "audit", m->holdings.audit_rows, m->holdings.audit_head);
    cJSON *keys = json_array(root, "keys");
    for (int i = 0; i < m->holdings.key_count; i++)
        cJSON_AddItemToArray(keys, cJSON_CreateString(m->holdings.keys[i]));
    cJSON *members = json_array(root, "members");
    put_member(m, members, APP_DATABASE, m->database_bytes, m->database_hash);
    if (m->has_settings) {
        hash_blake2b(m->settings.data ? m->settings.data : "", m->settings.length, hash);
        put_member(m, members, BACKUP_SETTINGS, (int64_t)m->settings.length, hash);
    }
    json_print(root, out);
    buf_putc(out, '\n');
    cJSON_Delete(root);
}

/* ---- the archive ---- */

static int put_members(struct making *m, int fd, struct error *e)
{
    struct buf manifest;
    buf_init(&manifest, SETTINGS_MAX);
    write_manifest(m, &manifest);
    int result = tar_put_bytes(fd, BACKUP_MANIFEST, manifest.data, manifest.length, m->at, e) ||
                 tar_put_file(fd, APP_DATABASE, m->database, m->database_bytes, m->at, e) ||
                 (m->has_settings &&
                  tar_put_bytes(fd, BACKUP_SETTINGS, m->settings.data ? m->settings.data : "",
                                m->settings.length, m->at, e)) ||
                 tar_put_end(fd, e);
    buf_free(&manifest);
    return result ? -1 : 0;
}

static int write_archive(struct making *m, struct error *e)
{
    unlink(m->partial);
    int fd = open(m->partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return error_set(e, ERROR_IO, "%s cannot be made: %s", m->partial, strerror(errno));
    int result = put_members(m, fd, e);
    if (result == 0 && fsync(fd) != 0)
        result = error_set(e, file_error_kind(errno), "%s: %s", m->partial, strerror(errno));
    close(fd);
    return result ? -1 : file_rename_new(m->partial, m->path, e);
}

static void put_result(struct making *m, cJSON *out)
{
    struct stat st;
    json_put(out, "file", m->path);
    if (stat(m->path, &st) == 0)
        json_put_int(out, "bytes", st.st_size);
    json_put_int(out, "ledger_rows", m->holdings.ledger_rows);
    cJSON *keys = json_array(out, "keys");
    for (int i = 0; i < m->holdings.key_count; i++)
        cJSON_AddItemToArray(keys, cJSON_CreateString(m->holdings.keys[i]));
}

/* ---- that it was made ---- */

struct noting {
    const char *what, *detail;
    instant at;
};

static int write_note(struct conn *c, void *arg, struct error *e)
{
    const struct noting *n = arg;
    return backup_note(c, n->what, n->detail, n->at, e);
}

/* The backup is good whether or not this can be written; the log says so then. */
static void note(struct app *app, const char *what, const char *detail)
{
    struct error e = {0};
    struct noting n = {what, detail, clock_now(app->clock)};
    if (db_write(app->db, write_note, &n, &e))
        log_line(LOG_WARNING, "a backup was made, but not noted: %s", e.message);
}

void backup_keys_made(struct app *app, int64_t keys)
{
    char detail[32];
    snprintf(detail, sizeof detail, "keys=%lld", (long long)keys);
    note(app, BACKUP_OF_KEYS, detail);
}

static void data_made(struct making *m)
{
    char detail[64];
    snprintf(detail, sizeof detail, "ledger=%lld", (long long)m->holdings.ledger_rows);
    note(m->app, BACKUP_OF_DATA, detail);
}

int backup_make(struct app *app, const char *path, cJSON *out, struct error *e)
{
    if (access(path, F_OK) == 0)
        return error_set(e, ERROR_CONFLICT, "%s exists; name a new file", path);
    struct making m = {
        .app = app, .arena = arena_create(), .path = path, .at = clock_now(app->clock)};
    m.partial = arena_printf(m.arena, "%s.partial", path);
    m.database = arena_printf(m.arena, "%s.database", path);
    buf_init(&m.settings, SETTINGS_MAX);
    int result = read_settings(&m, e) || copy_database(&m, e) || write_archive(&m, e) ? -1 : 0;
    if (result == 0) {
        put_result(&m, out);
        data_made(&m);
    }
    unlink(m.database);
    unlink(m.partial);
    buf_free(&m.settings);
    arena_free(m.arena);
    return result;
}
