/*
 * The one table of what a certificate, a status list and a proof may hold: for every member its
 * place, its meaning in RDF and which values it takes. The canonical form (quads.h) walks it and so
 * does the check of the exact shape (shape.h); nothing else knows the vocabulary.
 *
 * The meanings are those of the contexts https://www.w3.org/ns/credentials/v2 and Open Badges 3.0.3
 * (context-3.0.3.json), copied with their quirks, since a JSON-LD processor reads them there.
 */
#ifndef CREDENTIAL_TERMS_H
#define CREDENTIAL_TERMS_H
#include <stdbool.h>
#include <stddef.h>

#define CONTEXT_CREDENTIALS "https://www.w3.org/ns/credentials/v2"
#define CONTEXT_OPEN_BADGES "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"

/* The two cryptosuites: the first signs the statements, the second the JSON (RFC 8785). */
#define SUITE_RDFC "eddsa-rdfc-2022"
#define SUITE_JCS  "eddsa-jcs-2022"

#define RDF_TYPE "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

enum node {
    NODE_CREDENTIAL,
    NODE_ISSUER,
    NODE_SUBJECT,
    NODE_IDENTITY,
    NODE_ACHIEVEMENT,
    NODE_CRITERIA,
    NODE_EVIDENCE,
    NODE_STATUS,
    NODE_LIST_CREDENTIAL,
    NODE_LIST,
    NODE_PROOF,
    NODE_PROOF_JCS,
    NODE__MAX
};

/* What a member becomes. */
enum term_kind {
    TERM_CONTEXT,  /* @context: checked, no statement */
    TERM_ID,       /* the node's own name */
    TERM_TYPE,     /* the node's types */
    TERM_LITERAL,  /* a literal; `iri` is its datatype, NULL for a plain string */
    TERM_IRI,      /* the value is the object's name */
    TERM_CONSTANT, /* the value is always `exact`; `iri` is the object's name */
    TERM_NODE,     /* an object (or a list of them) of kind `object` */
    TERM_UNSIGNED  /* proof and proofValue: no statement */
};

/* Which values the exact shape takes. */
enum term_check {
    CHECK_NONE, /* objects: their own rows check them */
    CHECK_LINE,
    CHECK_BLOCK,
    CHECK_TIME, /* 2026-07-01T17:05:09Z */
    CHECK_BOOL,
    CHECK_DID,    /* did:web:HOST */
    CHECK_PAGE,   /* https, under the issuer's host */
    CHECK_UUID,   /* urn:uuid:… */
    CHECK_NUMBER, /* decimal digits in a string */
    CHECK_MULTIBASE,
    CHECK_KEY_ID, /* DID#z6Mk… */
    CHECK_EXACT   /* equals `exact` */
};

enum {
    TERM_OPTIONAL = 1, /* may be left out */
    TERM_LIST = 2      /* stands in an array */
};

struct term {
    enum node in;
    const char *member;
    enum term_kind kind;
    const char *predicate;
    const char *iri;
    enum term_check check;
    const char *exact;
    enum node object;
    unsigned flags;
};

/* The types of a node, in the order in which they are written. */
struct node_type {
    enum node in;
    const char *name, *iri;
};

extern const struct term terms[];
extern const size_t terms_count;
extern const struct node_type node_types[];
extern const size_t node_types_count;

const struct term *term_find(enum node in, const char *member); /* NULL: no such member there */
const char *node_type_iri(enum node in, const char *name);      /* NULL: no such type there */

/* A name that may stand in a statement: absolute, ASCII, without spaces or any of <>"{}|^`\ . */
bool term_is_iri(const char *s);

#endif
