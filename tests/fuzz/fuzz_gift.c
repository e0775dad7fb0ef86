/*
 * GIFT from outside. Whatever the file says, it is read to its end, everything reported has its
 * place and a hint, and the text that comes out is read back as exactly the items that were
 * counted, with our own tags alone; those without a fault export and import again.
 */
#include "course/gift.h"
#include "fuzz.h"
#include "fuzz_course_support.h"

static const struct gift_options options = {"f", "A1", "check"};

static void check_diagnostics(const struct course_source *c)
{
    const struct diagnostic *list;
    int n = course_diagnostics(c, &list);
    for (int i = 0; i < n; i++)
        if (list[i].line < 1 || list[i].column < 1 || !*list[i].message || !*list[i].hint)
            abort();
}

/* The sound course of the other fuzzers with this item bank. */
static struct course_source *with_bank(const struct buf *bank)
{
    struct buf b;
    struct error e = {0};
    buf_init(&b, (size_t)4 << 20);
    for (size_t i = 0; i < sizeof fuzz_files / sizeof *fuzz_files; i++) {
        bool ours = strcmp(fuzz_files[i].path, "questions.md") == 0;
        fuzz_put(&b, fuzz_files[i].path, ours ? bank->data : fuzz_files[i].text,
                 ours ? bank->length : strlen(fuzz_files[i].text));
    }
    struct course_source *c = thaw_course(b.data, b.length, false, 0, &e);
    if (!c)
        abort();
    buf_free(&b);
    return c;
}

static void import_again(const struct buf *gift, int written)
{
    struct buf out;
    int items;
    buf_init(&out, (size_t)1 << 22);
    struct course_source *c = gift_import("f", gift->data, gift->length, &options, &out, &items);
    if (items != written)
        abort();
    course_free(c);
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf out, gift;
    struct gift_export_counts n;
    int items;
    if (size > FUZZ_MAX)
        return 0;
    buf_init(&out, (size_t)1 << 22);
    buf_init(&gift, (size_t)1 << 22);
    struct course_source *read = gift_import("f", data, size, &options, &out, &items);
    check_diagnostics(read);
    if (out.length > 0) {
        struct course_source *c = with_bank(&out);
        fuzz_check_publication(&c->publication);
        if (c->publication.item_count != items)
            abort();
        gift_export(c, &gift, &n);
        import_again(&gift, n.written);
        course_free(c);
    }
    course_free(read);
    buf_free(&out);
    buf_free(&gift);
    return 0;
}
