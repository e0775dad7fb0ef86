/* The pages and texts that only the folder has. What a person reads stands in templates; README.txt
 * and the web servers' settings are for who hosts it. */
#include "base/json.h"
#include "cli/site_folder.h"
#include "cli/sunset.h"
#include "pages/pages.h"
#include <string.h>

static const char *day(struct sunset *s, instant at)
{
    char *words = arena_alloc(s->arena, 24);
    zone_date_words(s->site->zone, at, words);
    return words;
}

static int put_page(struct sunset *s, const char *address, const char *file, const char *name,
                    cJSON *view, struct error *e)
{
    struct still_answer answer;
    return still_page(s->still, address, name, view, &answer, e) ||
                   site_folder_put(s->folder, file, answer.bytes, answer.length, e)
               ? -1
               : 0;
}

/* ---- how to check ---- */

int sunset_put_guide(struct sunset *s, struct error *e)
{
    cJSON *guide = cJSON_CreateObject(), *none = cJSON_CreateObject();
    json_put(guide, "title", "Check a certificate");
    json_put(guide, "did", issuer_did(s->app->issuer));
    json_put(guide, "written", day(s, s->at));
    json_put(none, "title", "Nothing is listed here");
    json_put_bool(none, "noindex", true);
    /* Many web servers list a folder that has no page of its own: the codes are for their holders
     * to give. */
    int result = put_page(s, "/verify", "/verify/index.html", "sunset-verify", guide, e);
    if (result) {
        cJSON_Delete(none);
        return -1;
    }
    return put_page(s, "/v", "/v/index.html", "sunset-none", none, e);
}

/* ---- the keys ---- */

static const char *key_words(struct sunset *s, const struct issuer_key *key)
{
    const char *since = day(s, key->since);
    if (strcmp(key->state, key_state_name(KEY_WAITING)) == 0)
        return "Published and never used.";
    if (strcmp(key->state, key_state_name(KEY_ACTIVE)) == 0)
        return arena_printf(s->arena, "Signed since %s.", since);
    if (strcmp(key->state, key_state_name(KEY_RETIRED)) == 0)
        return arena_printf(
            s->arena, "Retired on %s and destroyed. What it signed before stays good.", since);
    return arena_printf(s->arena,
                        "Withdrawn on %s, since others may have had it. Nothing that it signed "
                        "counts.",
                        since);
}

static void put_key(struct sunset *s, cJSON *list, const struct issuer_key *key)
{
    char created[21], since[21];
    cJSON *item = json_item(list);
    instant_rfc3339(key->created, created);
    instant_rfc3339(key->since, since);
    json_putf(item, "id", "%s#%s", issuer_did(s->app->issuer), key->id);
    json_put(item, "publicKeyMultibase", key->id);
    json_put(item, "fingerprint", key->fingerprint);
    json_put(item, "created", created);
    json_put(item, "state", key->state);
    json_put(item, "since", since);
    json_put(item, "words", key_words(s, key));
}

static void put_keys(struct sunset *s, cJSON *list)
{
    const struct issuer_key *keys;
    size_t n = issuer_keys(s->app->issuer, s->arena, &keys);
    for (size_t i = 0; i < n; i++)
        put_key(s, list, &keys[i]);
}

int sunset_put_key_history(struct sunset *s, struct error *e)
{
    char at[21];
    struct buf text;
    cJSON *history = cJSON_CreateObject();
    instant_rfc3339(s->at, at);
    json_put(history, "issuer", issuer_did(s->app->issuer));
    json_put(history, "written", at);
    put_keys(s, json_array(history, "keys"));
    buf_init(&text, (size_t)1024 * 1024);
    json_print(history, &text);
    buf_putc(&text, '\n');
    cJSON_Delete(history);
    int result = text.overflow
                     ? error_set(e, ERROR_TOO_LARGE, "there are too many keys")
                     : site_folder_put(s->folder, "/keys.json", text.data, text.length, e);
    buf_free(&text);
    return result;
}

/* ---- the first page ---- */

static int put_index(struct sunset *s, struct error *e)
{
    cJSON *view = cJSON_CreateObject();
    json_put(view, "title", "Certificates, kept for good");
    json_put(view, "written", day(s, s->at));
    json_put(view, "until", day(s, s->until));
    json_put_bool(view, "is_rehearsal", s->rehearsal);
    json_put(view, "did", issuer_did(s->app->issuer));
    put_keys(s, json_array(view, "keys"));
    return put_page(s, "/", "/index.html", "sunset-index", view, e);
}

/* ---- for who hosts it ---- */

