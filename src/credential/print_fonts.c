/* One table of font files; fontconfig is given these and reads no configuration of the machine. */
#include "credential/print_fonts.h"
#include "base/memory.h"
#include "base/text.h"
#include <dirent.h>
#include <fontconfig/fontconfig.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define GARAMOND "/usr/share/fonts/opentype/ebgaramond/"
#define NOTO     "/usr/share/fonts/truetype/noto/"
#define NOTO_CJK "/usr/share/fonts/opentype/noto/"

static const struct {
    const char *file, *package;
} fonts[] = {
    {GARAMOND "EBGaramond12-Regular.otf", "fonts-ebgaramond"},
    {GARAMOND "EBGaramond12-Italic.otf", "fonts-ebgaramond"},
    {NOTO "NotoSansMono-Regular.ttf", "fonts-noto-mono"},
    {NOTO "NotoSerif-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSerifArmenian-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSerifGeorgian-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSerifHebrew-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoNaskhArabic-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSansSyriac-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSansThaana-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSansNKo-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSansAdlam-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSansTifinagh-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSansVai-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSerifEthiopic-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSerifDevanagari-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSerifBengali-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSerifGujarati-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSerifGurmukhi-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSansOriya-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSerifTamil-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSerifTelugu-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSerifKannada-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSerifMalayalam-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSerifSinhala-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSerifThai-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSerifLao-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSerifMyanmar-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSerifKhmer-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSerifTibetan-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSansCherokee-Regular.ttf", "fonts-noto-core"},
    {NOTO "NotoSansCanadianAboriginal-Regular.ttf", "fonts-noto-core"},
    {NOTO_CJK "NotoSerifCJK-Regular.ttc", "fonts-noto-cjk"},
};
#define FONTS (sizeof fonts / sizeof fonts[0])

#define OTHERS                                                                                     \
    "EB Garamond,Noto Serif,Noto Serif Armenian,Noto Serif Georgian,Noto Serif Hebrew,"            \
    "Noto Naskh Arabic,Noto Sans Syriac,Noto Sans Thaana,Noto Sans NKo,Noto Sans Adlam,"           \
    "Noto Sans Tifinagh,Noto Sans Vai,Noto Serif Ethiopic,Noto Serif Devanagari,"                  \
    "Noto Serif Bengali,Noto Serif Gujarati,Noto Serif Gurmukhi,Noto Sans Oriya,"                  \
    "Noto Serif Tamil,Noto Serif Telugu,Noto Serif Kannada,Noto Serif Malayalam,"                  \
    "Noto Serif Sinhala,Noto Serif Thai,Noto Serif Lao,Noto Serif Myanmar,Noto Serif Khmer,"       \
    "Noto Serif Tibetan,Noto Sans Cherokee,Noto Sans Canadian Aboriginal,"

struct print_fonts {
    FcConfig *config;
    FcCharSet *covered;
};

struct print_fonts *print_fonts_open(struct error *e)
{
    struct print_fonts *f = memory_array(1, sizeof *f);
    f->config = FcConfigCreate();
    f->covered = FcCharSetCreate();
    for (size_t i = 0; i < FONTS; i++)
        if (!FcConfigAppFontAddFile(f->config, (const FcChar8 *)fonts[i].file)) {
            error_set(e, ERROR_IO, "the font %s is missing: install the package %s", fonts[i].file,
                      fonts[i].package);
            print_fonts_free(f);
            return NULL;
        }
    const FcFontSet *set = FcConfigGetFonts(f->config, FcSetApplication);
    for (int i = 0; i < set->nfont; i++) {
        FcCharSet *own;
        FcBool changed;
        if (FcPatternGetCharSet(set->fonts[i], FC_CHARSET, 0, &own) == FcResultMatch)
            FcCharSetMerge(f->covered, own, &changed);
    }
    /* For the process: Pango 1.50 would read the machine's, and never lets go of another. */
    FcConfigSetCurrent(f->config);
    return f;
}

/* ---- Pango's helpers ---- */

/* The name that print_fonts_map gives its thread, and Pango its helpers, begin alike; a helper that
 * has no name yet bears that of the thread which began it. */
#define THREAD_NAME  "[print]"
#define NAMES_BEGIN  "[p"
#define MOST_WAITING 5000 /* milliseconds */

static bool is_helper(const char *task)
{
    char path[64], name[16] = "";
    if (task[0] == '.' || strtol(task, NULL, 10) == gettid())
        return false;
    snprintf(path, sizeof path, "/proc/self/task/%.16s/comm", task);
    FILE *f = fopen(path, "r");
    if (!f) /* it has ended meanwhile */
        return false;
    bool begins_so = fgets(name, sizeof name, f) && text_starts(name, NAMES_BEGIN);
    fclose(f);
    return begins_so;
}

static bool helpers_run(void)
{
    const struct dirent *entry;
    bool found = false;
    DIR *tasks = opendir("/proc/self/task");
    while (tasks && !found && (entry = readdir(tasks)))
        found = is_helper(entry->d_name);
    if (tasks)
        closedir(tasks);
    return found;
}

/* Pango 1.50 sorts fonts in detached threads of its own and joins none of them. They read the
 * configuration, so it must not go before they have. */
static void await_helpers(void)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    for (int i = 0; i < MOST_WAITING && helpers_run(); i++)
        nanosleep(&moment, NULL);
}

void print_fonts_free(struct print_fonts *f)
{
    if (!f)
        return;
    await_helpers();
    FcCharSetDestroy(f->covered);
    FcConfigDestroy(f->config);
    FcFini();
    free(f);
}

PangoFontMap *print_fonts_map(const struct print_fonts *f)
{
    (void)f; /* it is the process's configuration */
    pthread_setname_np(pthread_self(), THREAD_NAME);
    return pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
}

int print_fonts_check(const struct print_fonts *f, const char *text, const char *field,
                      struct error *e)
{
    for (const char *s = text, *at = s; *s; at = s) {
        uint32_t c = text_next(&s);
        if (pango_is_zero_width(c) || FcCharSetHasChar(f->covered, c))
            continue;
        return error_field(e, field,
                           "The certificate cannot be printed with “%.*s” (U+%04X), for which it "
                           "has no letter: write the name without it",
                           (int)(s - at), at, c);
    }
    return 0;
}

const char *print_fonts_roman(const char *text)
{
    bool kana = false, hangul = false;
    for (const char *s = text; *s;) {
        uint32_t c = text_next(&s);
        kana = kana || (c >= 0x3040 && c <= 0x30FF);
        hangul = hangul || (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0x1100 && c <= 0x11FF);
    }
    return kana     ? OTHERS "Noto Serif CJK JP"
           : hangul ? OTHERS "Noto Serif CJK KR"
                    : OTHERS "Noto Serif CJK SC";
}
