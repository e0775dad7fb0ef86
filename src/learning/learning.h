/*
 * What the domain needs from the process: one value, wired in main's commands and passed down.
 *
 * Functions that take a struct conn run inside a transaction of the caller's: reads inside
 * db_read_begin … db_read_end, writes inside a db_write closure. Every time is given by the caller
 * (`at`), so histories of any year can be made through the same calls.
 */
#ifndef LEARNING_LEARNING_H
#define LEARNING_LEARNING_H
#include "base/instant.h"
#include "base/random.h"
#include "base/settings.h"
#include "course/shelf.h"
#include "credential/issuer.h"
#include "credential/press.h"
#include "db/db.h"

struct learning {
    struct db *db;
    struct shelf *shelf;
    struct session_cache *sessions; /* sessions seen lately; NULL outside the server */
    struct activity *activity;      /* minutes noted lately; NULL outside the server */
    struct answer_memory *answers;  /* what closures that save them remember; may be NULL */
    struct issuer *issuer; /* issuer_can_sign: or completions are recorded and certificates wait */
    struct tlog *tlog;     /* the transparency log; NULL: new certificates carry no checkpoint */
    struct secret *secret; /* NULL: no key; private writing is neither read nor taken */
    struct press *press;   /* NULL outside the server, or without fonts: nothing is printed */
    _Atomic int64_t bits_set; /* in status lists, by closures of this process, kept or not */
    const struct settings *settings;
    const struct clock *clock;
};

#endif