static const char read_me[] =
    "%s, %s\n"
    "written down by `understory sunset` on %s%s\n"
    "\n"
    "This folder is the public part of %s as it stood on that day: a page for\n"
    "each certificate, the keys that check their signatures, the lists that say which were\n"
    "withdrawn, the courses as they were published, and the log of certificates. Any web server\n"
    "that hands out files can host it. Nothing in it runs, and it needs no upkeep.\n"
    "\n"
    "1. Host it under the same name: %s\n"
    "   Certificates name that address and no other. Keep the domain name registered and its TLS\n"
    "   certificate renewed; whoever owns the name decides which keys count.\n"
    "\n"
    "2. The lists in status/ were signed for the last time and say that they hold until %s.\n"
    "   After that day programs call every certificate's status unknown, and still genuine.\n"
    "   Nothing can be revoked any more: whoever has one of these lists can show it until then.\n"
    "\n"
    "3. Codes are secrets. A certificate's page is found by who has its link. Leave directory\n"
    "   listings off, and don't put this folder into a public repository or archive: its pages\n"
    "   name people. robots.txt and each page ask search engines to stay away.\n"
    "\n"
    "4. What the server should send, beside .html, .css, .svg, .pdf, .png and .json as usual:\n"
    "     /status/N, /log/proof/HASH,\n"
    "     /log/consistency/FROM/TO            application/json\n"
    "     /log/checkpoint, .../SIZE           text/plain; charset=utf-8\n"
    "     /v/CODE, /log, /verify, /courses/ID/vHASH   the index.html of that folder; a redirect\n"
    "                                         to the same address with / at its end is fine\n"
    "   and for /.well-known, /status, /log and the JSON files of /v, so that wallets and\n"
    "   checking pages of others can read them:\n"
    "     Access-Control-Allow-Origin: *\n"
    "   server/nginx.conf and server/apache.conf do that. The program itself used to take codes\n"
    "   in small letters, too; a folder takes them in capitals only, as they are printed.\n"
    "\n"
    "5. Checking one without any server, in ten or in fifty years:\n"
    "     understory verify CERTIFICATE --did .well-known/did.json --status status/1\n"
    "   (credentialStatus in the certificate says which list is its own). CERTIFICATE is the\n"
    "   PDF, the picture, the bundle or the .json file that its holder keeps. Other programs\n"
    "   that read Open Badges 3.0 with eddsa-rdfc-2022 signatures do, too. keys.json tells the\n"
    "   history of each key; log/proof and log/checkpoint prove when a certificate was issued,\n"
    "   and log/consistency that the log was only added to since each of its checkpoints.\n"
    "\n"
    "If the domain name is lost one day, the web can't say any more which keys were these.\n"
    "So give did.json to others while it lasts: a registrar, an archive, a library. It names\n"
    "nobody. Whoever has it from a hand they trust can check for ever.\n";

static const char nginx[] =
    "# Into the server block of this host, where its TLS certificate stands.\n"
    "root /srv/www/%s; # where this folder lies\n"
    "autoindex off;\n"
    "add_header X-Content-Type-Options nosniff;\n"
    "location / {\n"
    "    try_files $uri $uri/index.html =404;\n"
    "    add_header X-Content-Type-Options nosniff;\n"
    "    add_header Referrer-Policy no-referrer;\n"
    "    add_header Content-Security-Policy \"default-src 'none'; style-src 'self'; img-src "
    "'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'\";\n"
    "}\n"
    "location ~ "
    "^/(\\.well-known/did\\.json|status/\\d+|log/(proof|consistency)/.+|v/[^/]+/.+\\.json)$ "
    "{\n"
    "    types { }\n"
    "    default_type application/json;\n"
    "    add_header Access-Control-Allow-Origin *;\n"
    "    add_header Access-Control-Allow-Headers \"cache-control, pragma\";\n"
    "    if ($request_method = OPTIONS) { return 204; }\n"
    "}\n"
    "location = /log/checkpoint {\n"
    "    types { }\n"
    "    default_type \"text/plain; charset=utf-8\";\n"
    "    add_header Access-Control-Allow-Origin *;\n"
    "    try_files /log/checkpoint/index.html =404;\n"
    "}\n"
    "location ~ ^/log/checkpoint/\\d+$ {\n"
    "    types { }\n"
    "    default_type \"text/plain; charset=utf-8\";\n"
    "    add_header Access-Control-Allow-Origin *;\n"
    "}\n";

static const char apache[] =
    "# Into the VirtualHost of this host, where its TLS certificate stands.\n"
    "# Needs mod_dir and mod_headers; mod_rewrite for wallets that ask before they read.\n"
    "DocumentRoot /srv/www/%s\n"
    "<Directory /srv/www/%s>\n"
    "    Require all granted\n"
    "    Options -Indexes\n"
    "    AllowOverride None\n"
    "    DirectoryIndex index.html\n"
    "</Directory>\n"
    "Header always set X-Content-Type-Options nosniff\n"
    "Header always set Referrer-Policy no-referrer\n"
    "Header always set Content-Security-Policy \"default-src 'none'; style-src 'self'; img-src "
    "'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\"\n"
    "<LocationMatch \"^/(\\.well-known/did\\.json|status/[0-9]+|log/(proof|consistency)/.+|v/[^/]+/"
    ".+\\.json)$\">\n"
    "    ForceType application/json\n"
    "    Header always set Access-Control-Allow-Origin *\n"
    "    Header always set Access-Control-Allow-Headers \"cache-control, pragma\"\n"
    "    RewriteEngine On\n"
    "    RewriteCond %%{REQUEST_METHOD} =OPTIONS\n"
    "    RewriteRule ^ - [R=204,L]\n"
    "</LocationMatch>\n"
    "<LocationMatch \"^/log/checkpoint(/|/index\\.html|/[0-9]+)?$\">\n"
    "    ForceType \"text/plain; charset=utf-8\"\n"
    "    Header always set Access-Control-Allow-Origin *\n"
    "</LocationMatch>\n";

int sunset_put_front(struct sunset *s, struct error *e)
{
    const struct settings *settings = s->app->settings;
    const char *host = settings->host;
    const char *readme =
        arena_printf(s->arena, read_me, settings->coe_name, settings->site_name, day(s, s->at),
                     s->rehearsal ? " AS A REHEARSAL: not for publishing" : "", settings->origin,
                     settings->origin, day(s, s->until));
    return put_index(s, e) || sunset_put_text(s, "/README.txt", readme, e) ||
                   sunset_put_text(s, "/robots.txt", "User-agent: *\nDisallow: /v/\n", e) ||
                   sunset_put_text(s, "/server/nginx.conf", arena_printf(s->arena, nginx, host),
                                   e) ||
                   sunset_put_text(s, "/server/apache.conf",
                                   arena_printf(s->arena, apache, host, host), e)
               ? -1
               : 0;
}
