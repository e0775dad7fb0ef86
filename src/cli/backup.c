/* `understory backup`: the command; what a backup is stands in backup.h. */
#include "cli/backup.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/control.h"
#include "cli/files.h"
#include "cli/sealed.h"
#include "credential/keys.h"
#include <stdio.h>

static const char help[] =
    "usage: understory backup FILE [--json] [--data FOLDER]\n"
    "       understory backup [FILE] --keys FILE2 [--passphrase-file FILE3] [--json] [--data "
    "FOLDER]\n"
    "\n"
    "FILE gets a consistent copy of the database with all publications, and the settings, while\n"
    "the server runs or not. It never holds a key. FILE2 gets the signing keys and the key to\n"
    "private writing, sealed under a passphrase of at least 12 bytes (asked for twice). Keep\n"
    "the two files in different places; you need both, and the passphrase, after a fire. Neither\n"
    "file is ever overwritten.\n"
    "\n"
    "Examples:\n"
    "  understory backup /var/backups/understory-$(date +%F).tar --data /var/lib/understory\n"
    "  understory backup --keys /media/safe/understory-keys --data /var/lib/understory\n"
    "\n"
    "Exit: 0 done, 1 not done, 2 usage.\n";

struct wanted {
    const char *file, *keys, *passphrase_file;
    bool json;
};

static int data_part(const struct command_line *line, const char *file, cJSON *out, struct error *e)
{
    cJSON *in = cJSON_CreateObject();
    json_put(in, "path", path_absolute(line->arena, file));
    int result = control_call(line, "backup", in, out, e);
    cJSON_Delete(in);
    return result;
}

/* For the administration's page. The sealed file is good without. */
static void note_keys(const struct command_line *line, int count)
{
    struct error e = {0};
    cJSON *in = cJSON_CreateObject(), *out = cJSON_CreateObject();
    json_put_int(in, "keys", count);
    if (control_call(line, "backup.keys-made", in, out, &e))
        fprintf(stderr, "understory backup: not noted on the site: %s\n", e.message);
    cJSON_Delete(in);
    cJSON_Delete(out);
}

/* Those whose private half is not in the folder. */
static int count_credentials(const char *folder)
{
    struct error ignored = {0};
    struct key_ring *ring = key_ring_open(folder, NULL, &ignored);
    int count = 0;
    for (size_t i = 0; ring && i < ring->count; i++)
        count += ring->keys[i].state <= KEY_ACTIVE && ring->keys[i].form == KEY_CREDENTIAL;
    key_ring_free(ring);
    return count;
}

static int keys_part(const struct command_line *line, const struct wanted *w, cJSON *out,
                     struct error *e)
{
    const char *folder = app_path(line->arena, &line->settings, APP_KEYS);
    const char *passphrase = passphrase_read(w->passphrase_file, true, line->arena, e);
    int count =
        passphrase ? keys_seal(folder, w->keys, passphrase, clock_now(&line->clock), e) : -1;
    json_put(out, "keys_file", w->keys);
    json_put_int(out, "keys_sealed", count);
    json_put_int(out, "keys_elsewhere", count < 0 ? 0 : count_credentials(folder));
    if (count > 0)
        note_keys(line, count);
    return count < 0 ? -1 : 0;
}

static void say(const struct wanted *w, const cJSON *out)
{
    if (w->file)
        printf("%s: %.0f bytes; %.0f facts in the ledger. The keys are not in it%s.\n", w->file,
               json_number_or(out, "bytes", 0), json_number_or(out, "ledger_rows", 0),
               w->keys ? "" : "; back them up with --keys FILE2");
    if (w->keys)
        printf("%s: keys, sealed: %.0f. Keep it apart from the other file.\n", w->keys,
               json_number_or(out, "keys_sealed", 0));
    if (json_number_or(out, "keys_elsewhere", 0) > 0)
        printf("Of %.0f the private half is a systemd credential, and not in it: keep that "
               "yourself.\n",
               json_number_or(out, "keys_elsewhere", 0));
}

static int run(const struct command_line *line, const struct wanted *w)
{
    struct error e = {0};
    cJSON *out = cJSON_CreateObject();
    int result = w->file ? data_part(line, w->file, out, &e) : 0;
    if (result == 0 && w->keys)
        result = keys_part(line, w, out, &e);
    if (result)
        result = command_fail(line, &e);
    else if (w->json)
        command_print_json(out);
    else
        say(w, out);
    cJSON_Delete(out);
    return result;
}

int cmd_backup(int argc, char **argv)
{
    struct command_line line;
    struct wanted w = {0};
    const struct command_option options[] = {{"keys", &w.keys, NULL},
                                             {"passphrase-file", &w.passphrase_file, NULL},
                                             {"json", NULL, &w.json},
                                             {0}};
    if (command_helped(argc, argv, help))
        return EXIT_DONE;
    int result = command_begin_options(&line, "backup", options, &argc, argv);
    if (result == 0)
        result = command_argument(&line, argc, argv, "FILE", &w.file);
    if (result == 0 && !w.file && !w.keys)
        result = command_usage(&line, "say which FILE to write");
    if (result == 0)
        result = run(&line, &w);
    command_end(&line);
    return result;
}
