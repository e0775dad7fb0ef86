#include "course/prose.h"
#include "base/text.h"
#include "course/markdown.h"
#include <string.h>

/* Where a run of the text stands in the file. */
struct run {
    size_t offset;
    int line, column;
};

/* The text of one leaf block with the places of its runs. Emphasised words stand in '*'. */
struct leaf {
    struct buf text;
    struct list runs;
    bool cited;
};

struct phrase {
    const char *text;
    const char *hint;
};

static const struct phrase labels[] = {
    {"addict", "a person with a substance use disorder"},
    {"addicts", "people with a substance use disorder"},
    {"alcoholic", "a person with an alcohol use disorder"},
    {"alcoholics", "people with an alcohol use disorder"},
    {"caucasian", "White, or say what is meant"},
    {"caucasians", "White people, or say what is meant"},
    {"convicts", "people who are or were incarcerated"},
    {"crazy", "say what was seen or heard"},
    {"diabetics", "people with diabetes"},
    {"drug abuser", "a person who uses drugs"},
    {"drug abusers", "people who use drugs"},
    {"drug seeker", "say what the person asked for"},
    {"drug-seeking", "say what the person asked for"},
    {"epileptics", "people with epilepsy"},
    {"frequent flyer", "say how often the person came, and why"},
    {"frequent flyers", "say how often people came, and why"},
    {"handicapped", "with a disability"},
    {"illegal alien", "a person without documents"},
    {"illegal aliens", "people without documents"},
    {"illegals", "people without documents"},
    {"inmate", "a person who is incarcerated"},
    {"inmates", "people who are incarcerated"},
    {"junkie", "a person who uses drugs"},
    {"mentally retarded", "with an intellectual disability"},
    {"orientals", "name the community"},
    {"schizophrenics", "people with schizophrenia"},
    {"sickler", "a person with sickle cell disease"},
    {"sicklers", "people with sickle cell disease"},
    {"the disabled", "people with disabilities"},
    {"the elderly", "older adults"},
    {"the homeless", "people without housing"},
    {"the mentally ill", "people with a mental illness"},
    {"wheelchair-bound", "who uses a wheelchair"},
};

static const char *const credit_words[] = {
    "ama pra",
    "category 1 credit",
    "category 1 credits",
    "cme credit",
    "cme credits",
    "cme hour",
    "cme hours",
    "contact hours",
    "ce credit",
    "ce credits",
    "ceu",
    "ceus",
    "moc points",
    "moc credit",
    "credit hours",
    "earn credit",
    "continuing education credit",
    "continuing medical education credit",
};

static bool is_word_byte(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
           (unsigned char)ch >= 0x80;
}

/* The phrase as whole words in lower-case `s`, from `from`; NULL when it is not there. */
static const char *find_phrase(const char *s, const char *from, const char *phrase)
{
    size_t n = strlen(phrase);
    for (const char *at = from; (at = strstr(at, phrase)); at++)
        if ((at == s || !is_word_byte(at[-1])) && !is_word_byte(at[n]))
            return at;
    return NULL;
}

/* Does the position stand inside double quotation marks? There, words are mentioned, not used. */
static bool in_quotes(const char *s, const char *at)
{
    bool inside = false;
    for (; s < at; s++) {
        if (*s == '"')
            inside = !inside;
        else if (strncmp(s, "\u201c", 3) == 0)
            inside = true;
        else if (strncmp(s, "\u201d", 3) == 0)
            inside = false;
    }
    return inside;
}

static void place(const struct leaf *leaf, size_t offset, int *line, int *column)
{
    *line = *column = 1;
    for (int i = 0; i < leaf->runs.count; i++) {
        const struct run *r = LIST_AT(&leaf->runs, struct run, i);
        if (r->offset > offset)
            break;
        *line = r->line;
        *column = r->column + (int)(offset - r->offset);
    }
}

/* "17 %", "17%" and "17 percent": the offset of the first digit, or NULL. */
static const char *find_percentage(const char *s)
{
    for (const char *at = s; *at; at++) {
        size_t digits = strspn(at, "0123456789");
        if (digits == 0)
            continue;
        const char *number = at;
        at += strspn(at, "0123456789.,");
        const char *unit = at + strspn(at, " ");
        if (strncmp(unit, "\u00a0", 2) == 0)
            unit += 2;
        if (*unit == '%' || strncmp(unit, "percent", 7) == 0 || strncmp(unit, "per cent", 8) == 0)
            return number;
        at--;
    }
    return NULL;
}

static void complain(struct course_source *c, const struct source_file *f, const struct leaf *leaf,
                     size_t offset, size_t n, enum course_code code, const char *hint)
{
    int line, column;
    place(leaf, offset, &line, &column);
    const char *found = arena_strndup(c->arena, leaf->text.data + offset, n);
    report(c, code, f, line, column, hint, "%s: \"%s\"",
           code == CODE_W07   ? "percentage without a citation"
           : code == CODE_W09 ? "a label for people"
                              : "credit wording without a designation",
           found);
}

