/* Files that were turned into C at build time (script/embed.c). */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H
#include <stddef.h>

struct embedded_file {
    const char *path;          /* relative to the embedded folder, with '/' */
    const unsigned char *data; /* `length` bytes and a NUL behind them */
    size_t length;
};

extern const struct embedded_file web_files[]; /* web/: templates and static files */
extern const size_t web_files_count;

#endif
