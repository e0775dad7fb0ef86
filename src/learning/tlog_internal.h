/* The log's parts: its keys (tlog_key.c), serving (tlog.c), publishing (tlog_publish.c), proving
 * (tlog_verify.c). */
#ifndef LEARNING_TLOG_INTERNAL_H
#define LEARNING_TLOG_INTERNAL_H
#include "credential/log_key.h"
#include "learning/tlog.h"
#include <pthread.h>

#define TLOG_KEYS_MAX 16

struct growth; /* a checkpoint on its way */

struct tlog {
    struct log_signer *signer;           /* NULL: why stands in problem */
    struct note_key keys[TLOG_KEYS_MAX]; /* that have signed here, the last one first */
    int key_count;
    bool other_key;   /* the key file is not the one that has signed here */
    bool key_missing; /* it is not there, and something was published */
    char problem[464];
    pthread_mutex_t mutex; /* over the last checkpoint */
    int64_t size;
    instant at;
    char *note;                 /* NULL: nothing was published yet */
    pthread_mutex_t publishing; /* over growth */
    struct growth *growth;
};

void tlog_keep_latest(struct tlog *t, const struct tlog_checkpoint *latest);
/* The keys that have signed checkpoints, the last one first. */
int tlog_keys_read(struct conn *c, struct note_key keys[TLOG_KEYS_MAX], int *count,
                   struct error *e);
void tlog_growth_free(struct growth *g);

#endif
