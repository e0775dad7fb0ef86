#include "cli/link.h"
#include <string.h>

const char *link_address(struct arena *a, const struct settings *s, int port, const char *token)
{
    if (!s->trial)
        return arena_printf(a, "%s/sign-in/link/%s", s->origin, token);
    const char *colon = strrchr(s->listen, ':');
    return port ? arena_printf(a, "http://127.0.0.1:%d/sign-in/link/%s", port, token)
                : arena_printf(a, "http://127.0.0.1:%s/sign-in/link/%s", colon + 1, token);
}
