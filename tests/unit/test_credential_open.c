/* Five kinds of file, opened: what is inside, and what is refused with which words. */
#include "base/random.h"
#include "credential/bundle.h"
#include "credential/open.h"
#include "test_credential_files.h"
#include "test_credential_support.h"

#define TEXT "{\"a\":\"certificate\"}"

static struct opened opens(struct bytes file, enum file_kind kind)
{
    struct error e = {0};
    struct opened out;
    credential_open(file.data, file.n, arena, &out, &e);
    assert_string_equal(e.message, "");
    assert_int_equal(out.kind, kind);
    assert_non_null(out.credential);
    return out;
}

static void holds_text(struct bytes file, enum file_kind kind)
{
    struct opened out = opens(file, kind);
    assert_int_equal(out.credential_length, strlen(TEXT));
    assert_memory_equal(out.credential, TEXT, strlen(TEXT));
}

/* Refused, with these words for a person; the report on it says the same. */
static void refuses(struct bytes file, enum error_kind kind, const char *words)
{
    struct error e = {0};
    struct opened out;
    struct verify_report r;
    assert_int_equal(credential_open(file.data, file.n, arena, &out, &e), -1);
    assert_non_null(strstr(e.message, words));
    assert_int_equal(e.kind, kind);
    credential_refused(&e, arena, &r);
    assert_int_equal(r.verdict, VERDICT_INVALID);
    assert_int_equal(r.absent, kind == ERROR_NOT_FOUND);
    assert_non_null(strstr(r.words, words));
}

static void a_kind_is_told_by_its_first_bytes(void **state)
{
    (void)state;
    const char *json = issue(), *twin = twin_as(issuer, json);
    struct zip_entry entry = {BUNDLE_CREDENTIAL, of_text(TEXT)};
    assert_ptr_equal(opens(of_text(json), FILE_JSON).credential, json);
    assert_ptr_equal(opens(of_text(twin), FILE_JCS).credential, twin);
    holds_text(png_of(arena, TEXT), FILE_PNG);
    holds_text(pdf_attached(arena, TEXT), FILE_PDF);
    holds_text(zip_of(arena, &entry, 1, ZIP_CM_STORE), FILE_BUNDLE);
    opens(of_text(" \n{"), FILE_JSON); /* the gate refuses it */
}

static void what_people_hand_in_by_mistake_has_its_own_words(void **state)
{
    (void)state;
    refuses(of_text("\xFF\xD8\xFF\xE0"), ERROR_NOT_FOUND, "photograph");
    refuses(of_text("<!DOCTYPE html>"), ERROR_NOT_FOUND, "web page");
    refuses(of_text("eyJhbGciOiJFZERTQSJ9.e30.x"), ERROR_NOT_FOUND, "signed token");
    refuses(of_text("https://train.example.edu/v/X"), ERROR_NOT_FOUND, "a link");
    static const char *const others[] = {"", "hello", "[", "\xEF\xBB\xBF{}", "  "};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        refuses(of_text(others[i]), ERROR_INVALID, "not a certificate file");
    char *large = arena_alloc(arena, CREDENTIAL_FILE_MAX_BYTES + 1);
    refuses((struct bytes){large, CREDENTIAL_FILE_MAX_BYTES + 1}, ERROR_INVALID, "larger");
}

/* ---- PNG ---- */

static struct bytes png_with(const char *type, const char *keyword, const char head[4],
                             const char *text, int times)
{
    struct buf b;
    png_begin(&b);
    for (int i = 0; i < times; i++)
        put_baked(&b, type, keyword, head, text);
    return png_end(arena, &b);
}

