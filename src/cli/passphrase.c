/* Asking for a passphrase: from a file's first line, or on the terminal without showing it. */
#include "base/text.h"
#include "cli/files.h"
#include "cli/sealed.h"
#include "credential/key_seal.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* One line from the terminal with echo off. -1 with e. */
static int ask(int terminal, const char *question, struct buf *answer, struct error *e)
{
    struct termios before, silent;
    if (tcgetattr(terminal, &before) != 0)
        return error_set(e, ERROR_IO, "the terminal does not answer: %s", strerror(errno));
    silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(terminal, TCSAFLUSH, &silent);
    int result = write(terminal, question, strlen(question)) < 0 ? -1 : 0;
    char c = 0;
    ssize_t n = 0;
    while (result == 0 && (n = read(terminal, &c, 1)) == 1 && c != '\n')
        buf_putc(answer, c);
    result = result == 0 && write(terminal, "\n", 1) == 1 && n == 1 ? 0 : -1;
    tcsetattr(terminal, TCSAFLUSH, &before);
    return result ? error_set(e, ERROR_IO, "no passphrase was given") : 0;
}

static int from_terminal(bool twice, struct buf *out, struct error *e)
{
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (terminal < 0)
        return error_set(e, ERROR_USAGE,
                         "there is no terminal to ask for the passphrase; "
                         "give it with --passphrase-file FILE");
    struct buf again;
    buf_init(&again, PASSPHRASE_MAX);
    int result = ask(terminal, "Passphrase for the keys: ", out, e);
    if (result == 0 && twice) {
        result = ask(terminal, "The same once more: ", &again, e);
        if (result == 0 && !text_equal(out->data ? out->data : "", again.data ? again.data : ""))
            result = error_set(e, ERROR_INVALID, "the two passphrases differ; nothing was written");
        if (again.data)
            sodium_memzero(again.data, again.length);
    }
    buf_free(&again);
    close(terminal);
    return result;
}

const char *passphrase_read(const char *file, bool twice, struct arena *a, struct error *e)
{
    struct buf b;
    buf_init(&b, PASSPHRASE_MAX + 2);
    const char *passphrase = NULL;
    if ((file ? file_read(file, &b, e) : from_terminal(twice, &b, e)) == 0) {
        size_t n = b.data ? strcspn(b.data, "\r\n") : 0;
        if (b.overflow || n < PASSPHRASE_MIN || n > PASSPHRASE_MAX)
            error_set(e, ERROR_INVALID, "a passphrase has %d to %d bytes; choose a longer one",
                      PASSPHRASE_MIN, PASSPHRASE_MAX);
        else
            passphrase = arena_strndup(a, b.data, n);
    }
    if (b.data)
        sodium_memzero(b.data, b.length);
    buf_free(&b);
    return passphrase;
}
