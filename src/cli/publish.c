/* `understory publish`: the words on the terminal; what is done stands in publish_command.c. */
#include "base/json.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/control.h"
#include "cli/files.h"
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: understory publish COURSE|PATH [--kind KIND] [--note TEXT] [--dry-run] [--json]\n"
    "\n"
    "Shows what a course's folder would change, lesson by lesson and question by question, and "
    "how\n"
    "many learners each kind of change touches. With --kind it publishes. A first publication "
    "needs\n"
    "no kind; files that are published already publish nothing. COURSE is an id in the folder of\n"
    "courses, PATH any course's folder (with a '/' in it). Works while the server runs and when "
    "it\n"
    "does not.\n"
    "\n"
    "  typo        words only; refused when ids, right answers, options or their order differ.\n"
    "              Everybody who stands on the current version moves, whatever is done stays done\n"
    "  correction  something was wrong: everybody who has not finished moves, unchanged lessons "
    "stay\n"
    "              done; those who have finished are told\n"
    "  minor       for those who begin from now on\n"
    "  material    for those who begin from now on; those who have finished may read what is new\n"
    "\n"
    "  --note TEXT  what changed, in a sentence for learners; a correction and new material need "
    "it\n"
    "  --dry-run    only show\n"
    "  --json       what is shown, as JSON\n"
    "\n"
    "To undo, restore the earlier files, set a new \"version\" in course.json and publish again.\n"
    "\n"
    "Examples:\n"
    "  understory publish humility\n"
    "  understory publish humility --kind typo\n"
    "  understory publish ./courses/humility --kind correction \\\n"
    "                     --note 'Lesson 3 named the wrong year.'\n"
    "\n"
    "Exit: 0 published, nothing to publish, or shown with --dry-run; 1 not published (the message\n"
    "says why); 2 usage; 3 the folder differs and no --kind was given, so it was only shown.\n";

struct wanted {
    const char *course, *kind, *note;
    bool dry_run, json;
};

/* ---- on the terminal ---- */

static void say_problems(const cJSON *out)
{
    const cJSON *d;
    cJSON_ArrayForEach(d, json_get(out, "problems"))
        fprintf(stderr, "%s:%.0f:%.0f: %s[%s]: %s\n  hint: %s\n", json_string_or(d, "file", ""),
                json_number_or(d, "line", 0), json_number_or(d, "column", 0),
                json_string_or(d, "severity", ""), json_string_or(d, "code", ""),
                json_string_or(d, "message", ""), json_string_or(d, "hint", ""));
}

static void say_changes(const cJSON *out)
{
    const cJSON *it;
    cJSON_ArrayForEach(it, json_get(out, "changes"))
    {
        const char *beyond = json_string(it, "beyond_words");
        printf("  %-9s %-9s %-28s", json_string_or(it, "change", ""),
               json_string_or(it, "thing", ""), json_string_or(it, "id", ""));
        if (json_number_or(it, "lines_added", 0) > 0 || json_number_or(it, "lines_removed", 0) > 0)
            printf(" +%.0f -%.0f lines", json_number_or(it, "lines_added", 0),
                   json_number_or(it, "lines_removed", 0));
        printf("%s%s\n", beyond ? "; more than words: " : "", beyond ? beyond : "");
    }
    if (json_bool_or(out, "lessons_moved", false))
        printf("  The lessons stand in another order.\n");
}

static void say_kinds(const cJSON *out)
{
    const cJSON *it;
    printf("\n  %-11s %8s %8s %8s %8s\n", "kind", "move", "told", "offered", "stay");
    cJSON_ArrayForEach(it, json_get(out, "kinds"))
    {
        const char *why = json_string(it, "why_not");
        printf("  %-11s %8.0f %8.0f %8.0f %8.0f%s%s\n", json_string_or(it, "kind", ""),
               json_number_or(it, "move", 0), json_number_or(it, "told", 0),
               json_number_or(it, "offered", 0), json_number_or(it, "stay", 0), why ? "  " : "",
               why ? why : "");
    }
}

static void say(const cJSON *out)
{
    const cJSON *current = json_get(out, "current"), *next = json_get(out, "next");
    printf("%s (%s)\n", json_string_or(out, "title", ""), json_string_or(out, "course", ""));
    if (json_bool_or(out, "first", false))
        printf("  not published yet\n");
    else
        printf("  published: %s, %.12s%s; %.0f have begun and %.0f have finished\n",
               json_string_or(current, "version", ""), json_string_or(current, "hash", ""),
               json_string(current, "draft") ? ", from a draft" : "",
               json_number_or(out, "unfinished", 0), json_number_or(out, "finished", 0));
    if (next)
        printf("  the folder: %s, %.12s%s\n", json_string_or(next, "version", ""),
               json_string_or(next, "hash", ""),
               json_bool_or(out, "unchanged", false) ? ": the same files, nothing to publish" : "");
    say_changes(out);
    if (cJSON_GetArraySize(json_get(out, "kinds")) > 1)
        say_kinds(out);
    if (json_bool_or(out, "published", false))
        printf("Published as %s.\n", json_string_or(out, "kind", ""));
}

/* ---- the command ---- */

static cJSON *input_of(const struct command_line *line, const struct wanted *w)
{
    cJSON *in = cJSON_CreateObject();
    if (strchr(w->course, '/'))
        json_put(in, "path", path_absolute(line->arena, w->course));
    else
        json_put(in, "course", w->course);
    json_put(in, "kind", w->kind);
    json_put(in, "note", w->note);
    json_put_bool(in, "dry_run", w->dry_run);
    return in;
}

static int exit_code(const struct command_line *line, const struct wanted *w, const cJSON *out)
{
    const char *blocked = json_string(out, "blocked");
    if (json_bool_or(out, "published", false) || json_bool_or(out, "unchanged", false))
        return EXIT_DONE;
    if (!json_get(out, "next") || (blocked && !w->dry_run)) {
        fprintf(stderr, "understory %s: error: %s\n", line->name, blocked ? blocked : "");
        return EXIT_NOT_DONE;
    }
    if (blocked)
        fprintf(stderr, "Not now: %s\n", blocked);
    if (w->dry_run)
        return EXIT_DONE;
    fputs("Nothing was published; choose one of these with --kind.\n", stderr);
    return EXIT_ONLY_SHOWN;
}

static int run(const struct command_line *line, const struct wanted *w)
{
    struct error e = {0};
    cJSON *in = input_of(line, w), *out = cJSON_CreateObject();
    int result;
    if (control_call(line, "publish", in, out, &e)) {
        result = command_fail(line, &e);
    } else {
        say_problems(out);
        if (w->json)
            command_print_json(out);
        else
            say(out);
        result = exit_code(line, w, out);
    }
    cJSON_Delete(in);
    cJSON_Delete(out);
    return result;
}

int cmd_publish(int argc, char **argv)
{
    struct command_line line;
    struct wanted w = {0};
    const struct command_option options[] = {{"kind", &w.kind, NULL},
                                             {"note", &w.note, NULL},
                                             {"dry-run", NULL, &w.dry_run},
                                             {"json", NULL, &w.json},
                                             {0}};
    if (command_helped(argc, argv, help))
        return EXIT_DONE;
    int result = command_begin_options(&line, "publish", options, &argc, argv);
    if (result == 0)
        result = command_argument(&line, argc, argv, "COURSE", &w.course);
    if (result == 0 && !w.course)
        result = command_usage(&line, "say which COURSE");
    if (result == 0)
        result = run(&line, &w);
    command_end(&line);
    return result;
}
