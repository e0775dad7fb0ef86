/* understory verify: is this certificate genuine, and does it stand? */
#include "credential/verify.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/fetch.h"
#include "credential/trust.h"
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: understory verify FILE [--did FILE] [--status FILE] [--online] [--at TIME] [--json]\n"
    "\n"
    "Checks a certificate (a .json file, - for standard input): its exact form, its signature,\n"
    "whether the key is its issuer's, its dates and its status. Without --online nobody is asked.\n"
    "\n"
    "  --did FILE     the issuer's did.json, which you trust (you got it from the issuer, not\n"
    "                 with the certificate); without it a pinned one is used\n"
    "                 (understory trust add)\n"
    "  --status FILE  the issuer's signed status list that the certificate names\n"
    "  --online       ask the issuer's own host, by https alone, for what --did and --status do\n"
    "                 not give. A pin wins: the key must then be pinned, and the host must still\n"
    "                 list it. Nothing is asked about a file that is invalid. SSL_CERT_FILE names\n"
    "                 the certificate of an authority of yours, in place of the system's\n"
    "  --at TIME      judge as of 2026-07-01 or 2026-07-01T17:05:09Z; the default is now\n"
    "  --json         print the whole report as JSON\n"
    "  --data DIR     data folder with the pins\n"
    "\n"
    "Exit code: the worst that was found, in this order of weight\n"
    "  1  invalid: not a certificate, or changed after signing\n"
    "  6  the signature is sound, but nothing proves that the key is the issuer's\n"
    "  3  revoked, or superseded by another certificate\n"
    "  4  expired or not yet valid\n"
    "  5  genuine, but without a fresh status list nobody knows whether it was revoked\n"
    "  0  valid\n"
    "and 2 when the command line is wrong or a file cannot be read.\n"
    "\n"
    "examples:\n"
    "  understory verify certificate.json --did did.json --status list.json\n"
    "  understory verify certificate.json --at 2026-12-31 --json\n"
    "  understory verify certificate.json --online\n";

struct file {
    const char *bytes;
    size_t length;
};