static void a_picture_holds_exactly_one_plain_certificate(void **state)
{
    (void)state;
    static const char keyword[] = "openbadgecredential", plain[4] = {0};
    refuses(png_with("iTXt", keyword, plain, TEXT, 2), ERROR_INVALID, "more than one");
    refuses(png_with("iTXt", keyword, plain, TEXT, 0), ERROR_NOT_FOUND, "screenshot");
    refuses(png_with("iTXt", "comment", plain, TEXT, 1), ERROR_NOT_FOUND, "screenshot");
    refuses(png_with("iTXt", "openbadgecredentials", plain, TEXT, 1), ERROR_NOT_FOUND, "holds no");
    refuses(png_with("iTXt", keyword, "\1\0\0\0", TEXT, 1), ERROR_INVALID, "packed");
    refuses(png_with("iTXt", keyword, "\0\0en", TEXT, 1), ERROR_INVALID, "packed");
    refuses(png_with("tEXt", keyword, plain, TEXT, 1), ERROR_INVALID, "packed");
    refuses(png_with("zTXt", keyword, plain, TEXT, 1), ERROR_INVALID, "packed");
    refuses(png_with("iTXt", keyword, plain, "eyJhbGciOiJSUzI1NiJ9.x.y", 1), ERROR_NOT_FOUND,
            "signed token");
    refuses(png_with("iTXt", "openbadges", plain, TEXT, 1), ERROR_NOT_FOUND, "Open Badges 1 or 2");
    refuses(png_with("tEXt", "openbadges", plain, "https://x", 1), ERROR_NOT_FOUND, "earlier kind");
    /* one plain and one packed are two */
    struct buf b;
    png_begin(&b);
    put_baked(&b, "iTXt", keyword, plain, TEXT);
    put_baked(&b, "zTXt", keyword, plain, TEXT);
    refuses(png_end(arena, &b), ERROR_INVALID, "more than one");
}

static void every_chunk_of_a_picture_is_whole(void **state)
{
    (void)state;
    struct bytes good = png_of(arena, TEXT);
    for (size_t n = 4; n < good.n; n++)
        refuses((struct bytes){good.data, n}, ERROR_INVALID, "damaged");
    for (size_t at = 4; at < good.n; at++) { /* any bit of it: each lies under a CRC */
        char *changed = arena_memdup(arena, good.data, good.n);
        changed[at] = (char)(changed[at] ^ (1 << at % 8));
        struct error e = {0};
        struct opened out;
        assert_int_equal(credential_open(changed, good.n, arena, &out, &e), -1);
    }
    /* a byte behind its end */
    refuses((struct bytes){arena_memdup(arena, good.data, good.n), good.n + 1}, ERROR_INVALID,
            "damaged");
    struct buf b;
    buf_init(&b, 1000);
    buf_append(&b, "\x89PNG\r\n\x1A\n", 8);
    put_baked(&b, "iTXt", "openbadgecredential", "\0\0\0\0", TEXT);
    refuses(png_end(arena, &b), ERROR_INVALID, "damaged"); /* without a head */
}

/* ---- PDF ---- */

static struct bytes pdf_with(const char *catalog, const char *specification, struct bytes stream)
{
    struct bytes objects[] = {of_text(catalog), of_text(PDF_PAGES), of_text(specification), stream};
    return pdf_of(arena, objects, 4, "");
}

static struct bytes plain(void)
{
    return pdf_stream_of(arena, of_text(TEXT), "");
}

static void an_attachment_is_found_as_others_may_write_it(void **state)
{
    (void)state;
    struct bytes flate = deflated(arena, of_text(TEXT));
    holds_text(pdf_with(PDF_CATALOG, PDF_DATA, pdf_stream_of(arena, flate, "/Filter/FlateDecode")),
               FILE_PDF);
    holds_text(
        pdf_with(PDF_CATALOG, PDF_DATA, pdf_stream_of(arena, flate, "/Filter [ /FlateDecode ]")),
        FILE_PDF);
    holds_text(pdf_with("<</Type/Catalog/X(a\\)(b)>>)/Y<3E3E>/AF[3 0 R]>>", PDF_DATA, plain()),
               FILE_PDF);
    holds_text(pdf_with("<< /A#46 [ 3 0 R ] % /AF [ 9 0 R ]\n >>",
                        "<</AFRelationship/D#61ta/EF<</UF 4 0 R>>>>", plain()),
               FILE_PDF);
    holds_text(
        pdf_with("<< /AF [ << /AFRelationship /Data /EF << /F 4 0 R >> >> ] >>", PDF_DATA, plain()),
        FILE_PDF);
    /* others beside it, which are not the document's data */
    struct bytes objects[] = {of_text("<< /AF [ 5 0 R 3 0 R ] >>"), of_text(PDF_PAGES),
                              of_text(PDF_DATA), plain(),
                              of_text("<< /AFRelationship /Supplement /EF << /F 4 0 R >> >>")};
    holds_text(pdf_of(arena, objects, 5, ""), FILE_PDF);
}

