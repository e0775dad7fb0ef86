/*
 * The two public files that a command may ask an issuer's host for: its did document and a status
 * list. https alone, with the system's certificate authorities (or the file SSL_CERT_FILE names);
 * no redirects, proxies, cookies or credentials, and neither more bytes nor more time than stated.
 * What comes back is a stranger's until a strict reader has read it.
 */
#ifndef CLI_FETCH_H
#define CLI_FETCH_H
#include "base/arena.h"
#include "base/error.h"
#include <stddef.h>

#define FETCH_DID_PATH         "/.well-known/did.json"
#define FETCH_DID_MAX_BYTES    ((size_t)64 << 10)
#define FETCH_STATUS_MAX_BYTES ((size_t)1 << 20)
#define FETCH_SECONDS          10L

/* GET https://HOST PATH. `host` ("train.example.edu", "localhost:8443") has come from did_host;
 * `path` begins with '/' and holds letters, digits and "/._-" only. The answer's bytes, in the
 * arena, and *n of them; NULL and e, whose message names the address and says what to do. */
const char *fetch_file(struct arena *a, const char *host, const char *path, size_t max, size_t *n,
                       struct error *e);

#endif
