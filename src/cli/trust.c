/* understory trust: the issuers whose certificates this machine believes. */
#include "credential/trust.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/fetch.h"
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#define DOCUMENT_MAX_BYTES ((size_t)256 << 10)

enum { EXIT_NOT_CONFIRMED = 6 }; /* as verify says it: nothing proves whose keys these are */

static const char help[] =
    "usage: understory trust add HOST|FILE [--data DIR]\n"
    "       understory trust log VKEY|FILE [--data DIR]\n"
    "       understory trust list [--json] [--data DIR]\n"
    "\n"
    "Pins an issuer's did document, so that `understory verify` knows the issuer's keys. Pinning\n"
    "again replaces it. The file is kept as DATA/trust/HOST.json.\n"
    "\n"
    "  HOST  train.example.edu, or with a port localhost:8443: the document is fetched from\n"
    "        https://HOST/.well-known/did.json, without redirects or proxies, and must be the\n"
    "        host's own. SSL_CERT_FILE names the certificate of an authority of yours, in place\n"
    "        of the system's\n"
    "  FILE  a document that you have; a name with a '/', one that ends in .json, and one that\n"
    "        is a file here are files\n"
    "\n"
    "  VKEY  the key of an issuer's public log in its one line, such as\n"
    "        train.example.edu/log+1f0c2d3e+Aa…; `understory verify --checkpoint` then wants that\n"
    "        key's signature. A file that holds that line will do. It is kept as "
    "DATA/trust/HOST.vkey\n"
    "\n"
    "Trust is yours to give: get the document from the issuer itself (not from whoever showed you\n"
    "a certificate), and compare the fingerprint by another way, such as a telephone call.\n"
    "\n"
    "Exit code: 0 done, 1 the document was refused, 2 the command line is wrong, 6 the host did\n"
    "not answer, did not prove to be itself, or gave no document.\n"
    "\n"
    "examples:\n"
    "  understory trust add train.example.edu\n"
    "  understory trust add did.json\n"
    "  understory trust list\n";

static void print_keys(struct command_line *c, const struct did_keys *keys)
{
    printf("%s\n", keys->host);
    for (size_t i = 0; i < keys->count; i++) {
        uint8_t key[KEY_BYTES];
        if (key_from_multibase(c->arena, keys->keys[i], key))
            printf("  %s\n  fingerprint %s\n", keys->keys[i], key_fingerprint(c->arena, key));
    }
}

static int pin(struct command_line *c, const char *text, size_t n)
{
    struct error e = {0};
    struct did_keys *keys = NULL;
    if (trust_add(c->settings.data, text, n, c->arena, &keys, &e) != 0)
        return command_fail(c, &e);
    printf("Trusting ");
    print_keys(c, keys);
    return EXIT_DONE;
}

static int add_host(struct command_line *c, const char *name)
{
    struct error e = {0};
    size_t n = 0;
    const char *host = text_lower_ascii(c->arena, name);
    const char *did = did_from_origin(c->arena, arena_printf(c->arena, "https://%s", host), &e);
    if (!did)
        return command_usage(c,
                             "%s is neither a file here nor a host; write a host without https://, "
                             "such as train.example.edu or localhost:8443",
                             name);
    const char *text = fetch_file(c->arena, host, FETCH_DID_PATH, FETCH_DID_MAX_BYTES, &n, &e);
    if (!text) {
        command_fail(c, &e);
        return EXIT_NOT_CONFIRMED;
    }
    struct did_keys *keys = did_document_read(text, n, c->arena, &e);
    if (!keys)
        error_prefix(&e, "https://%s" FETCH_DID_PATH " was refused", host);
    else if (strcmp(keys->did, did) != 0)
        error_set(&e, ERROR_INVALID,
                  "https://%s" FETCH_DID_PATH " was refused: it is the document of %s, and this "
                  "host's is %s; check the host, or ask its administrator",
                  host, keys->did, did);
    return e.kind ? command_fail(c, &e) : pin(c, text, n);
}