/* `base` with a second version of object `number` behind it, and a table for that alone. */
static struct bytes updated(struct bytes base, size_t number, const char *object)
{
    struct buf b;
    const char *table = base.data;
    for (const char *p = base.data; (p = strstr(p, "\nxref\n")) != NULL; p++)
        table = p + 1;
    buf_init(&b, 1 << 20);
    buf_append(&b, base.data, base.n);
    size_t at = b.length;
    buf_printf(&b, "%zu 0 obj\n%s\nendobj\n", number, object);
    size_t next = b.length;
    buf_printf(&b,
               "xref\n%zu 1\n%010zu 00000 n \ntrailer << /Root 1 0 R /Prev %zu >>\nstartxref\n%zu\n"
               "%%%%EOF\n",
               number, at, (size_t)(table - base.data), next);
    return bytes_of(arena, &b);
}

static void an_update_counts_as_the_reader_shows_it(void **state)
{
    (void)state;
    struct bytes base = pdf_attached(arena, TEXT);
    holds_text(updated(base, 2, "<< /Type /Pages /Kids [] /Count 0 /Signed true >>"), FILE_PDF);
    struct opened other =
        opens(updated(base, 4, "<< /Length 5 >>\nstream\nother\nendstream"), FILE_PDF);
    assert_memory_equal(other.credential, "other", 5);
    refuses(updated(base, 1, "<< /Type /Catalog >>"), ERROR_NOT_FOUND, "holds no certificate");
}

static void a_document_without_one_certificate_is_refused(void **state)
{
    (void)state;
    refuses(pdf_with("<< /Type /Catalog >>", PDF_DATA, plain()), ERROR_NOT_FOUND, "A scan");
    refuses(pdf_with("<< /AF [ ] >>", PDF_DATA, plain()), ERROR_NOT_FOUND, "holds no certificate");
    refuses(pdf_with("<< /AF [ 3 0 R 3 0 R ] >>", PDF_DATA, plain()), ERROR_INVALID,
            "more than one");
    refuses(pdf_with(PDF_CATALOG, "<< /AFRelationship /Source /EF << /F 4 0 R >> >>", plain()),
            ERROR_NOT_FOUND, "holds no certificate");
    refuses(pdf_with(PDF_CATALOG, "<< /AFRelationship /Data >>", plain()), ERROR_NOT_FOUND,
            "holds no certificate");
    refuses(pdf_with(PDF_CATALOG, "<</AFRelationship/Data/EF<</F 4 0 R/UF 2 0 R>>>>", plain()),
            ERROR_INVALID, "damaged");
    struct bytes objects[] = {of_text(PDF_CATALOG), of_text(PDF_PAGES), of_text(PDF_DATA), plain()};
    refuses(pdf_of(arena, objects, 4, "/Encrypt 2 0 R "), ERROR_NOT_FOUND, "password");
    refuses(pdf_of(arena, objects, 4, "/XRefStm 17 "), ERROR_NOT_FOUND, "saved this PDF anew");
    refuses(of_text("%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"), ERROR_NOT_FOUND,
            "saved this PDF anew"); /* a cross-reference stream */
}

static void a_document_that_breaks_a_rule_is_refused(void **state)
{
    (void)state;
    static const char *const catalogs[] = {
        "<< /AF [ 3 0 R ] /AF [ 3 0 R ] >>",
        "<< /AF [ 3 0 R ] /A#46 [ 3 0 R ] >>",
        "<< /AF [ 1 0 R >>",
        "<< /AF [ 3 0 R ) ] >>",
        "<< /AF ( >>",
        "<< /AF 3 0 R >>",
        "<< /AF [ 9 0 R ] >>",
        "<< /AF [ 3 1 R ] >>",
        "[ /AF ]",
        "<< 3 0 R /AF >>",
        "1 0 R",
        "<< /AF [3 0 R 3 0 R 3 0 R 3 0 R 3 0 R 3 0 R 3 0 R 3 0 R 3 0 R 3 0 R 3 0 R 3 0 R 3 0 R "
        "3 0 R 3 0 R 3 0 R 3 0 R]>>",
    };
    for (size_t i = 0; i < sizeof catalogs / sizeof *catalogs; i++)
        refuses(pdf_with(catalogs[i], PDF_DATA, plain()), ERROR_INVALID, "damaged");
    static const char *const streams[] = {
        "<< /Length 500 >>\nstream\n" TEXT "\nendstream",
        "<< /Length 5 >>\nstream\n" TEXT "\nendstream",
        "<< /Length -1 >>\nstream\n" TEXT "\nendstream",
        "<< /Length 99999999999 >>\nstream\n" TEXT "\nendstream",
        "<< >>\nstream\n" TEXT "\nendstream",
        "<< /Length 19 >>\n" TEXT,
        "<< /Length 19 /Filter /FlateDecode >>\nstream\n" TEXT "\nendstream",
    };
    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++)
        refuses(pdf_with(PDF_CATALOG, PDF_DATA, of_text(streams[i])), ERROR_INVALID, "damaged");
    struct buf deep;
    buf_init(&deep, 1 << 20);
    buf_puts(&deep, "<< /X ");
    for (int i = 0; i < 100000; i++)
        buf_puts(&deep, "[");
    refuses(pdf_with(bytes_of(arena, &deep).data, PDF_DATA, plain()), ERROR_INVALID, "damaged");
    refuses(of_text("%PDF-1.7\nxref\n0 0\ntrailer << /Root 1 0 R /Prev 9 >>\nstartxref\n9\n%%EOF"),
            ERROR_INVALID, "damaged"); /* updates without an end */
}

