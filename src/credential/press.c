#include "credential/press.h"
#include "base/memory.h"
#include "credential/pdf.h"
#include "credential/png.h"
#include "credential/print_fonts.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define QUIET_SECOND 60 /* without work, before the fonts are let go */
#define STACK_BYTES  ((size_t)2 << 20)

struct job {
    enum print_kind kind;
    const char *credential, *code;
    struct buf *out;
    struct error *e;
    int result;
    bool done;
    struct job *next;
};

struct press {
    const struct settings *settings;
    struct zone *zone;
    struct print_fonts *fonts;
    struct print_style style;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t work, done;
    struct job *first, **last;
    long waiting, most; /* jobs; half of the workers, so that the others serve pages */
    bool started, stopping;
    PangoFontMap *map; /* the thread's own */
};

/* A square instead of a letter would be worse than no paper. */
static int check_letters(const struct press *p, const struct print_text *t, struct error *e)
{
    const char *const texts[] = {t->holder, t->title, t->course, t->issuer};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (print_fonts_check(p->fonts, texts[i], "", NULL))
            return error_set(e, ERROR_CONFLICT,
                             "There is a character in this certificate that cannot be printed. "
                             "Its page and its signed file are as good as ever.");
    return 0;
}

static int print(struct press *p, const struct job *job)
{
    struct print_text text;
    struct arena *a = arena_create();
    int result = print_text_read(&text, job->credential, strlen(job->credential), job->code,
                                 settings_address(p->settings, a), p->zone, a, job->e);
    if (result == 0)
        result = check_letters(p, &text, job->e);
    if (result == 0 && !p->map)
        p->map = print_fonts_map(p->fonts);
    if (result == 0 && job->kind == PRINT_PNG)
        result = png_make(p->map, &p->style, &text, job->out, job->e);
    else if (result == 0)
        result = pdf_make(p->map, &p->style, &text,
                          job->kind == PRINT_PDF_A4 ? PAPER_A4 : PAPER_LETTER, job->out, job->e);
    arena_free(a);
    return result;
}

static void let_go(struct press *p)
{
    if (!p->map)
        return;
    g_object_unref(p->map);
    p->map = NULL;
    memory_give_back();
}

/* The next job, or NULL when it is time to end. Called with the mutex held. */
static struct job *next_job(struct press *p)
{
    while (!p->first && !p->stopping) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += QUIET_SECOND;
        int woken = p->map ? pthread_cond_timedwait(&p->work, &p->mutex, &until)
                           : pthread_cond_wait(&p->work, &p->mutex);
        if (woken == ETIMEDOUT && !p->first)
            let_go(p);
    }
    struct job *job = p->first;
    if (job && !(p->first = job->next))
        p->last = &p->first;
    return job;
}

static void *run(void *arg)
{
    struct press *p = arg;
    struct job *job;
    pthread_mutex_lock(&p->mutex);
    while ((job = next_job(p))) {
        pthread_mutex_unlock(&p->mutex);
        int result = print(p, job);
        pthread_mutex_lock(&p->mutex);
        job->result = result;
        job->done = true;
        p->waiting--;
        pthread_cond_broadcast(&p->done);
    }
    pthread_mutex_unlock(&p->mutex);
    let_go(p);
    return NULL;
}

static int start(struct press *p, struct error *e)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    int failed = pthread_create(&p->thread, &attributes, run, p);
    pthread_attr_destroy(&attributes);
    p->started = failed == 0;
    return failed ? error_set(e, ERROR_INTERNAL, "the thread that prints could not start") : 0;
}

struct press *press_open(const struct settings *settings, struct error *e)
{
    struct press *p = memory_array(1, sizeof *p);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&p->mutex, NULL);
    pthread_cond_init(&p->work, &monotonic);
    pthread_cond_init(&p->done, NULL);
    pthread_condattr_destroy(&monotonic);
    p->last = &p->first;
    p->settings = settings;
    p->most = settings->workers / 2;
    p->zone = zone_create(settings->zone, e);
    p->fonts = p->zone ? print_fonts_open(e) : NULL;
    if (p->fonts && print_style_open(&p->style, settings, e) == 0 && start(p, e) == 0)
        return p;
    press_close(p);
    return NULL;
}

void press_close(struct press *p)
{
    if (!p)
        return;
    if (p->started) {
        pthread_mutex_lock(&p->mutex);
        p->stopping = true;
        pthread_cond_signal(&p->work);
        pthread_mutex_unlock(&p->mutex);
        pthread_join(p->thread, NULL);
    }
    pthread_cond_destroy(&p->done);
    pthread_cond_destroy(&p->work);
    pthread_mutex_destroy(&p->mutex);
    print_style_close(&p->style);
    print_fonts_free(p->fonts);
    zone_free(p->zone);
    free(p);
}

int press_print(struct press *p, enum print_kind kind, const char *credential, const char *code,
                struct buf *out, struct error *e)
{
    struct job job = {.kind = kind, .credential = credential, .code = code, .out = out, .e = e};
    pthread_mutex_lock(&p->mutex);
    if (p->waiting >= p->most || p->stopping) {
        pthread_mutex_unlock(&p->mutex);
        return error_set(e, ERROR_BUSY, "Many certificates are being printed just now.");
    }
    *p->last = &job;
    p->last = &job.next;
    p->waiting++;
    pthread_cond_signal(&p->work);
    while (!job.done)
        pthread_cond_wait(&p->done, &p->mutex);
    pthread_mutex_unlock(&p->mutex);
    return job.result;
}

int press_check_name(const struct press *p, const char *name, struct error *e)
{
    return print_fonts_check(p->fonts, name, "certificate_name", e);
}
