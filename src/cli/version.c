#include "cli/version.h"

const char *version_line(void)
{
    return UNDERSTORY_VERSION " (" UNDERSTORY_COMMIT ")";
}
