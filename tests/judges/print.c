/*
 * Prints certificates for tests: judge_print FOLDER reads names from standard input, one on each
 * line, with a tab and a title of its own behind it where wanted. For line N it writes N.json,
 * N.pdf (Letter, and A4 where N is odd) and N.png, or N.refused with the words in which the name
 * was refused. Also keys/ and did.json.
 */
#include "base/arena.h"
#include "base/random.h"
#include "credential/issuer.h"
#include "credential/press.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define CODE "4VJ9VGY90P95XNGSQYB4D1QST3"

struct shop {
    const char *folder;
    struct issuer *issuer;
    struct press *press;
    struct arena *arena;
};

static int put_file(const struct shop *s, int n, const char *ending, const void *bytes, size_t size,
                    struct error *e)
{
    const char *path = arena_printf(s->arena, "%s/%d.%s", s->folder, n, ending);
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(bytes, 1, size, f) != size || fclose(f) != 0)
        return error_set(e, ERROR_IO, "cannot write %s", path);
    return 0;
}

static int print(const struct shop *s, int n, enum print_kind kind, const char *ending,
                 const char *json, struct error *e)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    int result = press_print(s->press, kind, json, CODE, &out, e);
    if (result == 0)
        result = put_file(s, n, ending, out.data, out.length, e);
    buf_free(&out);
    return result;
}

static int make(const struct shop *s, int n, const char *name, const char *title, struct error *e)
{
    char certificate[37], subject[37];
    const char *json, *key;
    struct error refused = {0};
    if (certificate_name_check(name, &refused) || press_check_name(s->press, name, &refused))
        return put_file(s, n, "refused", refused.message, strlen(refused.message), e);
    random_uuid(certificate);
    random_uuid(subject);
    struct claims c = {
        .certificate_uuid = certificate,
        .subject_uuid = subject,
        .holder_name = name,
        .title = title,
        .course = "humility",
        .publication_hash = "832ec5e9c67171378d700a80e8f37e4bcd0422a4d0cd6b4a7e4152b2d385afed",
        .course_title = "Cultural humility: a practice, not a credential",
        .description = "Learn to notice when you already have the answer.",
        .version = "1.0.0",
        .language = "en",
        .criteria = "Complete all 7 lessons and answer the question in each.\n"
                    "Follow the case “The family meeting” to one of its ends.\n"
                    "Pass the learning check with at least 7 of 8 questions right; attempts are "
                    "unlimited.\n\nDesigned for 40 minutes.\nOnline self-study. Records "
                    "completion; does not certify competence.",
        .earned_at = INT64_C(1782925509) * INSTANT_SECOND,
        .issued_at = INT64_C(1782925510) * INSTANT_SECOND,
        .status_list = 1,
        .status_index = 1000 + n,
    };
    if (issuer_sign(s->issuer, &c, s->arena, &json, &key, e) ||
        put_file(s, n, "json", json, strlen(json), e))
        return -1;
    if (print(s, n, n % 2 ? PRINT_PDF_A4 : PRINT_PDF_LETTER, "pdf", json, e))
        return -1;
    return n % 8 == 0 ? print(s, n, PRINT_PNG, "png", json, e) : 0;
}

static int make_all(const struct shop *s, struct error *e)
{
    char line[2048];
    int result = 0;
    const char *did = issuer_did_document(s->issuer, s->arena);
    const char *path = arena_printf(s->arena, "%s/did.json", s->folder);
    FILE *f = fopen(path, "wb");
    if (!f || fputs(did, f) < 0 || fclose(f) != 0)
        return error_set(e, ERROR_IO, "cannot write %s", path);
    for (int n = 0; result == 0 && fgets(line, sizeof line, stdin); n++) {
        line[strcspn(line, "\n")] = '\0';
        char *title = strchr(line, '\t');
        if (title)
            *title++ = '\0';
        result = make(s, n, line, title ? title : "Cultural humility: module completed", e);
    }
    return result;
}

int main(int argc, char **argv)
{
    struct error e = {0};
    int result = -1, given = 1;
    if (argc != 2 || sodium_init() < 0) {
        fputs("usage: judge_print FOLDER < NAMES\n", stderr);
        return 2;
    }
    struct shop s = {.folder = argv[1], .arena = arena_create()};
    char *none[] = {argv[0], NULL};
    struct settings settings;
    if (settings_load(&settings, s.arena, &given, none, &e) == 0) {
        settings.origin = "https://train.example.edu";
        settings.trial = false;
        s.issuer = issuer_open(arena_printf(s.arena, "%s/keys", s.folder), settings.origin,
                               "Center of Excellence", &e);
        s.press = s.issuer ? press_open(&settings, &e) : NULL;
    }
    if (s.press)
        result = make_all(&s, &e);
    if (result != 0)
        fprintf(stderr, "judge_print: error: %s\n", e.message);
    press_close(s.press);
    issuer_free(s.issuer);
    arena_free(s.arena);
    return result != 0;
}
