/*
 * The writer: one thread, one connection, group commit. It takes everything that waits (up to
 * BATCH), runs the closures in one BEGIN IMMEDIATE, commits, and then wakes the callers. While it
 * waits for the disk the next batch gathers, so throughput grows with load. What nobody waits for
 * is written at once when nothing else happens; in busy moments it goes with the next that somebody
 * waits for, so that it costs no commit of its own.
 *
 * A closure that is refused nearly always was so before it wrote anything, and then there is
 * nothing to take back. When one has written, all is taken back and run again, each closure in a
 * savepoint (which SQLite pays for with a copy of every page, so not at once). When SQLite itself
 * ends the transaction inside a closure (a full disk does), nothing of the batch stands: every
 * closure is run again alone, and only those that fail again get the error. After an
 * I/O error nothing is tried again: a second fsync may succeed although the first one's pages are
 * gone.
 */
#include "base/log.h"
#include "db/internal.h"
#include <errno.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define BATCH     256
#define MAX_LATER 10000
#define BUSY_US   1000 /* so long after a batch, what nobody waits for waits for company */

#define FORGET_EVERY_US 1000000 /* the log is emptied at most that often, */
#define FORGET_WAIT_MS  20      /* and the writer waits that long for readers to let go of it */

struct job {
    struct job *next;
    db_write_fn fn;
    void *arg;
    struct error error;
    int result;
    bool detached; /* nobody waits; arg stands behind the job in the same allocation */
    sem_t done;    /* the caller waits here, so that waking many does not queue them at a lock */
};

struct writer {
    struct conn *conn;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t work;
    struct job *head, **tail;
    size_t later, waited; /* in the queue: those that nobody waits for, and the others */
    int64_t busy_until;   /* monotonic; the writer's own */
    bool dozing;          /* it looks by itself at the end of busy_until */
    bool stopping;
    atomic_bool forgetting; /* the log is to be emptied, */
    int64_t forget_at;      /* but not before (monotonic; the writer's own) */
    atomic_bool failed;
};

/* Prepared once like any other statement: they run with every closure. */
static const struct sql sql_begin = {"begin", "writer.c", "BEGIN IMMEDIATE", NULL};
static const struct sql sql_commit = {"commit", "writer.c", "COMMIT", NULL};
static const struct sql sql_savepoint = {"savepoint", "writer.c", "SAVEPOINT s", NULL};
static const struct sql sql_release = {"release", "writer.c", "RELEASE s", NULL};
static const struct sql sql_rollback_to = {"rollback_to", "writer.c", "ROLLBACK TO s", NULL};
static const struct sql sql_rollback = {"rollback", "writer.c", "ROLLBACK", NULL};

static int control(struct conn *c, const struct sql *sql, struct error *e)
{
    return db_exec(c, sql, e, "") < 0 ? -1 : 0;
}

static bool in_transaction(struct conn *c)
{
    return sqlite3_get_autocommit(c->handle) == 0;
}

/* Runs one closure. False when the transaction cannot go on: SQLite ended it, or the closure failed
 * and what it wrote stands there among what others wrote. */
static bool run_unguarded(struct conn *c, struct job *j)
{
    sqlite3_int64 before = sqlite3_total_changes64(c->handle);
    j->error = (struct error){0};
    j->result = j->fn(c, j->arg, &j->error) ? -1 : 0;
    if (j->result != 0)
        c->undone++;
    return in_transaction(c) && (j->result == 0 || sqlite3_total_changes64(c->handle) == before);
}

/* Runs one closure in a savepoint. False when the whole transaction is lost: SQLite ended it, or
 * what the closure did cannot be taken back. */
static bool run_in_savepoint(struct conn *c, struct job *j)
{
    j->error = (struct error){0};
    j->result = control(c, &sql_savepoint, &j->error);
    if (j->result == 0)
        j->result = j->fn(c, j->arg, &j->error) ? -1 : 0;
    if (!in_transaction(c))
        return false;
    struct error ignored = {0};
    if (j->result != 0) {
        c->undone++;
        if (control(c, &sql_rollback_to, &ignored))
            return false;
    }
    return control(c, &sql_release, &ignored) == 0 || in_transaction(c);
}

static void roll_back(struct conn *c)
{
    struct error ignored = {0};
    c->undone++;
    if (in_transaction(c))
        control(c, &sql_rollback, &ignored);
}

