/*
 * A small sound course, written into a folder of its own, and single edits to it. The course has no
 * problem of any kind, so whatever `check` says after an edit is that edit's doing.
 */
#ifndef TESTS_COURSE_SAMPLE_H
#define TESTS_COURSE_SAMPLE_H
#include "course/source.h"
#include "support.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char sample_json[] =
    "{\n"
    "  \"format\": 1,\n"
    "  \"id\": \"small\",\n"
    "  \"version\": \"1.0.0\",\n"
    "  \"title\": \"A small course\",\n"
    "  \"summary\": \"Two lessons about asking.\",\n"
    "  \"minutes\": 16,\n"
    "  \"language\": \"en\",\n"
    "  \"audience\": [\"clinicians\", \"teachers\"],\n"
    "  \"objectives\": [\n"
    "    {\"id\": \"A1\", \"verb\": \"ask\", \"text\": \"Ask first.\"},\n"
    "    {\"id\": \"A2\", \"verb\": \"repair\", \"text\": \"Repair.\", \"evidence\": \"case\"},\n"
    "    {\"id\": \"A3\", \"verb\": \"plan\", \"text\": \"Plan.\", \"evidence\": \"plan\"}\n"
    "  ],\n"
    "  \"owner\": \"The centre\",\n"
    "  \"authors\": [],\n"
    "  \"reviewers\": [],\n"
    "  \"disclosures\": [],\n"
    "  \"stage\": \"pilot\",\n"
    "  \"last_reviewed\": \"2026-11-22\",\n"
    "  \"review_every_months\": 12,\n"
    "  \"completion\": [\"lessons\", \"case\", \"check\"],\n"
    "  \"test_out\": true,\n"
    "  \"credit\": {\"status\": \"not-designated\"},\n"
    "  \"grant_supported\": false,\n"
    "  \"ca_clc\": [\"A1\"],\n"
    "  \"ca_implicit_bias\": [],\n"
    "  \"pass_percent\": 80,\n"
    "  \"pre_draw\": 1,\n"
    "  \"check_draw\": 2,\n"
    "  \"follow_up_days\": [7, 30],\n"
    "  \"commitment_days\": [30]\n"
    "}\n";

#define SAMPLE_WORDS                                                                               \
    "Asking takes a moment and saves an afternoon, because a question that was put early\n"        \
    "changes what both people look for. The person who asks hears what matters to the other,\n"    \
    "and the person who answers hears that it matters. Neither learns this from a form.\n"         \
    "\n"                                                                                           \
    "Suppose that a visit begins with a list of six things to do. The list is sensible, and\n"     \
    "nobody wrote it in bad faith. Yet the one thing for which the patient came may stand\n"       \
    "nowhere on it. A single open question at the start costs half a minute, and it moves the\n"   \
    "list from the door to the table, where two people can look at it together.\n"                 \
    "\n"                                                                                           \
    "The same holds in teaching. A learner who is asked what was hard will often name a step\n"    \
    "that the teacher had not thought of. The answer may be uncomfortable, and it is still the\n"  \
    "shortest way to a better lesson. So ask, wait, and write down what you were told before\n"    \
    "you explain anything at all. Then say what you will change, and by when.\n"

static const char sample_first[] = "# Asking first\n\n" SAMPLE_WORDS "\n## What is known\n"
                                   "\n"
                                   "One trial found a gain of 12% in recall [@Smith2001].\n"
                                   "\n"
                                   "> [!CHECK q-small-l1]\n"
                                   "\n"
                                   "> [!KEY]\n"
                                   "> Ask *before* you explain.\n"
                                   "\n"
                                   "> [!SITE interpreter_line]\n"
                                   "> Interpreters:\n";

static const char sample_second[] = "# Repairing\n\n" SAMPLE_WORDS "\n"
                                    "> [!VOLATILE as-of=2026-11-22 review-by=2027-05-22]\n"
                                    "> The rule of the day.\n"
                                    "\n"
                                    "> [!CHECK q-small-l2]\n"
                                    "\n"
                                    "> [!REFLECT r1]\n"
                                    "> What will you ask first?\n"
                                    "\n"
                                    "> [!CASE visit]\n"
                                    "> Try it.\n"
                                    "\n"
                                    "> [!TOOL card]\n"
                                    "> - [ ] Ask.\n"
                                    "\n"
                                    "> [!COMMIT]\n"
                                    "> When I begin a visit, I will ask.\n";

