#include "base/text.h"
#include "credential/pdf.h"
#include <qpdf/qpdf-c.h>
#include <stdio.h>
#include <string.h>

#define FILE_NAME "credential.json"
#define DEEP      8 /* levels of the structure tree that are looked at; ours has four */

static void put(qpdf_data q, qpdf_oh dictionary, const char *key, qpdf_oh value)
{
    qpdf_oh_replace_key(q, dictionary, key, value);
}

static qpdf_oh stream(qpdf_data q, const void *bytes, size_t n, const char *type)
{
    qpdf_oh made = qpdf_oh_new_stream(q);
    qpdf_oh_replace_stream_data(q, made, bytes, n, qpdf_oh_new_null(q), qpdf_oh_new_null(q));
    put(q, qpdf_oh_get_dict(q, made), "/Type", qpdf_oh_new_name(q, type));
    return made;
}

/* The elements in the order of the tree: each that is the next of the list gets its words. */
static void put_words(qpdf_data q, qpdf_oh element, const struct pdf_words **next, int depth)
{
    if (!(*next)->element || depth == DEEP || !qpdf_oh_is_dictionary(q, element))
        return;
    if (qpdf_oh_is_name_and_equals(q, qpdf_oh_get_key(q, element, "/S"), (*next)->element)) {
        put(q, element, (*next)->key, qpdf_oh_new_unicode_string(q, (*next)->text));
        ++*next;
    }
    qpdf_oh kids = qpdf_oh_get_key(q, element, "/K");
    if (!qpdf_oh_is_array(q, kids)) {
        put_words(q, kids, next, depth + 1);
        return;
    }
    int count = qpdf_oh_get_array_n_items(q, kids);
    for (int i = 0; i < count; i++)
        put_words(q, qpdf_oh_get_array_item(q, kids, i), next, depth + 1);
}

/* D:20260701170509Z, as PDF writes it. */
static void pdf_date(instant at, char out[18])
{
    char s[21];
    instant_rfc3339(at, s);
    snprintf(out, 18, "D:%.4s%.2s%.2s%.2s%.2s%.2sZ", s, s + 5, s + 8, s + 11, s + 14, s + 17);
}

static void attach(qpdf_data q, qpdf_oh root, const struct print_text *t)
{
    char date[18];
    pdf_date(t->issued_at, date);
    qpdf_oh file = stream(q, t->bytes, t->length, "/EmbeddedFile");
    qpdf_oh about = qpdf_oh_get_dict(q, file), params = qpdf_oh_new_dictionary(q);
    put(q, about, "/Subtype", qpdf_oh_new_name(q, "/application/json"));
    put(q, params, "/Size", qpdf_oh_new_integer(q, (long long)t->length));
    put(q, params, "/CreationDate", qpdf_oh_new_string(q, date));
    put(q, params, "/ModDate", qpdf_oh_new_string(q, date));
    put(q, about, "/Params", params);

    qpdf_oh specification = qpdf_oh_parse(q, "<< /Type /Filespec /AFRelationship /Data >>");
    qpdf_oh name = qpdf_oh_new_string(q, FILE_NAME), embedded = qpdf_oh_new_dictionary(q);
    put(q, embedded, "/F", file);
    put(q, embedded, "/UF", file);
    put(q, specification, "/F", name);
    put(q, specification, "/UF", name);
    put(q, specification, "/Desc",
        qpdf_oh_new_string(q, "The signed record of this certificate (Open Badges 3.0)"));
    put(q, specification, "/EF", embedded);
    specification = qpdf_make_indirect_object(q, specification);

    qpdf_oh pair = qpdf_oh_new_array(q), files = qpdf_oh_new_dictionary(q);
    qpdf_oh_append_item(q, pair, name);
    qpdf_oh_append_item(q, pair, specification);
    put(q, files, "/Names", pair);
    qpdf_oh names = qpdf_oh_get_key(q, root, "/Names");
    if (!qpdf_oh_is_dictionary(q, names))
        names = qpdf_oh_new_dictionary(q);
    put(q, names, "/EmbeddedFiles", files);
    put(q, root, "/Names", names);
    put(q, root, "/AF", qpdf_oh_wrap_in_array(q, specification));
}

