/*
 * The socket's two ends. In the server a few threads take callers from one listener, each one
 * caller at a time; who does not send a line within five seconds is dropped.
 */
#include "cli/control.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET_NAME   "control.sock"
#define LINE_WAIT_MS  5000
#define REPLY_WAIT_MS 600000 /* a backup of a large site takes its time */

static int socket_address(const struct settings *s, struct sockaddr_un *out, struct error *e)
{
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    size_t folder = strlen(s->data);
    if (folder + sizeof "/" SOCKET_NAME > sizeof out->sun_path)
        return error_set(e, ERROR_INVALID,
                         "the data folder's path is too long for a socket; use a shorter one");
    memcpy(out->sun_path, s->data, folder);
    memcpy(out->sun_path + folder, "/" SOCKET_NAME, sizeof "/" SOCKET_NAME);
    return 0;
}

/* ---- one line, in bounded time and size ---- */

static bool wait_for(int fd, short events, int64_t until)
{
    int64_t left = (until - clock_monotonic_us()) / 1000;
    struct pollfd p = {.fd = fd, .events = events};
    return left > 0 && poll(&p, 1, (int)left) == 1;
}

/* Reads up to and without the newline. 0, or -1: too long, too slow, or gone. */
static int read_line(int fd, struct buf *line, int wait_ms)
{
    int64_t until = clock_monotonic_us() + (int64_t)wait_ms * 1000;
    char chunk[4096];
    for (;;) {
        if (!wait_for(fd, POLLIN, until))
            return -1;
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n <= 0)
            return -1;
        const char *end = memchr(chunk, '\n', (size_t)n);
        buf_append(line, chunk, end ? (size_t)(end - chunk) : (size_t)n);
        if (line->overflow)
            return -1;
        if (end)
            return 0;
    }
}

