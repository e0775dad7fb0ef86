/* Can this name stand on a certificate? Code points are judged by their Unicode general category
 * (GLib's tables). */
#include "base/text.h"
#include "credential/issuer.h"
#include <glib.h>
#include <string.h>

#define FIELD      "certificate_name"
#define MOST_MARKS 4 /* combining marks in a row: enough for Vietnamese and Hebrew */

static bool is_override(uint32_t c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

static bool is_noncharacter(uint32_t c)
{
    return (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
}

static bool is_separator(uint32_t c)
{
    return c == 0x2028 || c == 0x2029;
}

int certificate_name_check(const char *name, struct error *e)
{
    size_t count = 0, marks = 0;
    bool letter = false;
    if (!name || !*name)
        return error_field(e, FIELD, "Write the name as it should stand on the certificate");
    if (!text_is_utf8(name, strlen(name)))
        return error_field(e, FIELD, "The name is not in UTF-8: type it again");
    if (!text_is_line(name, strlen(name)))
        return error_field(e, FIELD,
                           "The name holds a control character, such as a tab or a new "
                           "line: type it again on one line");
    for (const char *s = name; *s;) {
        uint32_t c = text_next(&s);
        GUnicodeType type = g_unichar_type(c);
        marks = g_unichar_ismark(c) ? marks + 1 : 0;
        letter = letter || g_unichar_isalpha(c);
        if (is_override(c))
            return error_field(e, FIELD,
                               "The name holds an invisible character that turns the "
                               "direction of writing (U+%04X): type it again instead of "
                               "pasting it",
                               c);
        if (is_separator(c))
            return error_field(e, FIELD,
                               "The name holds a line separator (U+%04X): type it again "
                               "on one line",
                               c);
        if (type == G_UNICODE_PRIVATE_USE || type == G_UNICODE_SURROGATE || is_noncharacter(c))
            return error_field(e, FIELD,
                               "The name holds a character that no font can show "
                               "(U+%04X): leave it out",
                               c);
        if (marks > MOST_MARKS)
            return error_field(e, FIELD,
                               "The name has more than %d accents on one letter: leave "
                               "some out",
                               MOST_MARKS);
        if (++count > CERTIFICATE_NAME_MAX)
            return error_field(e, FIELD, "The name is longer than %d characters: shorten it",
                               CERTIFICATE_NAME_MAX);
    }
    if (!letter)
        return error_field(e, FIELD,
                           "The name has no letter. Write it with letters, of any alphabet");
    return 0;
}
