/* What `understory sunset` does inside the server. */
#include "base/encode.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/log.h"
#include "cli/site_folder.h"
#include "cli/sunset.h"
#include "cli/version.h"
#include "learning/certificate_file.h"
#include "learning/ledger.h"
#include "learning/status_lists.h"
#include "learning/tlog.h"
#include "pages/pages.h"
#include <string.h>

#define PIECE_MS_MOST 10000

/* ---- one piece's world ---- */

static int read_input(struct sunset *s, const cJSON *in, struct error *e)
{
    const char *at = json_string(in, "at");
    s->folder = json_string_or(in, "folder", "");
    s->files = json_bool_or(in, "files", false);
    if (s->folder[0] != '/')
        return error_field(e, "folder", "the folder's path must begin with /");
    s->at = clock_now(s->app->clock);
    s->at -= s->at % INSTANT_SECOND;
    if (at && !instant_parse(at, &s->at))
        return error_field(e, "at", "not a time");
    return 0;
}

static int open_pages(struct sunset *s, struct error *e)
{
    s->site = site_create(s->app->settings, e);
    if (!s->site)
        return -1;
    s->options = (struct server_options){.settings = s->app->settings,
                                         .learning = &s->app->learning,
                                         .app = s->site,
                                         .tables = pages_routes(),
                                         .files = web_files,
                                         .file_count = web_files_count,
                                         .build = version_line()};
    s->still = still_open(&s->options, s->at, e);
    return s->still ? 0 : -1;
}

typedef int (*stage_fn)(struct sunset *s, const cJSON *in, cJSON *out, struct error *e);

static int run(struct app *app, stage_fn stage, const cJSON *in, cJSON *out, struct error *e)
{
    struct sunset s = {.app = app, .arena = arena_create()};
    int result = read_input(&s, in, e) || open_pages(&s, e) || stage(&s, in, out, e) ? -1 : 0;
    still_close(s.still);
    site_free(s.site);
    arena_free(s.arena);
    return result;
}

int sunset_put(struct sunset *s, const char *address, const char *file, bool *there,
               struct error *e)
{
    struct still_answer answer;
    if (still_get(s->still, address, &answer, e))
        return -1;
    if (there)
        *there = answer.status == 200;
    if (answer.status != 200)
        return there ? 0 : error_set(e, ERROR_INTERNAL, "%s: there is no such page", address);
    return site_folder_put(s->folder, file, answer.bytes, answer.length, e);
}

int sunset_put_text(struct sunset *s, const char *file, const char *text, struct error *e)
{
    return site_folder_put(s->folder, file, text, strlen(text), e);
}

static int read_state(struct sunset *s, struct sunset_state *state, struct error *e)
{
    struct conn *c = db_read_begin(s->app->db, e);
    int result = c ? sunset_state_read(c, state, e) : -1;
    db_read_end(s->app->db, c);
    return result;
}

static const char *state_text(struct sunset *s, const struct sunset_state *state)
{
    return arena_printf(s->arena, "%lld %lld %lld", (long long)state->certificates,
                        (long long)state->withdrawn, (long long)state->shared);
}

/* Until when this piece may go on. */
static int64_t deadline(const cJSON *in)
{
    double ms = json_number_or(in, "milliseconds", 0);
    return clock_monotonic_us() + (int64_t)(ms >= 0 && ms <= PIECE_MS_MOST ? ms : 0) * 1000;
}

static int64_t number(const cJSON *in, const char *name)
{
    double n = json_number_or(in, name, 0);
    return n >= 0 && n < 9e15 ? (int64_t)n : 0;
}

/* ---- begin ---- */

static int cannot_sign(struct sunset *s, struct error *e)
{
    if (issuer_can_sign(s->app->issuer))
        return 0;
    return error_set(e, ERROR_BUSY,
                     "the last status lists have to be signed, and no key can sign: %s",
                     issuer_reason(s->app->issuer, s->arena));
}

