/*
 * Two append-only hash chains: the ledger (every fact that leads to a completion) and the audit
 * (who did or saw what). Rows hold ids, never names. Each row's hash is BLAKE2b-256 over the hash
 * of the row before and the row's own fields, each as decimal length, ':', bytes; so an altered,
 * removed or reordered row is found by walking the chain.
 */
#ifndef LEARNING_LEDGER_H
#define LEARNING_LEDGER_H
#include "learning/learning.h"

struct ledger_entry {
    int64_t person, enrolment;
    const char *kind;     /* began, lesson, case, attempt, completed, renewed, certificate */
    const char *subject;  /* which lesson, case, attempt or certificate; "" for none */
    const char *evidence; /* hex hash of the rows behind it, or "" */
    instant earned_at, recorded_at;
    int64_t actor;
    const char *reason; /* "" for what the person did */
};

/* Inside a closure. */
int ledger_append(struct conn *c, const struct ledger_entry *entry, struct error *e);

/* Walks the whole chain, and of each attempt row its steps. 0 and *rows when it holds; -1 with a
 * message that names the first row that does not. */
int ledger_verify(struct conn *c, int64_t *rows, struct error *e);
int audit_verify(struct conn *c, int64_t *rows, struct error *e);

/* Somebody at the server's command line, and nobody here knows who: stored as NULL, and in the hash
 * an actor without a single digit. */
#define AUDIT_COMMAND_LINE 0

/* Inside a closure. actor: a person's number, or AUDIT_COMMAND_LINE. detail: short text without
 * names, may be "". */
int audit_append(struct conn *c, int64_t actor, const char *action, const char *subject,
                 const char *detail, instant at, struct error *e);
/* The same, queued; nobody waits. Texts are cut at 63, 63 and 127 bytes. */
void audit_later(struct learning *l, int64_t actor, const char *action, const char *subject,
                 const char *detail);

#endif
