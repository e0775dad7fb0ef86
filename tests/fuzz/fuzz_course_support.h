/*
 * One file of a small course comes from the fuzzer, the others are sound. Whatever the file says,
 * the course is read to its end, the HTML consists of our own tags, and what counts as sound
 * freezes and thaws to itself.
 */
#ifndef FUZZ_COURSE_SUPPORT_H
#define FUZZ_COURSE_SUPPORT_H
#include "base/buf.h"
#include "base/error.h"
#include "course/blocks.h"
#include "course/reader.h"
#include <stdlib.h>
#include <string.h>

#define FUZZ_MAX                                                                                   \
    4096 /* the Markdown parser is quadratic on hostile input; the reader caps files               \
          */

static const char fuzz_json[] =
    "{\"format\":1,\"id\":\"f\",\"version\":\"1\",\"title\":\"F\",\"summary\":\"F\",\"minutes\":5,"
    "\"language\":\"en\",\"audience\":[\"a\"],\"objectives\":[{\"id\":\"A1\",\"verb\":\"v\","
    "\"text\":\"t\",\"evidence\":\"case\"}],\"owner\":\"o\",\"authors\":[],\"reviewers\":[],"
    "\"disclosures\":[],\"stage\":\"pilot\",\"last_reviewed\":\"2026-11-22\","
    "\"review_every_months\":12,\"completion\":[\"lessons\"],\"test_out\":false,"
    "\"credit\":{\"status\":\"not-designated\"},\"grant_supported\":false,\"ca_clc\":[],"
    "\"ca_implicit_bias\":[],\"pass_percent\":80,\"pre_draw\":1,\"check_draw\":2,"
    "\"follow_up_days\":[],\"commitment_days\":[]}";

static const struct {
    const char *path, *text;
} fuzz_files[] = {
    {"cases/c.md", "## a {end}\n\nThe end.\n"},
    {"course.json", fuzz_json},
    {"lessons/01-l.md", "# L\n\nText [@K1].\n\n> [!CHECK q-1]\n"},
    {"media/m.png", "x"},
    {"questions.md",
     "## q-1\nobjective: A1\nuse: lesson\ntype: single\n\nWhich?\n\n- [x] A\n  > a\n"
     "- [ ] B\n  > b\n"},
    {"references.md", "## K1\nAuthor A. Title. 2001.\n"},
};

static void fuzz_put(struct buf *b, const char *path, const void *bytes, size_t n)
{
    buf_printf(b, "%s\n%zu\n", path, n);
    buf_append(b, bytes, n);
    buf_putc(b, '\n');
}

/* Only tags that the renderer writes, and no bare '<'. */
static void fuzz_check_html(const char *html)
{
    static const char *const tags[] = {
        "p",      "h1", "h2", "h3", "h4",    "h5",    "h6",   "ul",        "ol",   "li",
        "table",  "tr", "th", "td", "thead", "tbody", "div",  "pre",       "code", "em",
        "strong", "a",  "br", "hr", "img",   "aside", "span", "blockquote"};
    for (const char *at = html; (at = strchr(at, '<')); at++) {
        const char *name = at + 1 + (at[1] == '/');
        size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz123456"), i = 0;
        while (i < sizeof tags / sizeof *tags &&
               !(strlen(tags[i]) == n && strncmp(tags[i], name, n) == 0))
            i++;
        if (i == sizeof tags / sizeof *tags || !strchr(" >", name[n]))
            abort();
    }
    if (strstr(html, "href=\"javascript") || strstr(html, "href=\"data"))
        abort();
}

static void fuzz_check_publication(const struct publication *p)
{
    for (int i = 0; i < p->lesson_count; i++)
        for (int k = 0; k < p->lessons[i].piece_count; k++)
            fuzz_check_html(p->lessons[i].pieces[k].html);
    for (int i = 0; i < p->item_count; i++) {
        fuzz_check_html(p->items[i].stem_html);
        fuzz_check_html(p->items[i].explanation_html);
        for (int k = 0; k < p->items[i].option_count; k++) {
            fuzz_check_html(p->items[i].options[k].html);
            fuzz_check_html(p->items[i].options[k].rationale_html);
        }
        for (int k = 0; k < p->items[i].partner_count; k++)
            fuzz_check_html(p->items[i].partners[k].html);
    }
    for (int i = 0; i < p->case_count; i++) {
        fuzz_check_html(p->cases[i].intro_html);
        for (int k = 0; k < p->cases[i].scene_count; k++) {
            const struct scene *s = &p->cases[i].scenes[k];
            fuzz_check_html(s->html);
            for (int m = 0; m < s->choice_count; m++) {
                fuzz_check_html(s->choices[m].html);
                fuzz_check_html(s->choices[m].consequence_html);
                if (s->choices[m].target >= p->cases[i].scene_count)
                    abort();
            }
        }
    }
}

/* In the blocks that a reviewer reads, each has a place of its own and an index that is there. */
static void fuzz_check_blocks(struct course_source *c)
{
    const struct publication *p = &c->publication;
    for (int f = 0; f < c->file_count; f++) {
        const struct course_block *blocks;
        int n = course_blocks(c, c->files[f].path, &blocks);
        for (int i = 0; i < n; i++) {
            fuzz_check_html(blocks[i].html);
            if (blocks[i].line < 1 || (*blocks[i].id && strlen(blocks[i].id) != BLOCK_ID - 1))
                abort();
            if (blocks[i].kind == BLOCK_ITEM && blocks[i].index >= p->item_count)
                abort();
            for (int k = 0; k < i; k++)
                if (*blocks[i].id && blocks[i].kind != BLOCK_ITEM &&
                    strcmp(blocks[i].id, blocks[k].id) == 0)
                    abort();
        }
    }
}

static inline int fuzz_course(const char *path, const uint8_t *data, size_t size)
{
    struct buf b, again;
    struct error e = {0};
    if (size > FUZZ_MAX)
        return 0;
    buf_init(&b, (size_t)1 << 20);
    buf_init(&again, (size_t)1 << 20);
    for (size_t i = 0; i < sizeof fuzz_files / sizeof *fuzz_files; i++) {
        bool ours = strcmp(fuzz_files[i].path, path) == 0;
        fuzz_put(&b, fuzz_files[i].path, ours ? (const void *)data : fuzz_files[i].text,
                 ours ? size : strlen(fuzz_files[i].text));
    }
    struct course_source *c = thaw_course(b.data, b.length, true, 0, &e);
    if (!c)
        abort();
    fuzz_check_publication(&c->publication); /* also what was reported must be safe to print */
    fuzz_check_blocks(c);
    course_freeze(c, &again);
    if (again.length != b.length || memcmp(again.data, b.data, b.length) != 0)
        abort();
    for (int i = 0; i < c->diagnostics.count; i++) {
        const struct diagnostic *d = LIST_AT(&c->diagnostics, struct diagnostic, i);
        if (d->line < 1 || d->column < 1 || !*d->message || !*d->hint)
            abort();
    }
    course_free(c);
    buf_free(&b);
    buf_free(&again);
    return 0;
}

#endif