static void unpacking_is_bounded(void **state)
{
    (void)state;
    size_t n = 4 << 20;
    struct bytes zeros = {arena_alloc(arena, n), n};
    struct bytes once = deflated(arena, zeros), limit = {zeros.data, CREDENTIAL_MAX_BYTES};
    refuses(pdf_with(PDF_CATALOG, PDF_DATA, pdf_stream_of(arena, once, "/Filter/FlateDecode")),
            ERROR_INVALID, "larger than any certificate");
    refuses(
        pdf_with(PDF_CATALOG, PDF_DATA,
                 pdf_stream_of(arena, deflated(arena, once), "/Filter[/FlateDecode/FlateDecode]")),
        ERROR_NOT_FOUND, "saved this PDF anew");
    opens(pdf_with(PDF_CATALOG, PDF_DATA,
                   pdf_stream_of(arena, deflated(arena, limit), "/Filter/FlateDecode")),
          FILE_PDF);
    refuses(pdf_with(PDF_CATALOG, PDF_DATA,
                     pdf_stream_of(arena, (struct bytes){zeros.data, limit.n + 1}, "")),
            ERROR_INVALID, "larger than any certificate");
}

static void a_cut_document_is_refused(void **state)
{
    (void)state;
    struct bytes good = pdf_attached(arena, TEXT);
    size_t end = good.n - strlen("\n%%EOF\n"); /* whole without its last line, too */
    for (size_t n = 5; n < end; n++) {
        struct error e = {0};
        struct opened out;
        struct bytes cut = {arena_memdup(arena, good.data, n), n};
        assert_int_equal(credential_open(cut.data, n, arena, &out, &e), -1);
    }
    struct rng r;
    rng_seed(&r, 20260701);
    for (int i = 0; i < 2000; i++) { /* a changed byte anywhere: never another crash than words */
        struct error e = {0};
        struct opened out;
        char *changed = arena_memdup(arena, good.data, good.n);
        changed[5 + rng_below(&r, (uint32_t)good.n - 5)] = (char)rng_below(&r, 256);
        if (credential_open(changed, good.n, arena, &out, &e) != 0)
            assert_true(e.message[0] != '\0');
    }
}

/* ---- zip ---- */

