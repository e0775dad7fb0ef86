#include "cli/link.h"

const char *link_address(struct arena *a, const struct settings *s, int port, const char *token)
{
    if (s->trial && port)
        return arena_printf(a, "http://127.0.0.1:%d/sign-in/link/%s", port, token);
    return arena_printf(a, "%s/sign-in/link/%s", settings_address(s, a), token);
}
