/* understory verify: is this certificate genuine, and does it stand? */
#include "cli/verify.h"
#include "cli/commands.h"
#include "credential/trust.h"
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: understory verify FILE [--did FILE] [--status FILE] [--checkpoint FILE]\n"
    "                              [--online] [--at TIME] [--json]\n"
    "\n"
    "Checks a certificate: its exact form, its signature, whether the key is its issuer's, its\n"
    "dates and its status. Without --online nobody is asked. FILE (- for standard input) is any\n"
    "of the five that a holder can have; which one, its first bytes say:\n"
    "\n"
    "  credential.json      the signed certificate (eddsa-rdfc-2022)\n"
    "  credential.jcs.json  the same with a proof over its exact JSON (eddsa-jcs-2022)\n"
    "  certificate.png      the picture that holds it\n"
    "  certificate.pdf      the PDF that it is attached to\n"
    "  bundle.zip           all that is needed offline, but for the issuer's keys: a did.json in\n"
    "                       it is never believed; its status list is, when the issuer signed it,\n"
    "                       and so are its proofs of the log, when they lead to a checkpoint that\n"
    "                       the log signed\n"
    "\n"
    "  --did FILE     the issuer's did.json, which you trust (you got it from the issuer, not\n"
    "                 with the certificate); without it a pinned one is used\n"
    "                 (understory trust add)\n"
    "  --status FILE  the issuer's signed status list that the certificate names\n"
    "  --checkpoint FILE  a checkpoint of the issuer's public log that you have from elsewhere, "
    "an\n"
    "                 auditor say: the proofs of a bundle must lead to it. When the log's key is\n"
    "                 pinned (understory trust log), it must have signed the checkpoint\n"
    "  --online       ask the issuer's own host, by https alone, for what --did and --status do\n"
    "                 not give. A pin wins: the key must then be pinned, and the host must still\n"
    "                 list it. The host's status list counts unless that of a bundle tells more.\n"
    "                 Nothing is asked about a file that is invalid. SSL_CERT_FILE names\n"
    "                 the certificate of an authority of yours, in place of the system's\n"
    "  --at TIME      judge as of 2026-07-01 or 2026-07-01T17:05:09Z; the default is now. What "
    "was\n"
    "                 signed up to five minutes later counts, since clocks differ\n"
    "  --json         print the whole report as JSON\n"
    "  --data DIR     data folder with the pins\n"
    "\n"
    "Exit code: the worst that was found, in this order of weight\n"
    "  1  invalid: not a certificate, or changed after signing\n"
    "  6  the signature is sound, but nothing proves that the key is the issuer's\n"
    "  3  revoked, or superseded by another certificate\n"
    "  4  expired or not yet valid\n"
    "  5  genuine, but without a fresh status list nobody knows whether it was revoked; or\n"
    "     genuine, and the checkpoint given does not show it in the log; or in doubt, since it\n"
    "     and what came along of the log contradict each other\n"
    "  0  valid\n"
    "and 2 when the command line is wrong or a file cannot be read.\n"
    "\n"
    "examples:\n"
    "  understory verify certificate.pdf --did did.json --status list.json\n"
    "  understory verify bundle.zip\n"
    "  understory verify credential.json --at 2026-12-31 --json\n"
    "  understory verify certificate.png --online\n";

struct file {
    const char *bytes;
    size_t length;
};

struct options {
    const char *credential, *did, *status, *checkpoint;
    instant at;
    bool at_given, json, online;
};

/* At most `max` bytes and one more, so that the verifier can say what is too large. */
static int read_file(struct command_line *c, const char *path, size_t max, struct file *out)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *f = standard ? stdin : fopen(path, "rb");
    char *bytes = arena_alloc(c->arena, max + 2);
    if (f)
        out->length = fread(bytes, 1, max + 1, f);
    if (!f || ferror(f)) {
        fprintf(stderr, "understory verify: error: cannot read %s: %s\n", path, strerror(errno));
        if (f && !standard)
            fclose(f);
        return EXIT_USAGE;
    }
    if (!standard)
        fclose(f);
    out->bytes = bytes;
    return 0;
}

