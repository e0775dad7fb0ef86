/* The containers of a certificate, made from their specifications: a PNG, a PDF, a zip. */
#ifndef TEST_CREDENTIAL_FILES_H
#define TEST_CREDENTIAL_FILES_H
#include "base/arena.h"
#include "base/buf.h"
#include <stdlib.h>
#include <string.h>
#include <zip.h>
#include <zlib.h>

struct bytes {
    const char *data;
    size_t n;
};

static inline struct bytes bytes_of(struct arena *a, struct buf *b)
{
    struct bytes out = {arena_memdup(a, b->data, b->length), b->length};
    buf_free(b);
    return out;
}

static inline void put_be32(struct buf *b, uint32_t v)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_putc(b, (char)(unsigned char)(v >> shift));
}

static inline void put_chunk(struct buf *b, const char *type, const void *data, size_t n)
{
    put_be32(b, (uint32_t)n);
    size_t from = b->length;
    buf_puts(b, type);
    buf_append(b, data, n);
    put_be32(b, (uint32_t)crc32(0, (const Bytef *)b->data + from, (uInt)(n + 4)));
}

/* A chunk with the certificate as text, its head ("\0\0\0\0" when baked as it should be). */
static inline void put_baked(struct buf *b, const char *type, const char *keyword,
                             const char head[4], const char *text)
{
    struct buf data;
    buf_init(&data, 1 << 20);
    buf_append(&data, keyword, strlen(keyword) + 1);
    buf_append(&data, head, 4);
    buf_puts(&data, text);
    put_chunk(b, type, data.data, data.length);
    buf_free(&data);
}

static inline void png_begin(struct buf *b)
{
    buf_init(b, 4 << 20);
    buf_append(b, "\x89PNG\r\n\x1A\n", 8);
    put_chunk(b, "IHDR", "\0\0\0\1\0\0\0\1\x08\0\0\0\0", 13);
    put_chunk(b, "IDAT", "\x78\x9C\x63\x60\0\0\0\2\0\1", 10);
}

static inline struct bytes png_end(struct arena *a, struct buf *b)
{
    put_chunk(b, "IEND", "", 0);
    return bytes_of(a, b);
}

static inline struct bytes png_of(struct arena *a, const char *text)
{
    struct buf b;
    png_begin(&b);
    put_baked(&b, "iTXt", "openbadgecredential", "\0\0\0\0", text);
    return png_end(a, &b);
}

static inline struct bytes of_text(const char *text)
{
    return (struct bytes){text, strlen(text)};
}

/* A PDF from the texts of its objects 1, 2, …; the first is the catalog. */
static inline struct bytes pdf_of(struct arena *a, const struct bytes *objects, size_t count,
                                  const char *trailer)
{
    struct buf b;
    size_t *at = arena_array(a, count, sizeof *at);
    buf_init(&b, 4 << 20);
    buf_puts(&b, "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n");
    for (size_t i = 0; i < count; i++) {
        at[i] = b.length;
        buf_printf(&b, "%zu 0 obj\n", i + 1);
        buf_append(&b, objects[i].data, objects[i].n);
        buf_puts(&b, "\nendobj\n");
    }
    size_t table = b.length;
    buf_printf(&b, "xref\n0 %zu\n0000000000 65535 f \n", count + 1);
    for (size_t i = 0; i < count; i++)
        buf_printf(&b, "%010zu 00000 n \n", at[i]);
    buf_printf(&b, "trailer << /Size %zu /Root 1 0 R %s>>\nstartxref\n%zu\n%%%%EOF\n", count + 1,
               trailer, table);
    return bytes_of(a, &b);
}

#define PDF_CATALOG "<< /Type /Catalog /Pages 2 0 R /AF [ 3 0 R ] >>"
#define PDF_PAGES   "<< /Type /Pages /Kids [] /Count 0 >>"
#define PDF_DATA                                                                                   \
    "<< /Type /Filespec /F (credential.json) /AFRelationship /Data "                               \
    "/EF << /F 4 0 R /UF 4 0 R >> >>"

/* A stream object; `filter` is what stands in its dictionary beside /Length. */
static inline struct bytes pdf_stream_of(struct arena *a, struct bytes data, const char *filter)
{
    struct buf b;
    buf_init(&b, 4 << 20);
    buf_printf(&b, "<< /Type /EmbeddedFile /Length %zu %s>>\nstream\n", data.n, filter);
    buf_append(&b, data.data, data.n);
    buf_puts(&b, "\nendstream");
    return bytes_of(a, &b);
}

static inline struct bytes deflated(struct arena *a, struct bytes data)
{
    uLongf size = compressBound((uLong)data.n);
    Bytef *bytes = arena_alloc(a, size);
    if (compress2(bytes, &size, (const Bytef *)data.data, (uLong)data.n, 9) != Z_OK)
        abort();
    return (struct bytes){(const char *)bytes, size};
}

static inline struct bytes pdf_attached(struct arena *a, const char *text)
{
    struct bytes objects[] = {of_text(PDF_CATALOG), of_text(PDF_PAGES), of_text(PDF_DATA),
                              pdf_stream_of(a, of_text(text), "")};
    return pdf_of(a, objects, 4, "");
}

struct zip_entry {
    const char *name;
    struct bytes bytes;
};

static inline struct bytes zip_of(struct arena *a, const struct zip_entry *entries, size_t count,
                                  zip_int32_t method)
{
    zip_error_t e;
    zip_stat_t stat;
    zip_source_t *out = zip_source_buffer_create(NULL, 0, 0, &e);
    zip_source_keep(out);
    zip_t *zip = zip_open_from_source(out, ZIP_TRUNCATE, &e);
    for (size_t i = 0; i < count; i++) {
        zip_source_t *in = zip_source_buffer(zip, entries[i].bytes.data, entries[i].bytes.n, 0);
        zip_int64_t index = zip_file_add(zip, entries[i].name, in, ZIP_FL_ENC_UTF_8);
        zip_set_file_compression(zip, (zip_uint64_t)index, method, 9);
    }
    if (zip_close(zip) != 0 || zip_source_open(out) != 0 || zip_source_stat(out, &stat) != 0)
        abort();
    char *bytes = arena_alloc(a, stat.size + 1);
    if (zip_source_read(out, bytes, stat.size) != (zip_int64_t)stat.size)
        abort();
    zip_source_close(out);
    zip_source_free(out);
    return (struct bytes){bytes, stat.size};
}

#endif