static int commit(struct conn *c, struct error *e)
{
    if (control(c, &sql_commit, e) == 0)
        return 0;
    roll_back(c);
    return -1;
}

/* A closure with a transaction of its own needs no savepoint. */
static void run_alone(struct conn *c, struct job *j)
{
    j->error = (struct error){0};
    j->result = control(c, &sql_begin, &j->error);
    if (j->result != 0)
        return;
    j->result = j->fn(c, j->arg, &j->error) ? -1 : 0;
    if (j->result == 0 && !in_transaction(c))
        j->result = error_set(&j->error, ERROR_INTERNAL, "The database ended the transaction.");
    if (j->result == 0)
        j->result = commit(c, &j->error);
    else
        roll_back(c);
}

static void fail_all(struct job **jobs, size_t count, const struct error *e)
{
    for (size_t i = 0; i < count; i++) {
        jobs[i]->result = -1;
        jobs[i]->error = *e;
    }
}

/* All in one transaction, each closure by `run`. False: nothing of it stands; e says ERROR_IO when
 * that is why. */
static bool run_together(struct conn *c, struct job **jobs, size_t count,
                         bool (*run)(struct conn *, struct job *), struct error *e)
{
    bool whole = control(c, &sql_begin, e) == 0;
    for (size_t i = 0; whole && i < count; i++) {
        whole = run(c, jobs[i]);
        if (jobs[i]->result != 0 && jobs[i]->error.kind == ERROR_IO) {
            *e = jobs[i]->error;
            whole = false;
        }
    }
    if (whole && commit(c, e) == 0)
        return true;
    roll_back(c);
    return false;
}

static void run_batch(struct conn *c, struct job **jobs, size_t count)
{
    struct error e = {0};
    if (run_together(c, jobs, count, run_unguarded, &e))
        return;
    if (e.kind != ERROR_IO && run_together(c, jobs, count, run_in_savepoint, &e))
        return;
    if (e.kind == ERROR_IO) {
        fail_all(jobs, count, &e);
        return;
    }
    for (size_t i = 0; i < count; i++)
        run_alone(c, jobs[i]);
}

static bool is_time_to_forget(struct writer *w)
{
    return atomic_load(&w->forgetting) && clock_monotonic_us() >= w->forget_at;
}

static void wait_until(struct writer *w, int64_t monotonic_us)
{
    const struct timespec until = {.tv_sec = monotonic_us / 1000000,
                                   .tv_nsec = monotonic_us % 1000000 * 1000};
    pthread_cond_timedwait(&w->work, &w->mutex, &until);
}

static bool is_busy(const struct writer *w)
{
    return !w->stopping && clock_monotonic_us() < w->busy_until;
}

/* With the mutex held: for work, for the end, or for the time to empty the log. */
static void wait_for_work(struct writer *w)
{
    while (!w->waited && is_busy(w)) {
        w->dozing = true;
        wait_until(w, w->busy_until);
        w->dozing = false;
    }
    while (!w->head && !w->stopping && !is_time_to_forget(w)) {
        if (atomic_load(&w->forgetting))
            wait_until(w, w->forget_at);
        else
            pthread_cond_wait(&w->work, &w->mutex);
    }
}

