/* Between signin.c and password.c only. */
#ifndef LEARNING_SIGNIN_INTERNAL_H
#define LEARNING_SIGNIN_INTERNAL_H
#include "learning/signin.h"

void session_token(char token[TOKEN_TEXT]);                  /* a new one, of 32 random bytes */
void session_token_hash(const char *token, uint8_t out[32]); /* what the database holds of it */
/* Not ended, and on a shared computer not idle for too long. */
bool session_is_good(const struct session *s, instant at);
instant session_life(const struct settings *s, bool shared); /* from opening to its end */
/* Inside a closure: the row of a new session. `life` as session_life gives it. */
int session_open(struct conn *c, int64_t person, bool shared, instant at, instant life,
                 const char *token, struct error *e);

#endif
