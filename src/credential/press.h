/*
 * The press: one thread that prints, since fonts are not for sharing and the workers' stacks are
 * small. Who wants something printed waits in a short queue, so printing never takes more than one
 * processor from the pages. It keeps its fonts warm while there is work and lets go of them after
 * a quiet minute.
 */
#ifndef CREDENTIAL_PRESS_H
#define CREDENTIAL_PRESS_H
#include "base/buf.h"
#include "base/error.h"
#include "base/settings.h"

enum print_kind { PRINT_PDF_LETTER, PRINT_PDF_A4, PRINT_PNG };

struct press;

/* -1 (NULL) with e: a font or the logo is missing. The settings must outlive the press. */
struct press *press_open(const struct settings *settings, struct error *e);
void press_close(struct press *p); /* finishes what is queued; NULL is fine */

/* Prints a credential, as it was frozen, with the 26 characters of its public link; waits until it
 * is done. The bytes are put behind what stands in `out`. ERROR_BUSY when half
 * of the workers wait already; ERROR_CONFLICT when a character of it has no letter in the fonts. */
int press_print(struct press *p, enum print_kind kind, const char *credential, const char *code,
                struct buf *out, struct error *e);

/* Can a name be printed? ERROR_INVALID on "certificate_name" with what to do. Any thread, at
 * once. */
int press_check_name(const struct press *p, const char *name, struct error *e);

#endif