/* Nothing was committed since the request, whoever made it, so clearing the flag loses none. */
static void forget(struct writer *w)
{
    struct error e = {0};
    sqlite3 *handle = w->conn->handle;
    if (atomic_load(&w->failed)) {
        atomic_store(&w->forgetting, false);
        return;
    }
    sqlite3_busy_timeout(handle, FORGET_WAIT_MS);
    int code = sqlite3_wal_checkpoint_v2(handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_timeout(handle, BUSY_TIMEOUT_MS);
    w->forget_at = clock_monotonic_us() + FORGET_EVERY_US;
    if (code == SQLITE_OK) {
        atomic_store(&w->forgetting, false);
    } else if (conn_error(w->conn, code, "emptying the log", &e) && e.kind == ERROR_IO) {
        log_line(LOG_ERROR, "%s", e.message);
        atomic_store(&w->failed, true);
    } /* else a reader or a full disk is in the way: it is tried again */
}

static size_t take(struct writer *w, struct job **jobs)
{
    pthread_mutex_lock(&w->mutex);
    wait_for_work(w);
    size_t count = 0;
    while (w->head && count < BATCH) {
        struct job *j = w->head;
        w->head = j->next;
        w->later -= j->detached;
        w->waited -= !j->detached;
        jobs[count++] = j;
    }
    if (!w->head)
        w->tail = &w->head;
    pthread_mutex_unlock(&w->mutex);
    return count;
}

/* After an I/O error nobody may believe anything was saved: the flag stops the server, and is set
 * before anybody is woken. A job that somebody waits for is that caller's again once posted. */
static void report(struct writer *w, struct job **jobs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (jobs[i]->result != 0 && jobs[i]->error.kind == ERROR_IO)
            atomic_store(&w->failed, true);
    for (size_t i = 0; i < count; i++) {
        struct job *j = jobs[i];
        if (!j->detached) {
            sem_post(&j->done);
            continue;
        }
        if (j->result != 0)
            log_line(LOG_WARNING, "a queued write was not kept: %s", j->error.message);
        free(j);
    }
}

static void run_jobs(struct writer *w, struct job **jobs, size_t count)
{
    if (atomic_load(&w->failed)) {
        for (size_t i = 0; i < count; i++)
            jobs[i]->result = error_set(&jobs[i]->error, ERROR_IO,
                                        "The disk gave an error; nothing more is saved.");
    } else if (count == 1) {
        run_alone(w->conn, jobs[0]);
    } else {
        run_batch(w->conn, jobs, count);
    }
    report(w, jobs, count);
}

static void *writer_main(void *arg)
{
    struct writer *w = arg;
    struct job *jobs[BATCH];
    for (;;) {
        size_t count = take(w, jobs);
        bool forgets = is_time_to_forget(w);
        if (count > 0) {
            run_jobs(w, jobs, count);
            w->busy_until = clock_monotonic_us() + BUSY_US;
        }
        if (forgets)
            forget(w);
        if (count == 0 && !forgets)
            return NULL;
    }
}

static bool enqueue(struct writer *w, struct job *j)
{
    pthread_mutex_lock(&w->mutex);
    bool accepted = !w->stopping && !(j->detached && w->later >= MAX_LATER);
    if (accepted) {
        bool wakes = w->dozing ? !j->detached && !w->waited : !w->head;
        *w->tail = j;
        w->tail = &j->next;
        w->later += j->detached;
        w->waited += !j->detached;
        if (wakes)
            pthread_cond_signal(&w->work);
    }
    pthread_mutex_unlock(&w->mutex);
    return accepted;
}

int writer_run(struct writer *w, db_write_fn fn, void *arg, struct error *e)
{
    struct job j = {.fn = fn, .arg = arg};
    sem_init(&j.done, 0, 0);
    bool accepted = enqueue(w, &j);
    while (accepted && sem_wait(&j.done) != 0 && errno == EINTR)
        ;
    sem_destroy(&j.done);
    if (!accepted)
        return error_set(e, ERROR_BUSY, "The server is stopping; please try again in a moment.");
    if (j.result != 0 && e)
        *e = j.error;
    return j.result;
}

void writer_later(struct writer *w, db_write_fn fn, const void *arg, size_t size)
{
    struct job *j = calloc(1, sizeof *j + size);
    if (!j)
        return;
    j->fn = fn;
    j->arg = j + 1;
    j->detached = true;
    memcpy(j->arg, arg, size);
    if (!enqueue(w, j)) {
        log_line(LOG_WARNING, "a queued write was dropped: too many are waiting");
        free(j);
    }
}

void writer_forget(struct writer *w)
{
    pthread_mutex_lock(&w->mutex);
    atomic_store(&w->forgetting, true);
    pthread_cond_signal(&w->work);
    pthread_mutex_unlock(&w->mutex);
}

bool writer_failed(const struct writer *w)
{
    return atomic_load(&w->failed);
}

struct writer *writer_start(struct conn *c, struct error *e)
{
    struct writer *w = calloc(1, sizeof *w);
    if (!w) {
        error_set(e, ERROR_INTERNAL, "out of memory");
        return NULL;
    }
    w->conn = c;
    w->tail = &w->head;
    pthread_mutex_init(&w->mutex, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&w->work, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&w->thread, NULL, writer_main, w) != 0) {
        error_set(e, ERROR_INTERNAL, "cannot start the writer thread");
        free(w);
        return NULL;
    }
    return w;
}

void writer_stop(struct writer *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->mutex);
    w->stopping = true;
    pthread_cond_signal(&w->work);
    pthread_mutex_unlock(&w->mutex);
    pthread_join(w->thread, NULL);
    pthread_mutex_destroy(&w->mutex);
    pthread_cond_destroy(&w->work);
    free(w);
}
