/* `understory audit verify`: both hash chains, every certificate and their log, from the first row.
 */
#include "base/json.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/control.h"
#include "cli/files.h"
#include "cli/proof.h"
#include "learning/certificate_file.h"
#include "learning/ledger.h"
#include "learning/secret.h"
#include "learning/tlog.h"
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: understory audit verify [--checkpoint FILE] [--json] [--data FOLDER]\n"
    "\n"
    "Walks the ledger and the audit from their first row and recomputes every hash, compares each\n"
    "handed-in learning check with its answers, checks every certificate's bytes and signature "
    "and\n"
    "every PDF and picture that was made of one, builds the transparency log anew and compares it\n"
    "with what was published, and opens all private writing (which is shown to nobody). FILE is a\n"
    "checkpoint of the log that somebody kept (`understory log checkpoint` printed it): does the "
    "log\n"
    "of today still agree with it?\n"
    "Works while the server runs and when it does not.\n"
    "\n"
    "Examples:\n"
    "  understory audit verify --data /var/lib/understory\n"
    "  understory audit verify --checkpoint checkpoint-of-last-year.txt\n"
    "\n"
    "Exit: 0 everything holds, 1 the message names the first thing that does not, 2 usage.\n";

int proof_of_history(struct app *app, const char *kept, cJSON *out, struct error *e)
{
    int64_t ledger = 0, audit = 0, certificates = 0, files = 0;
    struct secret_proof private = {0};
    struct tlog_proof log = {0};
    struct conn *c = db_read_begin(app->db, e);
    if (!c)
        return -1;
    db_read_unless(c, &app->stopping);
    int result = ledger_verify(c, &ledger, e) || audit_verify(c, &audit, e) ||
                         certificate_verify_all(c, &app->learning, &certificates, e) ||
                         certificate_file_verify_all(c, &files, e) ||
                         tlog_verify(c, app->tlog, kept, &log, e) ||
                         secret_prove(c, &app->learning, &private, e)
                     ? -1
                     : 0;
    db_read_end(app->db, c);
    json_put_int(out, "ledger_rows", ledger);
    json_put_int(out, "audit_rows", audit);
    json_put_int(out, "certificates", certificates);
    json_put_int(out, "certificate_files", files);
    json_put_int(out, "log_size", log.size);
    json_put_int(out, "log_checkpoints", log.checkpoints);
    json_put_int(out, "private_texts", private.texts);
    json_put_int(out, "private_texts_opened", private.opened);
    return result;
}

void proof_say_log(const cJSON *out)
{
    double size = json_number_or(out, "log_size", 0);
    double checkpoints = json_number_or(out, "log_checkpoints", 0);
    if (size > 0)
        printf("The log of certificates holds with %.0f of them; checkpoints signed: %.0f.\n", size,
               checkpoints);
}

void proof_say_private(const cJSON *out)
{
    double texts = json_number_or(out, "private_texts", 0);
    double opened = json_number_or(out, "private_texts_opened", 0);
    if (texts == 0)
        printf("There is no private writing to open.\n");
    else if (opened == texts)
        printf("Private writing opens with its key: %.0f of %.0f texts, read by nobody.\n", opened,
               texts);
    else
        printf("Private writing: %.0f of %.0f texts cannot be opened, because the key that sealed "
               "them is not\nin %s/. They are kept as they are. Put the key back from the backup "
               "of the keys: as %s,\nor, when there is a newer one already, as %sfound.key.\n",
               texts - opened, texts, APP_KEYS, SECRET_FILE, SECRET_OLDER);
}

static void say(const cJSON *out, const char *checkpoint)
{
    printf("Everything holds: %.0f rows of the ledger, %.0f of the audit, %.0f certificates.\n",
           json_number_or(out, "ledger_rows", 0), json_number_or(out, "audit_rows", 0),
           json_number_or(out, "certificates", 0));
    proof_say_log(out);
    if (checkpoint)
        printf("It agrees with the checkpoint in %s.\n", checkpoint);
    proof_say_private(out);
}

/* The checkpoint's text goes into the server, which may not be able to read the file. */
static int take_checkpoint(const char *file, cJSON *in, struct error *e)
{
    struct buf text;
    if (!file)
        return 0;
    buf_init(&text, NOTE_MAX_BYTES);
    int result = file_read(file, &text, e);
    if (result == 0 && !text_is_utf8(text.data ? text.data : "", text.length))
        result = error_set(e, ERROR_INVALID, "%s is not a checkpoint of a log", file);
    if (result == 0)
        json_put(in, "checkpoint", text.data ? text.data : "");
    buf_free(&text);
    return result;
}

static int run(const struct command_line *line, const char *checkpoint, bool json)
{
    struct error e = {0};
    cJSON *in = cJSON_CreateObject(), *out = cJSON_CreateObject();
    int result = EXIT_DONE;
    if (take_checkpoint(checkpoint, in, &e) || control_call(line, "audit.verify", in, out, &e))
        result = command_fail(line, &e);
    else if (json)
        command_print_json(out);
    else
        say(out, checkpoint);
    cJSON_Delete(in);
    cJSON_Delete(out);
    return result;
}

int cmd_audit(int argc, char **argv)
{
    struct command_line line;
    const char *checkpoint = NULL;
    bool json = false;
    const struct command_option options[] = {
        {"checkpoint", &checkpoint, NULL}, {"json", NULL, &json}, {0}};
    if (command_helped(argc, argv, help))
        return EXIT_DONE;
    if (argc < 2 || strcmp(argv[1], "verify") != 0) {
        fputs(help, stderr);
        return EXIT_USAGE;
    }
    argc--;
    argv++;
    int result = command_begin_options(&line, "audit verify", options, &argc, argv);
    if (result == 0)
        result = command_no_more(&line, argc, argv);
    if (result == 0)
        result = run(&line, checkpoint, json);
    command_end(&line);
    return result;
}