static void a_bundle_holds_known_names_once_each(void **state)
{
    (void)state;
    const struct zip_entry all[] = {{BUNDLE_DID, of_text("did")},
                                    {BUNDLE_CREDENTIAL, of_text(TEXT)},
                                    {BUNDLE_STATUS, of_text("status")},
                                    {BUNDLE_PROOF, of_text("proof")},
                                    {BUNDLE_CONSISTENCY, of_text("consistency")},
                                    {BUNDLE_CHECKPOINT, of_text("checkpoint")}};
    for (int i = 0; i < 2; i++) {
        struct bytes zip = zip_of(arena, all, 6, i ? ZIP_CM_DEFLATE : ZIP_CM_STORE);
        holds_text(zip, FILE_BUNDLE);
        struct opened out = opens(zip, FILE_BUNDLE);
        assert_string_equal(out.did.bytes, "did");
        assert_string_equal(out.status.bytes, "status");
        assert_string_equal(out.proof.bytes, "proof");
        assert_string_equal(out.consistency.bytes, "consistency");
        assert_string_equal(out.checkpoint.bytes, "checkpoint");
    }
    refuses(zip_of(arena, all, 1, ZIP_CM_STORE), ERROR_NOT_FOUND, "holds no certificate");
    static const char *const names[] = {"Credential.json",  "../credential.json",
                                        "/credential.json", "bundle/credential.json",
                                        "credential.json/", "x.pdf"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct zip_entry renamed[] = {{names[i], of_text(TEXT)}, {BUNDLE_DID, of_text("did")}};
        refuses(zip_of(arena, renamed, 2, ZIP_CM_STORE), ERROR_INVALID, "does not belong");
    }
    struct zip_entry many[] = {{"a", of_text("")}, {"b", of_text("")}, {"c", of_text("")},
                               {"d", of_text("")}, {"e", of_text("")}, {"f", of_text("")},
                               {"g", of_text("")}};
    refuses(zip_of(arena, many, 7, ZIP_CM_STORE), ERROR_NOT_FOUND, "7 files of another kind");
}

static void a_name_that_stands_twice_in_a_zip_is_refused(void **state)
{
    (void)state;
    struct zip_entry two[] = {{BUNDLE_CREDENTIAL, of_text(TEXT)},
                              {"credentiaL.json", of_text("x")}};
    struct bytes zip = zip_of(arena, two, 2, ZIP_CM_STORE);
    char *changed = arena_memdup(arena, zip.data, zip.n);
    for (size_t i = 0; i + 15 < zip.n; i++)
        if (memcmp(changed + i, "credentiaL.json", 15) == 0)
            changed[i + 9] = 'l';
    refuses((struct bytes){changed, zip.n}, ERROR_INVALID, "");
}

static void a_zip_that_unpacks_to_more_is_refused(void **state)
{
    (void)state;
    struct bytes zeros = {arena_alloc(arena, 4 << 20), 4 << 20};
    struct zip_entry bomb[] = {{BUNDLE_CREDENTIAL, zeros}};
    refuses(zip_of(arena, bomb, 1, ZIP_CM_DEFLATE), ERROR_INVALID, "larger than any");
    struct zip_entry hint[] = {{BUNDLE_CREDENTIAL, of_text(TEXT)}, {BUNDLE_STATUS, zeros}};
    refuses(zip_of(arena, hint, 2, ZIP_CM_DEFLATE), ERROR_INVALID, "larger than any");
    struct zip_entry packed[] = {{BUNDLE_CREDENTIAL, of_text(TEXT)}};
    if (zip_compression_method_supported(ZIP_CM_LZMA, 1))
        refuses(zip_of(arena, packed, 1, ZIP_CM_LZMA), ERROR_INVALID, "unusual way");
}

static void a_cut_or_changed_zip_is_refused(void **state)
{
    (void)state;
    struct zip_entry entry[] = {{BUNDLE_CREDENTIAL, of_text(TEXT)}};
    struct bytes good = zip_of(arena, entry, 1, ZIP_CM_STORE);
    for (size_t n = 4; n < good.n; n++)
        refuses((struct bytes){good.data, n}, ERROR_INVALID, "damaged");
    for (size_t i = 0; i < good.n; i++) /* what comes out is the text, or nothing */
        if (i >= 4) {
            struct error e = {0};
            struct opened out;
            char *changed = arena_memdup(arena, good.data, good.n);
            changed[i] = (char)(changed[i] ^ 1);
            if (credential_open(changed, good.n, arena, &out, &e) == 0)
                assert_memory_equal(out.credential, TEXT, strlen(TEXT));
        }
}

/* ---- opened and judged ---- */

static struct verify_report judged(struct bytes file, const char *did, instant at)
{
    struct error e = {0};
    struct opened o;
    struct verify_report r;
    assert_int_equal(credential_open(file.data, file.n, arena, &o, &e), 0);
    struct verify_input in = {.credential = o.credential,
                              .credential_length = o.credential_length,
                              .how = file_kind_words(o.kind),
                              .did_document = did,
                              .did_length = did ? strlen(did) : 0,
                              .did_came_along = o.did.bytes != NULL,
                              .status_list = o.status.bytes,
                              .status_length = o.status.length,
                              .at = at};
    assert_int_equal(credential_verify(&in, arena, &r, &e), 0);
    assert_string_equal(r.steps[0].name, "file");
    assert_true(r.steps[0].ok);
    return r;
}