static int put_assets(struct sunset *s, struct error *e)
{
    const char *path;
    const void *bytes;
    size_t n;
    for (size_t i = 0; still_asset(s->still, i, &path, &bytes, &n); i++)
        if (site_folder_put(s->folder, path, bytes, n, e))
            return -1;
    return 0;
}

static int put_publications(struct sunset *s, const char *course, struct error *e)
{
    struct publication_record *all;
    struct conn *c = db_read_begin(s->app->db, e);
    int n = c ? publication_history(c, course, s->arena, &all, e) : -1;
    db_read_end(s->app->db, c);
    for (int i = 0; i < n; i++) {
        const char *address = arena_printf(s->arena, "/courses/%s/v%s", course, all[i].hash);
        if (sunset_put(s, address, arena_printf(s->arena, "%s/index.html", address), NULL, e))
            return -1;
    }
    return n < 0 ? -1 : 0;
}

static int put_courses(struct sunset *s, struct error *e)
{
    const struct publication *const *list;
    int n = shelf_list(s->app->shelf, &list);
    for (int i = 0; i < n; i++)
        if (put_publications(s, list[i]->course, e))
            return -1;
    return 0;
}

/* A last checkpoint over every certificate; a log without its key ends with the one before. */
static int end_log(struct sunset *s, cJSON *out, struct error *e)
{
    struct tlog *t = s->app->tlog;
    struct tlog_checkpoint last = {0};
    int more = t && !tlog_problem(t) ? 1 : 0;
    while (more == 1)
        more = tlog_publish_piece(t, s->app->db, clock_now(s->app->clock), e);
    if (more < 0)
        return -1;
    json_put(out, "log_problem", t ? tlog_problem(t) : "there is no log");
    json_put_int(out, "checkpoint", tlog_latest(t, s->arena, &last) ? last.size : 0);
    return 0;
}

static int begin(struct sunset *s, const cJSON *in, cJSON *out, struct error *e)
{
    char at[21];
    struct sunset_state state;
    (void)in;
    if (read_state(s, &state, e))
        return -1;
    if (!state.certificates)
        return error_set(e, ERROR_NOT_FOUND,
                         "no certificate was ever issued in %s; is that the right data folder?",
                         s->app->settings->data);
    if (cannot_sign(s, e) || site_folder_begin(s->folder, e) || end_log(s, out, e) ||
        read_state(s, &state, e))
        return -1;
    instant_rfc3339(s->at, at);
    json_put(out, "at", at);
    json_put(out, "state", state_text(s, &state));
    json_put_int(out, "certificates", state.certificates);
    json_put_int(out, "waiting", state.waiting);
    return put_assets(s, e) || put_courses(s, e) || sunset_put_guide(s, e) ||
                   sunset_put(s, "/log", "/log/index.html", NULL, e)
               ? -1
               : 0;
}

int sunset_begin_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    return run(app, begin, in, out, e);
}

/* ---- certificates ---- */

/* 1 it is there, 0 not: a character of the name may have no letter in the fonts. */
static int get_print(struct sunset *s, const struct certificate *it, enum print_kind kind,
                     bool make, struct file_bytes *out, struct error *e)
{
    struct app *app = s->app;
    struct conn *c = db_read_begin(app->db, e);
    int there = c ? certificate_file_stored(c, it->id, kind, s->arena, out, e) : -1;
    db_read_end(app->db, c);
    if (there != 0 || !make)
        return there;
    if (certificate_file_make(&app->learning, it, kind, s->at, s->arena, out, e) == 0)
        return 1;
    if (e->kind != ERROR_CONFLICT)
        return -1;
    *e = (struct error){0};
    s->unprinted++;
    return 0;
}

/* What was made for paper before; with --files, what was not is made now. The other paper's size
 * only when somebody has it already. */
