#include "cli/diagnostics.h"

const char *severity_name(enum severity s)
{
    static const char *const names[] = {
        [SEVERITY_ERROR] = "error", [SEVERITY_WARNING] = "warning", [SEVERITY_NOTE] = "note"};
    return names[s];
}

void diagnostic_print(FILE *out, const struct diagnostic *d)
{
    fprintf(out, "%s:%d:%d: %s[%s]: %s\n  hint: %s\n", d->file, d->line, d->column,
            severity_name(d->severity), d->code, d->message, d->hint);
}
