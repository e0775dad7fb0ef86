/*
 * Pins: did documents that the person at this machine has decided to trust, one file for each host,
 * DATA/trust/HOST.json (a port's ':' written %3A). A certificate's own word about its issuer, or a
 * did document that came with it, is never enough.
 */
#ifndef CREDENTIAL_TRUST_H
#define CREDENTIAL_TRUST_H
#include "base/arena.h"
#include "base/error.h"
#include "credential/did.h"
#include "credential/note.h"

/* Pins a did document, in place of an earlier one of the same host. What it says goes to *keys. A
 * document that confirms no key is refused. */
int trust_add(const char *data, const char *text, size_t n, struct arena *a, struct did_keys **keys,
              struct error *e);

/* The pinned did document of "HOST:PORT", or NULL: none (or unreadable, then e says why). */
const char *trust_load(const char *data, const char *host, struct arena *a, size_t *n,
                       struct error *e);

/* Pins the key of an issuer's transparency log, a "vkey" (note.h), as DATA/trust/HOST.vkey. The
 * host is what stands before the '/' in the log's name. */
int trust_add_log(const char *data, const char *vkey, struct arena *a, struct note_key *out,
                  struct error *e);
/* The pinned log key of "HOST:PORT". 0 and *found; -1 when it cannot be read. */
int trust_load_log(const char *data, const char *host, struct arena *a, struct note_key *out,
                   bool *found, struct error *e);

/* All pins, by host; *count of them. -1 and e when one cannot be read. */
int trust_list(const char *data, struct arena *a, struct did_keys ***pins, size_t *count,
               struct error *e);

#endif
