/*
 * Settings: one table of name, type, default and meaning. Values come from the defaults, then the
 * file DATA/understory.conf ("name = value" lines, '#' comments), then the environment
 * (UNDERSTORY_NAME), then flags (--name VALUE, with '-' for '_'). Every default works for a trial.
 */
#ifndef BASE_SETTINGS_H
#define BASE_SETTINGS_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include <stdbool.h>

struct settings {
    const char *data;      /* data folder */
    const char *courses;   /* folder of course sources */
    const char *listen;    /* 127.0.0.1:8080 */
    const char *origin;    /* https origin: the only source of absolute URLs and of the did */
    const char *site_name; /* the name the site speaks under */
    const char *coe_name;  /* who issues: the center's name on certificates and in the footer */
    const char *funding;   /* funding acknowledgement, "" for none */
    const char *zone;      /* IANA identifier for dates on screen */
    const char *accent_light, *accent_dark; /* #rrggbb, contrast with paper >= 4.5 */
    const char *paper;                      /* of printed certificates: "letter" or "a4" */
    const char *logo;                       /* a PNG file for them, "" for none */
    const char *signatory, *signatory_role; /* who signs them, "" for nobody */
    const char *trusted_proxy;       /* address whose X-Forwarded-For is believed, "" for none */
    const char *key_passphrase_file; /* opens sealed signing keys; "" for none */
    long workers;                    /* civetweb threads */
    long readers;                    /* pooled read-only database connections */
    long session_hours;              /* a session's life without the "shared computer" mark */
    long backup_keep_days;           /* how long the operator keeps backups, as deleting says */
    bool bench_routes;               /* the constant routes that script/bench measures against */
    bool trial;                      /* derived: the origin's host is localhost or 127.0.0.1 */
    const char *host;                /* derived: origin without "https://" */
};

/* Defaults, file, environment, then argv flags; flags it knows are removed from argv (argc updated)
 * and the rest left to the command. Strings live in `a`. -1 with a message naming the setting and
 * where it was given. A yes-or-no setting may be given as a flag alone, which means yes. argv[0]
 * and what follows "--" are not looked at. */
int settings_load(struct settings *s, struct arena *a, int *argc, char **argv, struct error *e);

/* Where a person reaches the site: the origin; in a trial, which has no TLS, http://127.0.0.1:PORT.
 * For links that people follow; never for ids. In the arena. */
const char *settings_address(const struct settings *s, struct arena *a);
void settings_print(const struct settings *s, struct buf *out); /* in the file's format */

#endif