static int send_all(int fd, const char *p, size_t n)
{
    int64_t until = clock_monotonic_us() + (int64_t)LINE_WAIT_MS * 1000;
    while (n > 0) {
        if (!wait_for(fd, POLLOUT, until))
            return -1;
        ssize_t sent = send(fd, p, n, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return -1;
        if (sent > 0) {
            p += sent;
            n -= (size_t)sent;
        }
    }
    return 0;
}

/* ---- the server's side ---- */

static const struct control_command *find_command(const char *name)
{
    for (const struct control_command *c = control_commands; name && c->name; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

static void put_error(cJSON *reply, const struct error *e)
{
    cJSON *o = json_object(reply, "error");
    json_put(o, "kind", error_kind_name(e->kind));
    json_put(o, "field", e->field);
    json_put(o, "message", e->message);
}

struct control {
    struct app *app;
    int listener;
    int stop[2]; /* a pipe: closing its writing end ends the threads */
    char path[sizeof((struct sockaddr_un *)0)->sun_path];
    pthread_t threads[CONTROL_AT_ONCE];
    int thread_count;
    pthread_mutex_t mutex; /* over what follows */
    pthread_cond_t turn_over;
    bool taken[CONTROL_TURNS];
    int long_ones;
    bool stopping;
};

/* ---- whose turn it is ---- */

/* With the mutex held: a long one does not wait, for it would keep a thread from short ones. */
static int refuse_long(const struct control *c, const struct control_command *command,
                       struct error *e)
{
    if (c->taken[command->turn])
        return error_set(e, ERROR_BUSY,
                         "the server is at another \"%s\" already; say this again when it is done",
                         command->name);
    if (c->long_ones < CONTROL_LONG_AT_ONCE)
        return 0;
    return error_set(e, ERROR_BUSY,
                     "the server is at %d long commands already (audit verify, backup, log "
                     "checkpoint), which is as many as it does at once; say this again when one of "
                     "them is done",
                     CONTROL_LONG_AT_ONCE);
}

static int take_turn(struct control *c, const struct control_command *command, struct error *e)
{
    pthread_mutex_lock(&c->mutex);
    int result = command->is_long ? refuse_long(c, command, e) : 0;
    while (c->taken[command->turn] && result == 0 && !c->stopping)
        pthread_cond_wait(&c->turn_over, &c->mutex);
    if (result == 0 && c->stopping)
        result = error_set(e, ERROR_BUSY, "the server is stopping; say this again in a moment");
    if (result == 0) {
        c->taken[command->turn] = command->turn != CONTROL_FREE;
        c->long_ones += command->is_long;
    }
    pthread_mutex_unlock(&c->mutex);
    return result;
}

static void end_turn(struct control *c, const struct control_command *command)
{
    pthread_mutex_lock(&c->mutex);
    c->taken[command->turn] = false;
    c->long_ones -= command->is_long;
    pthread_cond_broadcast(&c->turn_over);
    pthread_mutex_unlock(&c->mutex);
}

static int run_in_turn(struct control *c, const struct control_command *command, const cJSON *in,
                       cJSON *out, struct error *e)
{
    if (take_turn(c, command, e))
        return -1;
    int result = command->run(c->app, in, out, e);
    end_turn(c, command);
    return result;
}

/* ---- one caller ---- */

/* From the line that was received to the line to send, newline included. */
static void put_answer(struct control *c, const char *line, size_t n, struct buf *out)
{
    struct error e = {0};
    cJSON *reply = cJSON_CreateObject(), *result = cJSON_CreateObject();
    cJSON *request = json_parse(line, n, &e);
    const char *name = request ? json_string(request, "command") : NULL;
    const struct control_command *command = find_command(name);
    if (!request || !command)
        error_set(&e, ERROR_INVALID, "the control socket knows no command \"%.40s\"",
                  name ? name : "");
    else if (run_in_turn(c, command, json_get(request, "in"), result, &e) && e.kind == ERROR_NONE)
        error_set(&e, ERROR_INTERNAL, "%s did not say what went wrong", name);
    if (e.kind != ERROR_NONE) {
        put_error(reply, &e);
    } else {
        cJSON_AddItemToObject(reply, "out", result);
        result = NULL;
    }
    json_print(reply, out);
    buf_putc(out, '\n');
    cJSON_Delete(result);
    cJSON_Delete(request);
    cJSON_Delete(reply);
}

static bool peer_is_us(int fd)
{
    struct ucred who;
    socklen_t n = sizeof who;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) == 0 &&
           (who.uid == geteuid() || who.uid == 0);
}

static void serve_one(struct control *c, int fd)
{
    struct buf line, answer;
    buf_init(&line, CONTROL_MAX_BYTES);
    buf_init(&answer, CONTROL_MAX_BYTES);
    if (!peer_is_us(fd)) {
        log_line(LOG_WARNING, "control: a caller of another user was turned away");
    } else if (read_line(fd, &line, LINE_WAIT_MS) == 0) {
        put_answer(c, line.data ? line.data : "", line.length, &answer);
        if (!answer.overflow)
            send_all(fd, answer.data, answer.length);
    }
    buf_free(&line);
    buf_free(&answer);
    close(fd);
}

/* Another thread may have been faster than accept4: the listener does not wait. */
static void *control_main(void *arg)
{
    struct control *c = arg;
    struct pollfd p[2] = {{.fd = c->listener, .events = POLLIN},
                          {.fd = c->stop[0], .events = POLLIN}};
    while (poll(p, 2, -1) >= 0 || errno == EINTR) {
        if (p[1].revents)
            break;
        int fd = p[0].revents ? accept4(c->listener, NULL, NULL, SOCK_CLOEXEC) : -1;
        if (fd >= 0)
            serve_one(c, fd);
    }
    return NULL;
}

static int listen_on(struct control *c, struct error *e)
{
    struct sockaddr_un address;
    if (socket_address(c->app->settings, &address, e))
        return -1;
    memcpy(c->path, address.sun_path, sizeof c->path);
    c->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    unlink(c->path); /* we hold the lock, so whoever made it is gone */
    int bound = bind(c->listener, (struct sockaddr *)&address, sizeof address);
    if (bound != 0 || chmod(c->path, 0600) != 0 || listen(c->listener, 16) != 0)
        return error_set(e, ERROR_IO, "%s: %s", c->path, strerror(errno));
    return 0;
}

static void join_threads(struct control *c)
{
    pthread_mutex_lock(&c->mutex);
    c->stopping = true;
    pthread_cond_broadcast(&c->turn_over);
    pthread_mutex_unlock(&c->mutex);
    atomic_store(&c->app->stopping, true);
    close(c->stop[1]);
    for (int i = 0; i < c->thread_count; i++)
        pthread_join(c->threads[i], NULL);
    close(c->stop[0]);
}

static int start_threads(struct control *c, struct error *e)
{
    if (pipe2(c->stop, O_CLOEXEC) != 0)
        return error_set(e, ERROR_INTERNAL, "no pipe for the control threads: %s", strerror(errno));
    while (c->thread_count < CONTROL_AT_ONCE) {
        if (pthread_create(&c->threads[c->thread_count], NULL, control_main, c) != 0) {
            join_threads(c);
            return error_set(e, ERROR_INTERNAL, "cannot start the control threads");
        }
        c->thread_count++;
    }
    return 0;
}

static void control_free(struct control *c)
{
    if (c->listener >= 0)
        close(c->listener);
    pthread_mutex_destroy(&c->mutex);
    pthread_cond_destroy(&c->turn_over);
    free(c);
}

struct control *control_start(struct app *app, struct error *e)
{
    struct control *c = memory_array(1, sizeof *c);
    c->app = app;
    c->listener = -1;
    pthread_mutex_init(&c->mutex, NULL);
    pthread_cond_init(&c->turn_over, NULL);
    if (listen_on(c, e) == 0 && start_threads(c, e) == 0)
        return c;
    control_free(c);
    return NULL;
}

void control_stop(struct control *c)
{
    if (!c)
        return;
    join_threads(c);
    unlink(c->path);
    control_free(c);
}

/* ---- the caller's side ---- */

static enum error_kind kind_of(const char *name)
{
    for (int k = ERROR_USAGE; k <= ERROR_INTERNAL; k++)
        if (name && strcmp(error_kind_name((enum error_kind)k), name) == 0)
            return (enum error_kind)k;
    return ERROR_INTERNAL;
}

/* A connected socket, -1 when nobody listens, or -2 with e. */
static int connect_to_server(const struct settings *s, struct error *e)
{
    struct sockaddr_un address;
    if (socket_address(s, &address, e))
        return -2;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    int why = errno;
    if (fd >= 0)
        close(fd);
    if (why == ENOENT || why == ECONNREFUSED)
        return -1;
    error_set(e, ERROR_IO, "%s: %s", address.sun_path, strerror(why));
    return -2;
}

static int take_reply(const struct buf *line, cJSON *out, struct error *e)
{
    cJSON *reply = json_parse(line->data ? line->data : "", line->length, e);
    if (!reply)
        return error_prefix(e, "the server's answer");
    const cJSON *error = json_get(reply, "error");
    cJSON *result = cJSON_DetachItemFromObjectCaseSensitive(reply, "out");
    int done = -1;
    if (error) {
        error_set(e, kind_of(json_string(error, "kind")), "%s",
                  json_string_or(error, "message", ""));
        strncpy(e->field, json_string_or(error, "field", ""), sizeof e->field - 1);
    } else if (!cJSON_IsObject(result)) {
        error_set(e, ERROR_INTERNAL, "the server's answer was not understood");
    } else {
        cJSON *child;
        while ((child = cJSON_DetachItemFromArray(result, 0)))
            cJSON_AddItemToObject(out, child->string, child);
        done = 0;
    }
    cJSON_Delete(result);
    cJSON_Delete(reply);
    return done;
}

static int call_server(int fd, const char *command, const cJSON *in, cJSON *out, struct error *e)
{
    struct buf line;
    buf_init(&line, CONTROL_MAX_BYTES);
    cJSON *request = cJSON_CreateObject();
    json_put(request, "command", command);
    if (in)
        cJSON_AddItemToObject(request, "in", cJSON_Duplicate(in, true));
    json_print(request, &line);
    buf_putc(&line, '\n');
    cJSON_Delete(request);
    int result = -1;
    if (line.overflow) {
        error_set(e, ERROR_TOO_LARGE, "%s: at most %zu bytes can be sent at once", command,
                  CONTROL_MAX_BYTES);
    } else if (send_all(fd, line.data, line.length)) {
        error_set(e, ERROR_IO, "the running server does not listen");
    } else {
        buf_clear(&line);
        if (read_line(fd, &line, REPLY_WAIT_MS))
            error_set(e, ERROR_IO, "the running server did not answer; its log may say why");
        else
            result = take_reply(&line, out, e);
    }
    buf_free(&line);
    close(fd);
    return result;
}

static int call_here(const struct command_line *line, const char *command, const cJSON *in,
                     cJSON *out, struct error *e)
{
    const struct control_command *known = find_command(command);
    struct app *app = app_open(&line->settings, &line->clock, known->as_it_is ? 0 : APP_PUBLISH, e);
    if (!app)
        return -1;
    int result = known->run(app, in, out, e);
    app_close(app);
    return result;
}

int control_call(const struct command_line *line, const char *command, const cJSON *in, cJSON *out,
                 struct error *e)
{
    int fd = connect_to_server(&line->settings, e);
    if (fd == -2)
        return -1;
    return fd >= 0 ? call_server(fd, command, in, out, e) : call_here(line, command, in, out, e);
}

int control_run(const struct command_line *line, const char *command, const cJSON *in, bool json,
                void (*say)(const cJSON *out))
{
    struct error e = {0};
    cJSON *out = cJSON_CreateObject();
    int result = EXIT_DONE;
    if (control_call(line, command, in, out, &e))
        result = command_fail(line, &e);
    else if (json)
        command_print_json(out);
    else
        say(out);
    cJSON_Delete(out);
    return result;
}
