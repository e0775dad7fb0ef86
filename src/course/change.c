#include "course/change.h"
#include "base/text.h"

static const struct {
    const char *name, *words;
    bool needs_note;
} kinds[CHANGE__COUNT] = {
    [CHANGE_FIRST] = {"first", "First publication", false},
    [CHANGE_TYPO] = {"typo", "Typing mistakes", false},
    [CHANGE_CORRECTION] = {"correction", "Correction", true},
    [CHANGE_MINOR] = {"minor", "Small changes", false},
    [CHANGE_MATERIAL] = {"material", "New material", true},
};

const char *change_kind_name(enum change_kind kind)
{
    return kinds[kind].name;
}

const char *change_kind_words(enum change_kind kind)
{
    return kinds[kind].words;
}

bool change_kind_read(const char *name, enum change_kind *out)
{
    for (int i = 0; i < CHANGE__COUNT; i++)
        if (text_equal(kinds[i].name, name)) {
            *out = (enum change_kind)i;
            return true;
        }
    return false;
}

bool change_kind_needs_note(enum change_kind kind)
{
    return kinds[kind].needs_note;
}
