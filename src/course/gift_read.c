/*
 * The syntax of GIFT. Questions are blocks of lines with an empty line between them; lines that
 * begin with "//" are comments. A block is read as one text whose bytes know their place in the
 * file. A backslash takes the meaning from one of ~ = # { } : and from itself; "\n" is a line
 * break.
 */
#include "base/text.h"
#include "course/gift_parts.h"
#include "course/markdown.h"
#include <stdlib.h>
#include <string.h>

#define ANSWERS_READ                                                                               \
    32 /* many more than an item may have: each costs a walk to the block's end                    \
        */

struct block {
    struct gift_file *g;
    char *text;
    size_t *at; /* of each byte, and of the end, in the file */
    size_t n;
};
struct span {
    size_t from, to;
};

static size_t place(const struct block *b, size_t i)
{
    return b->at[i < b->n ? i : b->n];
}

/* ---- finding what is not escaped ---- */

static size_t find(const struct block *b, struct span s, const char *what)
{
    size_t n = strlen(what);
    for (size_t i = s.from; i + n <= s.to; i++) {
        if (b->text[i] == '\\')
            i++;
        else if (memcmp(b->text + i, what, n) == 0)
            return i;
    }
    return SIZE_MAX;
}

static size_t find_last(const struct block *b, struct span s, const char *what)
{
    size_t found = SIZE_MAX;
    for (size_t i; (i = find(b, s, what)) != SIZE_MAX; s.from = i + 1)
        found = i;
    return found;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct span trim(const struct block *b, struct span s)
{
    while (s.from < s.to && is_space(b->text[s.from]))
        s.from++;
    while (s.to > s.from && is_space(b->text[s.to - 1]))
        s.to--;
    return s;
}

static bool span_is(const struct block *b, struct span s, const char *word)
{
    char *text = arena_strndup(b->g->c->arena, b->text + s.from, s.to - s.from);
    return text_equal_ascii_case(text, word);
}

/* ---- texts ---- */

static const char *decode(const struct block *b, struct span s)
{
    char *out = arena_alloc(b->g->c->arena, s.to - s.from + 1), *w = out;
    for (size_t i = s.from; i < s.to; i++) {
        char c = b->text[i], next = i + 1 < s.to ? b->text[i + 1] : 0;
        if (c == '\\' && next == 'n') {
            *w++ = '\n';
            i++;
        } else if (c == '\\' && next && strchr("~=#{}:\\", next)) {
            *w++ = next;
            i++;
        } else {
            *w++ = c;
        }
    }
    *w = 0;
    return text_trim(b->g->c->arena, out);
}

/* "[html]" and the like at the beginning give the format and are passed over. */
static enum gift_format take_format(const struct block *b, struct span *s,
                                    enum gift_format otherwise)
{
    static const char *const names[] = {
        [GIFT_MOODLE] = "[moodle]",
        [GIFT_HTML] = "[html]",
        [GIFT_PLAIN] = "[plain]",
        [GIFT_MARKDOWN] = "[markdown]",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct span head = {s->from, s->from + strlen(names[i])};
        if (head.to <= s->to && span_is(b, head, names[i])) {
            s->from = head.to;
            return (enum gift_format)i;
        }
    }
    return otherwise;
}

static struct gift_text take_text(const struct block *b, struct span s, enum gift_format format)
{
    s = trim(b, s);
    struct gift_text text = {.at = place(b, s.from)};
    text.format = take_format(b, &s, format);
    text.text = decode(b, s);
    return text;
}

static const struct gift_text no_text = {.text = ""};

/* ---- answers ---- */

static void complain(const struct block *b, enum course_code code, size_t i, const char *hint,
                     const char *message)
{
    gift_report(b->g, code, place(b, i), hint, message);
}

/* "%50%" at the beginning; false when it is badly written. */
static bool take_weight(const struct block *b, struct span *s, double *weight)
{
    if (s->from == s->to || b->text[s->from] != '%')
        return true;
    struct span inside = {s->from + 1, s->to};
    size_t end = find(b, inside, "%");
    char number[24] = "", *rest = number;
    if (end == SIZE_MAX || end == inside.from || end - inside.from >= sizeof number)
        return false;
    memcpy(number, b->text + inside.from, end - inside.from);
    if (number[strspn(number, "-0123456789.")])
        return false;
    *weight = strtod(number, &rest);
    s->from = end + 1;
    return *rest == 0 && *weight >= -100 && *weight <= 100;
}

/* An answer behind its '=' or '~', with "# why". */
static void read_choice(const struct block *b, struct gift_question *q, struct span s)
{
    struct gift_answer answer = {.at = place(b, s.from), .partner = no_text, .why = no_text};
    answer.weight = b->text[s.from] == '=' ? 100 : 0;
    struct span rest = trim(b, (struct span){s.from + 1, s.to});
    if (rest.from == rest.to)
        return; /* "~=": the mark that follows counts */
    if (!take_weight(b, &rest, &answer.weight))
        complain(b, CODE_G03, rest.from, "write a weight as ~%50%, from -100 to 100",
                 "a weight that is no number");
    size_t hash = find(b, rest, "#");
    struct span words = {rest.from, hash == SIZE_MAX ? rest.to : hash};
    answer.text = take_text(b, words, q->stem.format);
    if (hash != SIZE_MAX)
        answer.why = take_text(b, (struct span){hash + 1, rest.to}, q->stem.format);
    answer.key = answer.weight > 0;
    if (!*answer.text.text)
        complain(b, CODE_G03, s.from, "write the answer behind its mark",
                 "an answer without words");
    else
        *(struct gift_answer *)list_add(b->g->c->arena, &q->answers, sizeof answer) = answer;
}

static size_t next_mark(const struct block *b, struct span s, bool tildes)
{
    size_t equals = find(b, s, "="), tilde = tildes ? find(b, s, "~") : SIZE_MAX;
    return equals < tilde ? equals : tilde;
}

typedef void (*read_answer)(const struct block *b, struct gift_question *q, struct span s);

static void each_answer(const struct block *b, struct gift_question *q, struct span s, bool tildes,
                        read_answer read)
{
    size_t mark = next_mark(b, s, tildes);
    struct span before = trim(b, (struct span){s.from, mark});
    if (before.from < before.to)
        complain(b, CODE_G03, before.from,
                 "answers begin with = or ~; put a backslash before others",
                 "words before the first answer");
    for (int n = 0; mark != SIZE_MAX; n++) {
        if (n == ANSWERS_READ) {
            complain(b, CODE_Q04, mark, NULL, "far more answers than an item may have");
            return;
        }
        size_t next = next_mark(b, (struct span){mark + 1, s.to}, tildes);
        read(b, q, (struct span){mark, next == SIZE_MAX ? s.to : next});
        mark = next;
    }
}

static void read_choices(const struct block *b, struct gift_question *q, struct span s)
{
    q->type = find(b, s, "=") == SIZE_MAX ? ITEM_MULTIPLE : ITEM_SINGLE;
    each_answer(b, q, s, true, read_choice);
}

static void read_pair(const struct block *b, struct gift_question *q, struct span s)
{
    struct gift_answer answer = {.at = place(b, s.from), .why = no_text};
    struct span rest = {s.from + 1, s.to};
    size_t arrow = find(b, rest, "->");
    if (arrow == SIZE_MAX) {
        complain(b, CODE_G03, s.from, "write a pair as =one -> other", "a pair without '->'");
        return;
    }
    answer.text = take_text(b, (struct span){rest.from, arrow}, q->stem.format);
    answer.partner = take_text(b, (struct span){arrow + 2, rest.to}, GIFT_PLAIN);
    if (!*answer.text.text || !*answer.partner.text)
        complain(b, CODE_G02, s.from, "each line of a match has one partner; take this one out",
                 "a partner or a line alone");
    else
        *(struct gift_answer *)list_add(b->g->c->arena, &q->answers, sizeof answer) = answer;
}

/* "TRUE#when wrong#when right": the first reason is the other option's. */
static bool read_truth(const struct block *b, struct gift_question *q, struct span s)
{
    size_t first = find(b, s, "#");
    struct span word = trim(b, (struct span){s.from, first == SIZE_MAX ? s.to : first});
    bool yes = span_is(b, word, "T") || span_is(b, word, "TRUE");
    if (!yes && !span_is(b, word, "F") && !span_is(b, word, "FALSE"))
        return false;
    q->type = ITEM_TRUEFALSE;
    q->truth = yes;
    struct gift_answer wrong = {.at = place(b, s.from), .text = no_text, .why = no_text};
    struct gift_answer right = wrong;
    right.key = true;
    if (first != SIZE_MAX) {
        struct span rest = {first + 1, s.to};
        size_t second = find(b, rest, "#");
        wrong.why = take_text(b, (struct span){rest.from, second == SIZE_MAX ? rest.to : second},
                              q->stem.format);
        if (second != SIZE_MAX)
            right.why = take_text(b, (struct span){second + 1, rest.to}, q->stem.format);
    }
    *(struct gift_answer *)list_add(b->g->c->arena, &q->answers, sizeof right) = right;
    *(struct gift_answer *)list_add(b->g->c->arena, &q->answers, sizeof wrong) = wrong;
    return true;
}

/* False when the kind of question is none of ours; that was said. */
static bool read_answers(const struct block *b, struct gift_question *q, struct span s)
{
    size_t general = find_last(b, s, "####");
    if (general != SIZE_MAX) {
        q->general = take_text(b, (struct span){general + 4, s.to}, q->stem.format);
        s.to = general;
    }
    s = trim(b, s);
    const char *kind = NULL, *hint = NULL;
    if (s.from == s.to) {
        kind = "an essay: nothing here can mark it";
        hint = "ask for a choice, or put it into a lesson as > [!REFLECT id]";
    } else if (b->text[s.from] == '#') {
        kind = "a numerical question";
        hint = "offer the number among others: {=1998 # why ~1989 # why not}";
    } else if (find(b, s, "~") != SIZE_MAX) {
        read_choices(b, q, s);
    } else if (find(b, s, "=") != SIZE_MAX && find(b, s, "->") != SIZE_MAX) {
        q->type = ITEM_MATCH;
        each_answer(b, q, s, false, read_pair);
    } else if (!read_truth(b, q, s)) {
        kind = "a short answer: nothing here can mark it";
        hint = "offer it among others: {=right # why ~wrong # why not}";
    }
    if (kind)
        complain(b, CODE_G02, s.from, hint, kind);
    return !kind;
}

/* ---- questions ---- */

static void take_title(const struct block *b, struct gift_question *q, struct span *s)
{
    struct span rest = {s->from + 2, s->to};
    if (s->to - s->from < 2 || memcmp(b->text + s->from, "::", 2) != 0)
        return;
    size_t end = find(b, rest, "::");
    if (end == SIZE_MAX)
        return;
    q->title = decode(b, (struct span){rest.from, end});
    *s = trim(b, (struct span){end + 2, s->to});
}

/* Where the answers stand; false when there are none to read, and that was said. */
static bool find_braces(const struct block *b, struct span s, struct span *inside)
{
    size_t open = find(b, s, "{"), close = find(b, s, "}");
    if (open == SIZE_MAX && close == SIZE_MAX) {
        complain(b, CODE_G02, s.from, "put words that belong to no question into a lesson",
                 "a description: words without a question");
        return false;
    }
    if (open == SIZE_MAX || close == SIZE_MAX || close < open) {
        complain(b, CODE_G03, open == SIZE_MAX || close < open ? close : open,
                 "answers stand between { and } without an empty line; others need a backslash",
                 open == SIZE_MAX || close < open ? "'}' without its '{'" : "'{' without its '}'");
        return false;
    }
    struct span behind = trim(b, (struct span){close + 1, s.to});
    if (behind.from < behind.to) {
        complain(b, CODE_G02, open, "ask a question and put the answers behind it",
                 "a missing word: the sentence goes on behind the answers");
        return false;
    }
    *inside = (struct span){open + 1, close};
    return true;
}

static void read_question(const struct block *b, struct gift_question q)
{
    struct span s = trim(b, (struct span){0, b->n}), inside;
    if (s.from == s.to)
        return;
    q.at = place(b, s.from);
    q.title = "";
    take_title(b, &q, &s);
    if (!find_braces(b, s, &inside))
        return;
    q.stem = take_text(b, (struct span){s.from, inside.from - 1}, GIFT_MOODLE);
    q.general = no_text;
    if (read_answers(b, &q, inside))
        *(struct gift_question *)list_add(b->g->c->arena, &b->g->questions, sizeof q) = q;
}

/* ---- lines ---- */

static bool is_made_of(const char *s, const char *bytes)
{
    return *s && !s[strspn(s, bytes)];
}

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/* What our own export says in comments; another author's comments say nothing here. */
static void take_comment(struct gift_file *g, struct gift_question *q, const char *s, size_t length)
{
    size_t name, value, n;
    if (length > 5 && memcmp(s, "why ", 4) == 0 && s[4] > '0' && s[4] <= '0' + ITEM_MAX_OPTIONS) {
        struct block b = {g, arena_strndup(g->c->arena, s, length), NULL, length};
        if (s[5] == ':')
            q->why[s[4] - '1'] = decode(&b, (struct span){6, length});
        return;
    }
    if (!field_line(s, length, &name, &value, &n))
        return;
    const char *word = arena_strndup(g->c->arena, s, name);
    const char *text = arena_strndup(g->c->arena, s + value, n);
    if (strcmp(word, "objective") == 0 && is_made_of(text, LETTERS))
        q->objective = text;
    else if (strcmp(word, "use") == 0 && (!strcmp(text, "check") || !strcmp(text, "lesson")))
        q->use = text;
    else if (strcmp(word, "spaced") == 0 && (!strcmp(text, "yes") || !strcmp(text, "no")))
        q->spaced = text;
    else if (strcmp(word, "refs") == 0 && is_made_of(text, LETTERS ", "))
        q->refs = text;
    else if (strcmp(word, "columns") == 0)
        q->columns = text;
    else if (strcmp(word, "first") == 0)
        q->first = text;
}

static void add_line(struct block *b, const char *s, size_t length, size_t at)
{
    memcpy(b->text + b->n, s, length);
    for (size_t i = 0; i <= length; i++)
        b->at[b->n + i] = at + i;
    b->n += length;
    b->text[b->n++] = '\n';
    b->at[b->n] = at + length;
}

void gift_read(struct gift_file *g)
{
    const struct source_file *f = &g->source;
    struct block b = {.g = g};
    b.text = arena_alloc(g->c->arena, f->size + 2);
    b.at = arena_array(g->c->arena, f->size + 3, sizeof *b.at);
    struct gift_question q = {0};
    for (int line = 1; line <= f->line_count + 1; line++) {
        size_t length = 0;
        const char *s = line <= f->line_count ? source_line(f, line, &length) : "";
        size_t blank = strspn(s, " \t\r");
        if (blank >= length) {
            read_question(&b, q);
            b.n = 0;
            q = (struct gift_question){0};
        } else if (length - blank >= 2 && memcmp(s + blank, "//", 2) == 0) {
            size_t from = blank + 2;
            from += strspn(s + from, " \t");
            take_comment(g, &q, s + from, from < length ? length - from : 0);
        } else if (strncmp(s + blank, "$CATEGORY:", 10) != 0) {
            add_line(&b, s, length, f->line_start[line - 1]);
        }
    }
}

void gift_report(struct gift_file *g, enum course_code code, size_t at, const char *hint,
                 const char *message)
{
    const size_t *starts = g->source.line_start;
    int low = 0, high = g->source.line_count;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (starts[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    int line = low + 1, column = (int)(at - starts[low]) + 1;
    if (message)
        report(g->c, code, &g->source, line, column, hint, "%s", message);
    else
        report(g->c, code, &g->source, line, column, hint, NULL);
}