/* 0, or the exit code after a message. */
static int read_options(struct command_line *c, int argc, char **argv, struct options *o)
{
    enum { DID = 256, STATUS, AT, JSON, ONLINE, CHECKPOINT };
    static const struct option options[] = {{"did", required_argument, NULL, DID},
                                            {"status", required_argument, NULL, STATUS},
                                            {"at", required_argument, NULL, AT},
                                            {"json", no_argument, NULL, JSON},
                                            {"checkpoint", required_argument, NULL, CHECKPOINT},
                                            {"online", no_argument, NULL, ONLINE},
                                            {NULL, 0, NULL, 0}};
    o->at = clock_now(&c->clock);
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case DID:
            o->did = optarg;
            break;
        case STATUS:
            o->status = optarg;
            break;
        case AT:
            if (!instant_parse(optarg, &o->at) && !instant_parse_date(optarg, &o->at))
                return command_usage(c,
                                     "--at takes a time like 2026-07-01 or "
                                     "2026-07-01T17:05:09Z, not \"%s\"",
                                     optarg);
            o->at_given = true;
            break;
        case JSON:
            o->json = true;
            break;
        case ONLINE:
            o->online = true;
            break;
        case CHECKPOINT:
            o->checkpoint = optarg;
            break;
        default:
            return EXIT_USAGE;
        }
    }
    if (argc - optind != 1)
        return command_usage(c, "give one certificate file");
    o->credential = argv[optind];
    return 0;
}

/* What is pinned for the host that the certificate claims: its keys, unless --did gives them, and
 * its log's. */
static int find_pins(struct command_line *c, const struct options *o, const struct opened *opened,
                     struct verify_input *in)
{
    struct error e = {0};
    struct file did = {0};
    bool log_pinned = false;
    struct note_key *log_key = arena_alloc(c->arena, sizeof *log_key);
    const char *host =
        credential_claimed_host(opened->credential, opened->credential_length, c->arena);
    if (o->did) {
        int code = read_file(c, o->did, CREDENTIAL_MAX_BYTES * 4, &did);
        if (code)
            return code;
    } else if (host) {
        did.bytes = trust_load(c->settings.data, host, c->arena, &did.length, &e);
    }
    if ((!did.bytes && e.kind) ||
        (host && trust_load_log(c->settings.data, host, c->arena, log_key, &log_pinned, &e) != 0)) {
        command_fail(c, &e);
        return EXIT_USAGE;
    }
    in->did_document = did.bytes;
    in->did_length = did.length;
    in->log_keys = log_key;
    in->log_key_count = log_pinned;
    return 0;
}

static int judge(struct command_line *c, const struct options *o, const struct opened *opened,
                 struct verify_report *report)
{
    struct file status = {opened->status.bytes, opened->status.length}, checkpoint = {0};
    struct error e = {0};
    struct verify_input in = {.credential = opened->credential,
                              .credential_length = opened->credential_length,
                              .how = file_kind_words(opened->kind),
                              .did_came_along = opened->did.bytes != NULL,
                              .log_proof = opened->proof.bytes,
                              .log_proof_length = opened->proof.length,
                              .log_consistency = opened->consistency.bytes,
                              .log_consistency_length = opened->consistency.length,
                              .at = o->at};
    int code = find_pins(c, o, opened, &in);
    if (!code && o->status)
        code = read_file(c, o->status, STATUS_FILE_MAX_BYTES, &status);
    if (!code && o->checkpoint)
        code = read_file(c, o->checkpoint, NOTE_MAX_BYTES, &checkpoint);
    if (code)
        return code;
    in.status_list = status.bytes;
    in.status_length = status.length;
    in.checkpoint = checkpoint.bytes;
    in.checkpoint_length = checkpoint.length;
    struct verify_online_options online = {
        .pinned = !o->did, .at_given = o->at_given, .status_given = o->status != NULL};
    if (o->online ? verify_online(c, &online, &in, report, &e)
                  : credential_verify(&in, c->arena, report, &e)) {
        command_fail(c, &e);
        return EXIT_USAGE;
    }
    return 0;
}

static int run(struct command_line *c, int argc, char **argv)
{
    struct options o = {0};
    struct file file = {0};
    struct opened opened;
    struct verify_report report;
    struct error e = {0};
    int code = read_options(c, argc, argv, &o);
    if (!code)
        code = read_file(c, o.credential, CREDENTIAL_FILE_MAX_BYTES, &file);
    if (code)
        return code;
    if (credential_open(file.bytes, file.length, c->arena, &opened, &e) != 0)
        credential_refused(&e, c->arena, &report);
    else
        code = judge(c, &o, &opened, &report);
    if (code)
        return code;
    if (o.json)
        verify_print_json(&report, opened.kind);
    else
        verify_print_text(&report);
    return (int)report.verdict;
}

int cmd_verify(int argc, char **argv)
{
    struct command_line c;
    if (command_helped(argc, argv, help))
        return EXIT_DONE;
    /* Exit code 1 means an invalid certificate here, so every other trouble is 2. */
    int code = command_begin(&c, "verify", &argc, argv) ? EXIT_USAGE : run(&c, argc, argv);
    command_end(&c);
    return code;
}
