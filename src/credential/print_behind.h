/*
 * The text behind drawn letters. Readers of PDF put words together again from where glyphs stand,
 * and go wrong with writing from right to left: joined letters, vowel points, Latin words in
 * between; and joiners have no glyph at all. A line of those is therefore drawn as outlines, and
 * behind it stands the text once more in a font whose glyphs are empty, one for each character, so
 * placed that what is searched, copied and read aloud is what was typed.
 */
#ifndef CREDENTIAL_PRINT_BEHIND_H
#define CREDENTIAL_PRINT_BEHIND_H
#include <pango/pangocairo.h>
#include <stdbool.h>

/* Is this text one that readers would get wrong? */
bool behind_is_needed(const char *text);

/* Draws the layout with its top left at the current point, in the present colour. */
void behind_show_layout(cairo_t *cr, PangoLayout *layout);

#endif