static struct bytes bundle_of(const char *json, const char *did, const char *list)
{
    struct zip_entry entries[] = {{BUNDLE_CREDENTIAL, of_text(json)},
                                  {BUNDLE_DID, of_text(did)},
                                  {BUNDLE_STATUS, of_text(list)}};
    return zip_of(arena, entries, 3, ZIP_CM_DEFLATE);
}

static void a_bundle_is_judged_with_its_list_and_never_with_its_keys(void **state)
{
    (void)state;
    const char *json = issue(), *did = issuer_did_document(issuer, arena);
    const char *list = list_as(issuer, -1, ISSUED), *revoked = list_as(issuer, 94567, ISSUED);
    assert_int_equal(judged(bundle_of(json, did, list), did, LATER).verdict, VERDICT_VALID);
    assert_int_equal(judged(bundle_of(json, did, revoked), did, LATER).verdict, VERDICT_REVOKED);
    struct verify_report late = judged(bundle_of(json, did, list), did, LATER + 8 * INSTANT_DAY);
    assert_int_equal(late.verdict, VERDICT_STATUS_UNKNOWN);
    assert_non_null(strstr(late.words, "status unknown"));
    struct verify_report alone = judged(bundle_of(json, did, list), NULL, LATER);
    assert_int_equal(alone.verdict, VERDICT_KEY_UNCONFIRMED);
    assert_true(alone.steps[3].open);
    assert_non_null(strstr(alone.steps[3].detail, "anybody can write one"));

    struct issuer *forger = open_issuer("other", ORIGIN);
    struct claims c = sample_claims();
    const char *forged = issue_as(forger, &c), *theirs = issuer_did_document(forger, arena);
    struct bytes bundle = bundle_of(forged, theirs, list_as(forger, -1, ISSUED));
    assert_int_equal(judged(bundle, NULL, LATER).verdict, VERDICT_KEY_UNCONFIRMED);
    assert_int_equal(judged(bundle, did, LATER).verdict, VERDICT_KEY_UNCONFIRMED);
    struct verify_report list_forged =
        judged(bundle_of(json, did, list_as(forger, -1, ISSUED)), did, LATER);
    assert_int_equal(list_forged.verdict, VERDICT_STATUS_UNKNOWN);
    assert_non_null(strstr(list_forged.words, "status unknown"));
    issuer_free(forger);
}

static void a_swapped_attachment_is_what_is_judged(void **state)
{
    (void)state;
    const char *did = issuer_did_document(issuer, arena);
    struct claims c = sample_claims();
    c.holder_name = "Another Person";
    assert_int_equal(judged(pdf_attached(arena, with(issue(), "Zoë", "Zoe")), did, LATER).verdict,
                     VERDICT_INVALID);
    struct verify_report r = judged(pdf_attached(arena, issue_as(issuer, &c)), did, LATER);
    assert_string_equal(r.holder, "Another Person");
    assert_int_equal(r.verdict, VERDICT_STATUS_UNKNOWN);
    assert_non_null(strstr(r.words, "status unknown"));
    assert_int_equal(judged(png_of(arena, issue()), did, LATER).verdict, VERDICT_STATUS_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
        TEST(a_kind_is_told_by_its_first_bytes),
        TEST(what_people_hand_in_by_mistake_has_its_own_words),
        TEST(a_picture_holds_exactly_one_plain_certificate),
        TEST(every_chunk_of_a_picture_is_whole),
        TEST(an_attachment_is_found_as_others_may_write_it),
        TEST(an_update_counts_as_the_reader_shows_it),
        TEST(a_document_without_one_certificate_is_refused),
        TEST(a_document_that_breaks_a_rule_is_refused),
        TEST(unpacking_is_bounded),
        TEST(a_cut_document_is_refused),
        TEST(a_bundle_holds_known_names_once_each),
        TEST(a_name_that_stands_twice_in_a_zip_is_refused),
        TEST(a_zip_that_unpacks_to_more_is_refused),
        TEST(a_cut_or_changed_zip_is_refused),
        TEST(a_bundle_is_judged_with_its_list_and_never_with_its_keys),
        TEST(a_swapped_attachment_is_what_is_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
