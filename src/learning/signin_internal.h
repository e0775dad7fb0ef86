/* Between signin.c and password.c only. */
#ifndef LEARNING_SIGNIN_INTERNAL_H
#define LEARNING_SIGNIN_INTERNAL_H
#include "learning/signin.h"

void session_token(char token[TOKEN_TEXT]);
void session_token_hash(const char *token, uint8_t out[32]);
bool session_is_good(const struct session *s, instant at);
instant session_life(const struct settings *s, bool shared);
/* Inside a closure. */
int session_open(struct conn *c, int64_t person, bool shared, instant at, instant life,
                 const char *token, struct error *e);

#endif