static int add(struct command_line *c, const char *name)
{
    struct error e = {0};
    FILE *f = fopen(name, "rb");
    if (!f && errno == ENOENT && !text_ends(name, ".json") &&
        (!strchr(name, '/') || strstr(name, "://")))
        return add_host(c, name);
    char *text = arena_alloc(c->arena, DOCUMENT_MAX_BYTES + 2);
    size_t n = f ? fread(text, 1, DOCUMENT_MAX_BYTES + 1, f) : 0;
    if (!f || ferror(f)) {
        error_set(&e, ERROR_IO, "cannot read %s: %s", name, strerror(errno));
        if (f)
            fclose(f);
        return command_fail(c, &e);
    }
    fclose(f);
    return pin(c, text, n);
}

/* The line itself, or a file that holds it (as `understory log key` prints it). */
static int add_log(struct command_line *c, const char *given)
{
    enum { LINE_MAX_BYTES = 1024 };
    struct error e = {0};
    struct note_key key;
    const char *vkey = given;
    FILE *f = fopen(given, "rb");
    if (f) {
        char *line = arena_alloc(c->arena, LINE_MAX_BYTES + 1);
        line[fread(line, 1, LINE_MAX_BYTES, f)] = '\0';
        fclose(f);
        line[strcspn(line, "\r\n")] = '\0';
        vkey = line;
    }
    if (trust_add_log(c->settings.data, vkey, c->arena, &key, &e) != 0)
        return command_fail(c, &e);
    printf("Trusting the log %s\n  fingerprint %s\n", key.name,
           key_fingerprint(c->arena, key.public_key));
    return EXIT_DONE;
}

static void print_json(struct command_line *c, struct did_keys **pins, size_t count)
{
    cJSON *all = cJSON_CreateArray();
    for (size_t i = 0; i < count; i++) {
        cJSON *pin = json_item(all);
        json_put(pin, "host", pins[i]->host);
        json_put(pin, "did", pins[i]->did);
        cJSON *keys = json_array(pin, "keys");
        for (size_t k = 0; k < pins[i]->count; k++) {
            uint8_t key[KEY_BYTES];
            cJSON *item = json_item(keys);
            json_put(item, "id", pins[i]->keys[k]);
            if (key_from_multibase(c->arena, pins[i]->keys[k], key))
                json_put(item, "fingerprint", key_fingerprint(c->arena, key));
        }
    }
    command_print_json(all);
    cJSON_Delete(all);
}

static int list(struct command_line *c, bool json)
{
    struct error e = {0};
    struct did_keys **pins = NULL;
    size_t count = 0;
    if (trust_list(c->settings.data, c->arena, &pins, &count, &e) != 0)
        return command_fail(c, &e);
    if (json)
        print_json(c, pins, count);
    else if (count == 0)
        fputs("No issuer is trusted yet: understory trust add HOST\n", stderr);
    for (size_t i = 0; !json && i < count; i++)
        print_keys(c, pins[i]);
    return EXIT_DONE;
}

static int run(struct command_line *c, bool json, int argc, char **argv)
{
    int count = argc - optind;
    if (count == 2 && strcmp(argv[optind], "add") == 0)
        return add(c, argv[optind + 1]);
    if (count == 2 && strcmp(argv[optind], "log") == 0)
        return add_log(c, argv[optind + 1]);
    if (count == 1 && strcmp(argv[optind], "list") == 0)
        return list(c, json);
    return command_usage(
        c, "say `trust add HOST`, `trust add FILE`, `trust log VKEY` or `trust list`");
}

int cmd_trust(int argc, char **argv)
{
    struct command_line c;
    bool json = false;
    const struct command_option options[] = {{"json", NULL, &json}, {0}};
    if (command_helped(argc, argv, help))
        return EXIT_DONE;
    int code = command_begin_options(&c, "trust", options, &argc, argv);
    if (!code)
        code = run(&c, json, argc, argv);
    command_end(&c);
    return code;
}