static void check_leaf(struct course_source *c, const struct source_file *f,
                       const struct leaf *leaf, unsigned what)
{
    if (leaf->text.length == 0)
        return;
    const char *text = text_lower_ascii(c->arena, leaf->text.data);
    const char *percentage = what & PROSE_PERCENT ? find_percentage(text) : NULL;
    if (percentage)
        complain(c, f, leaf, (size_t)(percentage - text), strspn(percentage, "0123456789.,"),
                 CODE_W07, NULL);
    for (size_t i = 0; what & PROSE_LABELS && i < sizeof labels / sizeof *labels; i++) {
        const char *at = find_phrase(text, text, labels[i].text);
        if (at && !in_quotes(text, at) && !(at > text && at[-1] == '*'))
            complain(c, f, leaf, (size_t)(at - text), strlen(labels[i].text), CODE_W09,
                     arena_printf(c->arena, "say for example: %s", labels[i].hint));
    }
    for (size_t i = 0; what & PROSE_CREDIT && i < sizeof credit_words / sizeof *credit_words; i++) {
        const char *at = find_phrase(text, text, credit_words[i]);
        if (at)
            complain(c, f, leaf, (size_t)(at - text), strlen(credit_words[i]), CODE_W11, NULL);
    }
}

static void add_run(struct course_source *c, struct leaf *leaf, cmark_node *node, const char *text)
{
    struct run *r = list_add(c->arena, &leaf->runs, sizeof *r);
    r->offset = leaf->text.length;
    r->line = cmark_node_get_start_line(node);
    r->column = cmark_node_get_start_column(node);
    buf_puts(&leaf->text, text);
}

static bool has_citation(cmark_node *block)
{
    bool found = false;
    cmark_iter *it = cmark_iter_new(block);
    for (cmark_event_type event; !found && (event = cmark_iter_next(it)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(it);
        found = node_kind(node) == NODE_TEXT && citation_find(cmark_node_get_literal(node));
    }
    cmark_iter_free(it);
    return found;
}

void prose_check(struct course_source *c, const struct source_file *f, cmark_node *block,
                 unsigned what)
{
    if (c->designated)
        what &= ~(unsigned)PROSE_CREDIT;
    if (what & PROSE_PERCENT && has_citation(block))
        what &= ~(unsigned)PROSE_PERCENT;
    struct leaf leaf = {0};
    buf_init(&leaf.text, TEXT_FILE_MAX * 2);
    cmark_iter *it = cmark_iter_new(block);
    for (cmark_event_type event; (event = cmark_iter_next(it)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(it);
        switch (node_kind(node)) {
        case NODE_PARAGRAPH:
        case NODE_HEADING:
        case NODE_TABLE_CELL:
            if (event == CMARK_EVENT_EXIT)
                check_leaf(c, f, &leaf, what);
            buf_clear(&leaf.text);
            leaf.runs.count = 0;
            break;
        case NODE_TEXT:
            add_run(c, &leaf, node, cmark_node_get_literal(node));
            break;
        case NODE_EMPH:
        case NODE_STRONG:
            buf_putc(&leaf.text, '*');
            break;
        case NODE_SOFTBREAK:
        case NODE_LINEBREAK:
            buf_putc(&leaf.text, ' ');
            break;
        default:
            break;
        }
    }
    cmark_iter_free(it);
    buf_free(&leaf.text);
}

bool prose_promises_credit(const char *text)
{
    struct arena *a = arena_create();
    const char *lower = text_lower_ascii(a, text);
    bool found = false;
    for (size_t i = 0; !found && i < sizeof credit_words / sizeof *credit_words; i++)
        found = find_phrase(lower, lower, credit_words[i]) != NULL;
    arena_free(a);
    return found;
}

/* Where the last sentence begins. */
static const char *last_sentence(const char *s)
{
    const char *start = s;
    for (const char *at = s; at[0] && at[1]; at++)
        if (strchr(".?!:\n", at[0]) && (at[1] == ' ' || at[0] == '\n') && at[2])
            start = at + 1;
    return start;
}

bool prose_negative_stem(const char *stem)
{
    static const char *const negatives[] = {"not", "except", "least", "incorrect", "false"};
    const char *s = last_sentence(stem);
    if (!strchr(s, '?'))
        return false; /* "True or false: …" and unfinished sentences are read as statements */
    for (size_t i = 0; i < sizeof negatives / sizeof *negatives; i++) {
        const char *at = find_phrase(s, s, negatives[i]);
        bool at_least = at && strcmp(negatives[i], "least") == 0 && at - s >= 3 &&
                        strncmp(at - 3, "at ", 3) == 0;
        if (at && !at_least && !(at > s && at[-1] == '*'))
            return true;
    }
    return false;
}
