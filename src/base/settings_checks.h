/* What a setting's value must be, each as a function that takes the value in or says why not. */
#ifndef BASE_SETTINGS_CHECKS_H
#define BASE_SETTINGS_CHECKS_H
#include "base/arena.h"
#include "base/error.h"

/* The value as it is to be kept (in `a`), or NULL and a message that goes behind the name. */
typedef const char *setting_check(struct arena *a, const char *value, struct error *e);

setting_check check_folder;        /* a path */
setting_check check_line;          /* 1 to 200 bytes of text on one line */
setting_check check_optional_line; /* 0 to 500 */
setting_check check_listen;        /* IPv4:port */
setting_check check_origin;        /* https://host[:port], in lower case, :443 left off */
setting_check check_zone;          /* an IANA identifier */
setting_check check_accent_light;  /* #rrggbb, readable on #ffffff */
setting_check check_accent_dark;   /* #rrggbb, readable on #11181f */
setting_check check_optional_name; /* 0 to 120 bytes of text on one line */
setting_check check_paper;         /* letter or a4 */
setting_check check_logo;          /* "" or a PNG file of at most 1 MB and 2000 × 2000 pixels */
setting_check check_proxy;         /* an IP address, or "" */

#endif