static int put_prints(struct sunset *s, const struct certificate *it, const char *base,
                      struct error *e)
{
    struct file_bytes pdf, png;
    bool a4 = strcmp(s->app->settings->paper, "a4") == 0;
    int is_pdf = get_print(s, it, a4 ? PRINT_PDF_A4 : PRINT_PDF_LETTER, s->files, &pdf, e);
    if (is_pdf == 0)
        is_pdf = get_print(s, it, a4 ? PRINT_PDF_LETTER : PRINT_PDF_A4, false, &pdf, e);
    int is_png = is_pdf < 0 ? -1 : get_print(s, it, PRINT_PNG, s->files, &png, e);
    if (is_png < 0)
        return -1;
    s->site->without_pdf = !is_pdf;
    s->site->without_picture = !is_png;
    if (is_pdf && site_folder_put(s->folder, arena_printf(s->arena, "%s/certificate.pdf", base),
                                  pdf.bytes, pdf.length, e))
        return -1;
    return is_png ? site_folder_put(s->folder, arena_printf(s->arena, "%s/certificate.png", base),
                                    png.bytes, png.length, e)
                  : 0;
}

static int put_proof(struct sunset *s, const struct certificate *it, struct error *e)
{
    bool there;
    uint8_t sha256[HASH_BYTES];
    hash_sha256(it->bytes, strlen(it->bytes), sha256);
    const char *address =
        arena_printf(s->arena, "/log/proof/%s", hex_encode(s->arena, sha256, HASH_BYTES));
    return sunset_put(s, address, address, &there, e);
}

static int put_certificate(struct sunset *s, int64_t id, struct error *e)
{
    struct certificate it;
    struct learning *l = &s->app->learning;
    bool there;
    arena_reset(s->arena);
    struct conn *c = db_read_begin(s->app->db, e);
    int result = c ? certificate_get(c, l, id, s->arena, &it, e) : -1;
    db_read_end(s->app->db, c);
    if (result)
        return -1;
    const char *base = arena_printf(s->arena, "/v/%s", it.token);
    const char *json = arena_printf(s->arena, "%s/credential.json", base),
               *twin = arena_printf(s->arena, "%s/credential.jcs.json", base);
    if (put_proof(s, &it, e) || sunset_put(s, json, json, &there, e))
        return -1;
    if (there) { /* else it is superseded or not shared, and no file of it is given out */
        result = sunset_put(s, twin, twin, &there, e) || put_prints(s, &it, base, e);
        s->site->without_twin = !there; /* that of a compromised key */
    }
    return result ? -1
                  : sunset_put(s, base, arena_printf(s->arena, "%s/index.html", base), NULL, e);
}

static int certificates(struct sunset *s, const cJSON *in, cJSON *out, struct error *e)
{
    int64_t id = number(in, "after"), last = number(in, "last"), until = deadline(in);
    while (id < last) {
        if (put_certificate(s, ++id, e))
            return -1;
        if (clock_monotonic_us() >= until)
            break;
    }
    json_put_int(out, "after", id);
    json_put_int(out, "unprinted", s->unprinted);
    return 0;
}

int sunset_certificates_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    struct learning *l = &app->learning;
    bool own = !l->press && json_bool_or(in, "files", false);
    if (own && !(l->press = press_open(app->settings, e)))
        return -1;
    int result = run(app, certificates, in, out, e);
    if (own) {
        press_close(l->press);
        l->press = NULL;
    }
    return result;
}

/* ---- the log ---- */

static int put_checkpoint(struct sunset *s, const struct tlog_checkpoint *it, int64_t last,
                          struct error *e)
{
    const char *way =
        arena_printf(s->arena, "/log/consistency/%lld/%lld", (long long)it->size, (long long)last);
    return sunset_put_text(s, arena_printf(s->arena, "/log/checkpoint/%lld", (long long)it->size),
                           it->note, e) ||
                   (it->size == last &&
                    sunset_put_text(s, "/log/checkpoint/index.html", it->note, e)) ||
                   sunset_put(s, way, way, NULL, e)
               ? -1
               : 0;
}