struct options {
    const char *credential, *did, *status;
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

/* What we will read one day, by its first bytes. */
static const char *other_kind(const struct file *f)
{
    static const struct {
        const char *magic;
        size_t length;
        const char *kind;
    } kinds[] = {
        {"%PDF-", 5, "a PDF"}, {"\x89PNG", 4, "a PNG image"}, {"PK\x03\x04", 4, "a zip archive"}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (f->length >= kinds[i].length && memcmp(f->bytes, kinds[i].magic, kinds[i].length) == 0)
            return kinds[i].kind;
    return NULL;
}

/* What a file says reaches a terminal: control and direction characters become '?',
 * newlines spaces. */
static void put_safe(const char *s)
{
    struct buf out;
    buf_init(&out, CREDENTIAL_MAX_BYTES);
    while (*s) {
        uint32_t c = text_next(&s);
        bool control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
        bool direction = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        text_put_utf8(&out, c == '\n' ? ' ' : control || direction ? '?' : c);
    }
    fwrite(out.length ? out.data : "", 1, out.length, stdout);
    buf_free(&out);
}

static void put_fact(const char *name, const char *value)
{
    if (!value)
        return;
    printf("  %-12s ", name);
    put_safe(value);
    putchar('\n');
}

static void print_text(const struct verify_report *r)
{
    put_safe(r->words);
    printf("\n\n");
    for (int i = 0; i < r->step_count; i++) {
        printf("  %-4s %-11s ", r->steps[i].ok ? "ok" : "NO", r->steps[i].name);
        put_safe(r->steps[i].detail);
        putchar('\n');
    }
    if (!r->id)
        return;
    printf("\nWhat it says:\n");
    put_fact("holder", r->holder);
    put_fact("title", r->title);
    put_fact("course", r->course);
    put_fact("version", r->version);
    put_fact("criteria", r->criteria);
    put_fact("awarded", r->awarded);
    put_fact("valid from", r->valid_from);
    put_fact("valid until", r->valid_until);
    put_fact("issuer", r->issuer_name);
    put_fact("did", r->issuer);
    put_fact("key", r->key_id);
    put_fact("fingerprint", r->fingerprint);
    put_fact("id", r->id);
}

static void print_json(const struct verify_report *r)
{
    cJSON *o = cJSON_CreateObject();
    json_put(o, "verdict", verdict_name(r->verdict));
    json_put_int(o, "exit", r->verdict);
    json_put(o, "words", r->words);
    cJSON *steps = json_array(o, "steps");
    for (int i = 0; i < r->step_count; i++) {
        cJSON *s = json_item(steps);
        json_put(s, "name", r->steps[i].name);
        json_put_bool(s, "ok", r->steps[i].ok);
        json_put(s, "detail", r->steps[i].detail);
    }
    json_put(o, "id", r->id);
    json_put(o, "holder", r->holder);
    json_put(o, "title", r->title);
    json_put(o, "course", r->course);
    json_put(o, "version", r->version);
    json_put(o, "description", r->description);
    json_put(o, "criteria", r->criteria);
    json_put(o, "awarded", r->awarded);
    json_put(o, "valid_from", r->valid_from);
    json_put(o, "valid_until", r->valid_until);
    json_put(o, "issuer", r->issuer);
    json_put(o, "issuer_name", r->issuer_name);
    json_put(o, "key_id", r->key_id);
    json_put(o, "fingerprint", r->fingerprint);
    command_print_json(o);
    cJSON_Delete(o);
}

/* 0, or the exit code after a message. */
static int read_options(struct command_line *c, int argc, char **argv, struct options *o)
{
    enum { DID = 256, STATUS, AT, JSON, ONLINE, LATER };
    static const struct option options[] = {{"did", required_argument, NULL, DID},
                                            {"status", required_argument, NULL, STATUS},
                                            {"at", required_argument, NULL, AT},
                                            {"json", no_argument, NULL, JSON},
                                            {"checkpoint", optional_argument, NULL, LATER},
                                            {"online", no_argument, NULL, ONLINE},
                                            {NULL, 0, NULL, 0}};
    o->at = clock_now(&c->clock);
    for (int option, at = 0; (option = getopt_long(argc, argv, "", options, &at)) != -1;) {
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
        case LATER:
            return command_usage(c,
                                 "--%s is not built yet: verify works from --did and --status, or "
                                 "--online",
                                 options[at].name);
        default:
            return EXIT_USAGE;
        }
    }
    if (argc - optind != 1)
        return command_usage(c, "give one certificate file");
    o->credential = argv[optind];
    return 0;
}

/* The trusted did document: --did, else the pin of the host that the certificate claims. */
static int find_did(struct command_line *c, const struct options *o, const struct file *credential,
                    struct file *did)
{
    struct error e = {0};
    if (o->did)
        return read_file(c, o->did, CREDENTIAL_MAX_BYTES * 4, did);
    const char *host = credential_claimed_host(credential->bytes, credential->length, c->arena);
    if (!host)
        return 0;
    did->bytes = trust_load(c->settings.data, host, c->arena, &did->length, &e);
    if (!did->bytes && e.kind) {
        command_fail(c, &e);
        return EXIT_USAGE;
    }
    return 0;
}

/* Why a step could not be taken, in place of what the verifier knows of it. */
static void explain(struct verify_report *r, const char *step, const char *why)
{
    for (int i = 0; i < r->step_count; i++)
        if (strcmp(r->steps[i].name, step) == 0 && !r->steps[i].ok)
            r->steps[i].detail = why;
}

/* The path of the status list that a certificate names at its issuer's own host; NULL when it is
 * anywhere else. */
static const char *status_path(struct command_line *c, const struct verify_input *in,
                               const char *host)
{
    struct error ignored = {0};
    cJSON *document = json_parse(in->credential, in->credential_length, &ignored);
    const char *url = json_string(json_get(document, "credentialStatus"), "statusListCredential");
    const char *own = arena_printf(c->arena, "https://%s/", host);
    const char *path =
        url && text_starts(url, own) ? arena_strdup(c->arena, url + strlen(own) - 1) : NULL;
    cJSON_Delete(document);
    return path;
}

/* A pin and the host's own word: the key must stand in both. Trust comes from the pin alone, so
 * that who takes over the host can add no key; the host can withdraw one. A host that does not
 * answer changes nothing. */
static int compare_with_pin(struct command_line *c, const struct verify_input *pinned,
                            const char *host, struct verify_report *r, struct error *e)
{
    struct error why = {0};
    struct verify_report there;
    struct verify_input in = *pinned;
    in.did_document =
        fetch_file(c->arena, host, FETCH_DID_PATH, FETCH_DID_MAX_BYTES, &in.did_length, &why);
    if (!in.did_document)
        return 0;
    if (credential_verify(&in, c->arena, &there, e) != 0)
        return -1;
    bool is_pinned = r->verdict != VERDICT_KEY_UNCONFIRMED;
    bool is_listed = there.verdict != VERDICT_KEY_UNCONFIRMED;
    if (is_pinned && !is_listed) {
        *r = there;
        explain(r, "issuer key",
                arena_printf(c->arena,
                             "the key %s is pinned here for %s, but %s does not list it any more: "
                             "it was withdrawn, or somebody else answers there; ask the issuer in "
                             "another way",
                             r->fingerprint, host, host));
    } else if (!is_pinned && is_listed) {
        explain(r, "issuer key",
                arena_printf(c->arena,
                             "%s lists the key %s, but what is pinned here for it does not, and a "
                             "pin wins: compare the fingerprint with the issuer in another way, "
                             "then `understory trust add %s`",
                             host, r->fingerprint, host));
    }
    return 0;
}

static int ask_for_keys(struct command_line *c, struct verify_input *in, const char *host,
                        struct verify_report *r, struct error *e)
{
    struct error why = {0};
    in->did_document =
        fetch_file(c->arena, host, FETCH_DID_PATH, FETCH_DID_MAX_BYTES, &in->did_length, &why);
    if (in->did_document)
        return credential_verify(in, c->arena, r, e);
    explain(r, "issuer key", arena_strdup(c->arena, why.message));
    return 0;
}

/* Asks the issuer's host for what is missing, as far as what is known already allows: a file that
 * is no certificate, or whose key is not its issuer's, sends us nowhere. */
static int judge_online(struct command_line *c, const struct options *o, struct verify_input *in,
                        struct verify_report *r, struct error *e)
{
    struct error why = {0};
    if (credential_verify(in, c->arena, r, e) != 0)
        return -1;
    const char *host = credential_claimed_host(in->credential, in->credential_length, c->arena);
    if (r->verdict == VERDICT_INVALID || !host)
        return 0;
    if (!in->did_document ? ask_for_keys(c, in, host, r, e)
                          : !o->did && compare_with_pin(c, in, host, r, e))
        return -1;
    if (r->verdict == VERDICT_KEY_UNCONFIRMED || in->status_list)
        return 0;
    const char *path = status_path(c, in, host);
    if (path)
        in->status_list =
            fetch_file(c->arena, host, path, FETCH_STATUS_MAX_BYTES, &in->status_length, &why);
    if (!in->status_list) {
        explain(r, "status",
                path ? arena_strdup(c->arena, why.message)
                     : "its status list is not at its issuer's host, and is not asked for");
        return 0;
    }
    if (!o->at_given)
        in->at = clock_now(&c->clock); /* the list may have been signed since we began */
    return credential_verify(in, c->arena, r, e);
}

static int run(struct command_line *c, int argc, char **argv)
{
    struct options o = {0};
    struct file credential = {0}, did = {0}, status = {0};
    struct verify_report report;
    struct error e = {0};
    int code = read_options(c, argc, argv, &o);
    if (code)
        return code;
    code = read_file(c, o.credential, CREDENTIAL_MAX_BYTES, &credential);
    if (code)
        return code;
    const char *kind = other_kind(&credential);
    if (kind)
        return command_usage(c, "%s is %s; only the .json certificate can be checked now",
                             o.credential, kind);
    code = find_did(c, &o, &credential, &did);
    if (!code && o.status)
        code = read_file(c, o.status, STATUS_FILE_MAX_BYTES, &status);
    if (code)
        return code;
    struct verify_input in = {.credential = credential.bytes,
                              .credential_length = credential.length,
                              .did_document = did.bytes,
                              .did_length = did.length,
                              .status_list = status.bytes,
                              .status_length = status.length,
                              .at = o.at};
    int judged = o.online ? judge_online(c, &o, &in, &report, &e)
                          : credential_verify(&in, c->arena, &report, &e);
    if (judged != 0) {
        command_fail(c, &e);
        return EXIT_USAGE;
    }
    if (o.json)
        print_json(&report);
    else
        print_text(&report);
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