static void put_element(struct buf *b, const char *before, const char *text, const char *after)
{
    buf_puts(b, before);
    text_escape_html(b, text, strlen(text));
    buf_puts(b, after);
}

/* XMP (ISO 16684-1): what library catalogues and readers look for. */
static void put_metadata(qpdf_data q, qpdf_oh root, const struct print_text *t)
{
    struct buf b;
    char when[21];
    instant_rfc3339(t->issued_at, when);
    buf_init(&b, (size_t)64 << 10);
    buf_puts(&b, "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
                 "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
                 "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
                 "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                 "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">\n"
                 "<dc:format>application/pdf</dc:format>\n");
    put_element(&b, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">", t->title,
                "</rdf:li></rdf:Alt></dc:title>\n");
    put_element(&b, "<dc:creator><rdf:Seq><rdf:li>", t->issuer,
                "</rdf:li></rdf:Seq></dc:creator>\n");
    put_element(&b, "<dc:language><rdf:Bag><rdf:li>", t->language,
                "</rdf:li></rdf:Bag></dc:language>\n");
    put_element(&b, "<xmp:CreateDate>", when, "</xmp:CreateDate>\n");
    put_element(&b, "<xmp:ModifyDate>", when, "</xmp:ModifyDate>\n");
    buf_puts(&b, "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>\n");
    qpdf_oh metadata = stream(q, b.data, b.length, "/Metadata");
    put(q, qpdf_oh_get_dict(q, metadata), "/Subtype", qpdf_oh_new_name(q, "/XML"));
    put(q, root, "/Metadata", metadata);
    buf_free(&b);
}

static void put_all(qpdf_data q, const struct print_text *t, const struct pdf_words *words)
{
    qpdf_oh root = qpdf_get_root(q);
    put(q, root, "/MarkInfo", qpdf_oh_parse(q, "<< /Marked true >>"));
    put(q, root, "/ViewerPreferences", qpdf_oh_parse(q, "<< /DisplayDocTitle true >>"));
    put(q, root, "/Lang", qpdf_oh_new_unicode_string(q, t->language));
    put_words(q, qpdf_oh_get_key(q, root, "/StructTreeRoot"), &words, 0);
    put_metadata(q, root, t);
    attach(q, root, t);
}

/* The streams are left as they are: cairo has compressed its own, and the record stays readable to
 * whoever opens the file in an editor. */
static int write_out(qpdf_data q, struct buf *out)
{
    if (qpdf_init_write_memory(q) & QPDF_ERRORS)
        return -1;
    qpdf_set_deterministic_ID(q, QPDF_TRUE);
    qpdf_set_stream_data_mode(q, qpdf_s_preserve);
    qpdf_set_object_stream_mode(q, qpdf_o_disable);
    qpdf_set_minimum_pdf_version(q, "1.7");
    if (qpdf_write(q) & QPDF_ERRORS)
        return -1;
    buf_append(out, qpdf_get_buffer(q), qpdf_get_buffer_length(q));
    return out->overflow ? -1 : 0;
}

int pdf_finish(const struct buf *drawn, const struct print_text *text,
               const struct pdf_words *words, struct buf *out, struct error *e)
{
    qpdf_data q = qpdf_init();
    qpdf_silence_errors(q);
    qpdf_set_suppress_warnings(q, QPDF_TRUE);
    int result = -1;
    if (!(qpdf_read_memory(q, "certificate", drawn->data, drawn->length, NULL) & QPDF_ERRORS)) {
        put_all(q, text, words);
        if (!qpdf_has_error(q))
            result = write_out(q, out);
    }
    if (result)
        error_set(e, ERROR_INTERNAL, "The certificate was not finished: %s",
                  qpdf_has_error(q) ? qpdf_get_error_message_detail(q, qpdf_get_error(q))
                                    : "it is too large");
    qpdf_cleanup(&q);
    return result;
}
