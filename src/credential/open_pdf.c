/*
 * A PDF's certificate: the one file that the document's catalog associates with it as its data
 * (/AF, a file specification with /AFRelationship /Data). Other attachments are not looked at.
 */
#include "credential/open.h"
#include "credential/pdf_read.h"

#define MOST_ATTACHMENTS 16

static int refuse(enum pdf_answer answer, struct error *e)
{
    switch (answer) {
    case PDF_PROTECTED:
        return error_set(e, ERROR_NOT_FOUND,
                         "This PDF is protected with a password, so nothing in it can be read. Ask "
                         "for the file as it was downloaded, or type the code printed on it.");
    case PDF_REWRITTEN:
        return error_set(e, ERROR_NOT_FOUND,
                         "Another program has saved this PDF anew, and the certificate in it can "
                         "no longer be read. Ask for the file as it was downloaded, or type the "
                         "code printed on it.");
    case PDF_ABSENT:
        return error_set(e, ERROR_NOT_FOUND,
                         "This PDF holds no certificate. A scan, a print or a copy that was saved "
                         "again loses it: ask for the file that was downloaded, or type the code "
                         "printed on it.");
    case PDF_TOO_LARGE:
        return error_set(e, ERROR_INVALID,
                         "The file attached to this PDF is larger than any certificate.");
    case PDF_FOUND:
    case PDF_DAMAGED:
        break;
    }
    return error_set(e, ERROR_INVALID,
                     "This PDF is damaged or not complete. Download it again and check the whole "
                     "file.");
}

/* The stream of a file specification: /EF's /F, or /UF; both, when both are the same. */
static enum pdf_answer embedded(const struct pdf *p, struct pdf_value specification,
                                struct pdf_value *out)
{
    struct pdf_value files, unicode;
    enum pdf_answer answer = pdf_get(p, specification, "EF", &files);
    if (answer != PDF_FOUND)
        return answer;
    answer = pdf_get(p, files, "F", out);
    enum pdf_answer second = pdf_get(p, files, "UF", &unicode);
    if (answer == PDF_FOUND && second == PDF_FOUND)
        return out->from == unicode.from ? PDF_FOUND : PDF_DAMAGED;
    if (second == PDF_FOUND)
        *out = unicode;
    return answer == PDF_ABSENT ? second : answer;
}

/* Looks at each associated file: how many are data, and the last of those. */
static enum pdf_answer find_data(const struct pdf *p, int *count, struct pdf_value *out)
{
    struct pdf_value catalog, list, item, relationship;
    size_t at = 0;
    enum pdf_answer answer = pdf_get(p, p->trailer, "Root", &catalog);
    if (answer == PDF_FOUND)
        answer = pdf_get(p, catalog, "AF", &list);
    if (answer != PDF_FOUND)
        return answer;
    if (!pdf_is_array(p, list))
        return PDF_DAMAGED;
    for (int looked = 0; (answer = pdf_next(p, list, &at, &item)) == PDF_FOUND; looked++) {
        if (looked == MOST_ATTACHMENTS || pdf_follow(p, item, &item) != PDF_FOUND)
            return PDF_DAMAGED;
        answer = pdf_get(p, item, "AFRelationship", &relationship);
        if (answer == PDF_DAMAGED)
            return answer;
        if (answer != PDF_FOUND || !pdf_is_name(p, relationship, "Data"))
            continue;
        ++*count;
        *out = item;
    }
    return answer == PDF_ABSENT && *count ? PDF_FOUND : answer;
}

int credential_open_pdf(const char *bytes, size_t n, struct arena *a, struct opened *out,
                        struct error *e)
{
    struct pdf p;
    struct pdf_value data, stream;
    int count = 0;
    out->kind = FILE_PDF;
    enum pdf_answer answer = pdf_open(bytes, n, a, &p);
    if (answer == PDF_FOUND)
        answer = find_data(&p, &count, &data);
    if (answer == PDF_FOUND && count > 1)
        return error_set(e, ERROR_INVALID,
                         "This PDF holds more than one certificate. A genuine one holds one: ask "
                         "for the file as it was downloaded.");
    if (answer == PDF_FOUND)
        answer = embedded(&p, data, &stream);
    if (answer == PDF_FOUND)
        answer = pdf_stream(&p, stream, CREDENTIAL_MAX_BYTES, a, &out->credential,
                            &out->credential_length);
    return answer == PDF_FOUND ? 0 : refuse(answer, e);
}