static int checkpoints(struct sunset *s, const cJSON *in, cJSON *out, struct error *e)
{
    int64_t after = number(in, "after"), last = number(in, "last"), until = deadline(in);
    while (after < last) {
        struct tlog_checkpoint next;
        arena_reset(s->arena);
        struct conn *c = db_read_begin(s->app->db, e);
        int found = c ? tlog_checkpoint_after(c, after, s->arena, &next, e) : -1;
        db_read_end(s->app->db, c);
        if (found <= 0 || put_checkpoint(s, &next, last, e))
            return found == 0 ? error_set(e, ERROR_INTERNAL, "a checkpoint is missing") : -1;
        after = next.size;
        if (clock_monotonic_us() >= until)
            break;
    }
    json_put_int(out, "after", after);
    return 0;
}

int sunset_checkpoints_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    return run(app, checkpoints, in, out, e);
}

/* ---- finish ---- */

static int still_the_same(struct sunset *s, const cJSON *in, struct error *e)
{
    struct sunset_state state;
    if (read_state(s, &state, e))
        return -1;
    if (strcmp(state_text(s, &state), json_string_or(in, "state", "")) == 0)
        return 0;
    return error_set(e, ERROR_CONFLICT,
                     "certificates were issued, revoked, replaced or switched on or off while the "
                     "folder was written; stop the server, remove %s.part and say it again",
                     s->folder);
}

static int write_note(struct conn *c, void *arg, struct error *e)
{
    const struct sunset *s = arg;
    char until[21];
    instant_rfc3339(s->until, until);
    return audit_append(c, AUDIT_COMMAND_LINE, s->rehearsal ? "sunset.rehearse" : "sunset", "site",
                        arena_printf(s->arena, "until=%s", until), s->at, e);
}

static int put_lists(struct sunset *s, cJSON *out, struct error *e)
{
    struct app *app = s->app;
    struct conn *c = db_read_begin(app->db, e);
    int64_t count = c ? status_list_count(c, e) : -1;
    int result = count < 0 ? -1 : 0;
    for (int64_t list = 1; result == 0 && list <= count; list++) {
        const char *json;
        arena_reset(s->arena);
        result =
            status_list_last(c, &app->learning, list, s->at, s->until, s->arena, &json, e) ||
            sunset_put_text(s, arena_printf(s->arena, "/status/%lld", (long long)list), json, e);
    }
    db_read_end(app->db, c);
    json_put_int(out, "lists", count);
    return result ? -1 : 0;
}

/* The audit first: nothing is signed for years without a word in it. The keys last of the pages,
 * since one may have been added meanwhile. */
static int finish(struct sunset *s, const cJSON *in, cJSON *out, struct error *e)
{
    char until[21];
    int64_t years = number(in, "years");
    s->rehearsal = years == 0;
    s->until = s->rehearsal
                   ? s->at + STATUS_LIST_LIFE
                   : instant_add_months(s->at, (int)(years <= SUNSET_YEARS_MOST ? years : 0) * 12);
    if (still_the_same(s, in, e) || cannot_sign(s, e) || db_write(s->app->db, write_note, s, e) ||
        sunset_put(s, "/.well-known/did.json", "/.well-known/did.json", NULL, e) ||
        sunset_put_key_history(s, e) || sunset_put_front(s, e) || put_lists(s, out, e) ||
        still_the_same(s, in, e) || site_folder_finish(s->folder, e))
        return -1;
    instant_rfc3339(s->until, until);
    json_put(out, "folder", s->folder);
    json_put(out, "until", until);
    log_line(LOG_WARNING, "control: the site was written down %s",
             s->rehearsal ? "for a rehearsal" : "for good");
    return 0;
}

int sunset_finish_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    return run(app, finish, in, out, e);
}