static const char sample_questions[] = "# Questions\n"
                                       "\n"
                                       "## q-small-l1\n"
                                       "objective: A1\n"
                                       "use: lesson\n"
                                       "type: single\n"
                                       "refs: Smith2001\n"
                                       "\n"
                                       "What comes first?\n"
                                       "\n"
                                       "- [x] A question\n"
                                       "  > It opens.\n"
                                       "- [ ] A statement\n"
                                       "  > It closes.\n"
                                       "\n"
                                       "> Ask first.\n"
                                       "\n"
                                       "## q-small-l2\n"
                                       "objective: A1\n"
                                       "use: lesson\n"
                                       "type: truefalse\n"
                                       "\n"
                                       "Asking takes long.\n"
                                       "\n"
                                       "- [ ] True\n"
                                       "  > Half a minute.\n"
                                       "- [x] False\n"
                                       "  > It saves time.\n"
                                       "\n"
                                       "## q-small-01\n"
                                       "objective: A1\n"
                                       "use: check\n"
                                       "type: single\n"
                                       "spaced: yes\n"
                                       "\n"
                                       "Which question is *open*?\n"
                                       "\n"
                                       "- [ ] Does it hurt a lot?\n"
                                       "  > It can be answered in a word.\n"
                                       "- [x] What is it like?\n"
                                       "  > It cannot.\n"
                                       "\n"
                                       "> Open questions get longer answers [@Smith2001].\n"
                                       "\n"
                                       "## q-small-02\n"
                                       "objective: A1\n"
                                       "use: check\n"
                                       "type: multiple\n"
                                       "\n"
                                       "Which two belong to a repair?\n"
                                       "\n"
                                       "- [x] Naming what you did\n"
                                       "  > First.\n"
                                       "- [ ] Explaining what you meant\n"
                                       "  > It turns to you.\n"
                                       "- [x] Saying what changes\n"
                                       "  > Last.\n"
                                       "\n"
                                       "## q-small-03\n"
                                       "objective: A1\n"
                                       "use: check\n"
                                       "type: single\n"
                                       "\n"
                                       "What do you write down?\n"
                                       "\n"
                                       "- [ ] What you expected to hear\n"
                                       "  > You knew that.\n"
                                       "- [x] What you were told\n"
                                       "  > In their words.\n";

static const char sample_references[] =
    "# References\n"
    "\n"
    "## Smith2001\n"
    "Smith A, Jones B. On asking. J Ask 2001;1:1-2. doi:10.1000/182.\n"
    "\n"
    "checked: 2026-11-22, public page\n";

static const char sample_case[] = "# The visit\n"
                                  "\n"
                                  "A short story.\n"
                                  "\n"
                                  "## start\n"
                                  "\n"
                                  "You open the door.\n"
                                  "\n"
                                  "- [Ask](#talk) {best}\n"
                                  "  > They answer.\n"
                                  "- [Wait](#end-late) {mixed}\n"
                                  "  > Time passes.\n"
                                  "- [Explain](#end-late) {poor}\n"
                                  "  > They nod.\n"
                                  "\n"
                                  "## talk\n"
                                  "\n"
                                  "It goes well.\n"
                                  "\n"
                                  "- [Go on](#end-good)\n"
                                  "\n"
                                  "## end-good {end}\n"
                                  "\n"
                                  "You know more.\n"
                                  "\n"
                                  "## end-late {end}\n"
                                  "\n"
                                  "You know less.\n";

static const char sample_site[] =
    "{\"interpreter_line\": \"555-0100\", \"reporting_office\": \"\"}\n";

static const struct sample_file {
    const char *path, *text;
} sample_files[] = {
    {"course.json", sample_json},
    {"lessons/01-asking.md", sample_first},
    {"lessons/02-repairing.md", sample_second},
    {"questions.md", sample_questions},
    {"references.md", sample_references},
    {"cases/visit.md", sample_case},
    {"facilitator.md", "# Guide\n\nTake ten minutes.\n\n> [!KEY]\n> Listen.\n"},
    {"media/line.png", "\x89PNG not really"},
    {"../site.json", sample_site},
};
#define SAMPLE_FILES (sizeof sample_files / sizeof *sample_files)

static inline void write_file(const char *folder, const char *path, const void *bytes, size_t n)
{
    char full[700];
    snprintf(full, sizeof full, "%s/%s", folder, path);
    FILE *f = fopen(full, "wb");
    if (!f || fwrite(bytes, 1, n, f) != n || fclose(f) != 0)
        fail_msg("cannot write %s", full);
}

/* PARENT/small with all files; the result is valid until the next call. */
static inline const char *write_sample(const char *parent)
{
    static char folder[300];
    static const char *const folders[] = {"", "/lessons", "/cases", "/media"};
    snprintf(folder, sizeof folder, "%s/small", parent);
    for (size_t i = 0; i < 4; i++) {
        char path[320];
        snprintf(path, sizeof path, "%s%s", folder, folders[i]);
        if (mkdir(path, 0755) != 0)
            fail_msg("cannot make %s", path);
    }
    for (size_t i = 0; i < SAMPLE_FILES; i++)
        write_file(folder, sample_files[i].path, sample_files[i].text,
                   strlen(sample_files[i].text));
    return folder;
}

/* `now` is a date; the sample is sound on 2026-12-01. */
static inline struct course_source *read_on(const char *folder, const char *date)
{
    struct error e = {0};
    instant today;
    assert_true(instant_parse_date(date, &today));
    struct course_source *c = course_read(folder, today, &e);
    if (!c)
        fail_msg("%s", e.message);
    return c;
}

static inline void print_diagnostics(const struct course_source *c)
{
    const struct diagnostic *list;
    int count = course_diagnostics(c, &list);
    for (int i = 0; i < count; i++)
        print_message("  %s:%d:%d: [%s]: %s\n", list[i].file, list[i].line, list[i].column,
                      list[i].code, list[i].message);
}

#endif
