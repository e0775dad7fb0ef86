/* Folders and paths as commands need them; how files are written, base/file.h says. */
#ifndef CLI_FILES_H
#define CLI_FILES_H
#include "base/arena.h"
#include "base/file.h"
#include <stdbool.h>

/* Absent, or a folder with nothing in it? */
bool folder_is_unused(const char *path);
/* Removes the files in a folder and the folder; what is not there is fine. Not recursive. */
void folder_remove(const char *path);

/* A path from here as one that holds anywhere. */
const char *path_absolute(struct arena *a, const char *path);

#endif
