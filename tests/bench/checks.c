/*
 * Whole learning checks over HTTP: start, an answer to each question (durable on its own), review,
 * hand in, result. Each of N connections takes the next person from a file and walks one check.
 *
 *     checks PORT FILE CONNECTIONS SECONDS
 *
 * FILE has one line for each person: cookie TAB form token. Prints checks and durable writes done.
 * Any answer other than the expected one ends the run with a message: a benchmark of errors is
 * none.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define REPLY_MAX (1 << 19)
#define COURSE    "humility"

static char **people;
static size_t people_count;
static atomic_size_t next_person;
static atomic_long checks, writes;
static atomic_bool stop;
static int port;

static void die(const char *what, const char *reply)
{
    fprintf(stderr, "checks: %s\n%.1500s\n", what, reply ? reply : "");
    exit(1);
}

static int dial(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(fd, (struct sockaddr *)&to, sizeof to))
        die("cannot connect", NULL);
    return fd;
}

struct client {
    int fd;
    const char *cookie, *token;
    char *reply;
    size_t length;
};

/* Reads one reply with Content-Length; returns its status. */
static int read_reply(struct client *c)
{
    size_t head = 0, total = 0;
    c->length = 0;
    while (!head || c->length < total) {
        ssize_t n = read(c->fd, c->reply + c->length, REPLY_MAX - c->length - 1);
        if (n <= 0)
            die("connection closed", c->reply);
        c->length += (size_t)n;
        c->reply[c->length] = 0;
        char *end = head ? NULL : strstr(c->reply, "\r\n\r\n");
        if (end) {
            char *length = strcasestr(c->reply, "\r\nContent-Length:");
            head = (size_t)(end - c->reply) + 4;
            total = head + (length && length < end ? strtoul(length + 17, NULL, 10) : 0);
            if (total >= REPLY_MAX)
                die("reply too long", NULL);
        }
    }
    return atoi(c->reply + 9);
}

static int call(struct client *c, const char *method, const char *path, const char *body,
                const char *accept)
{
    static const char form[] = "Content-Type: application/x-www-form-urlencoded\r\n"
                               "Sec-Fetch-Site: same-origin\r\n";
    char request[2048];
    int n = snprintf(request, sizeof request,
                     "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: %s\r\nAccept: %s\r\n"
                     "%s%s%s%sContent-Length: %zu\r\n\r\n%s",
                     method, path, port, c->cookie, accept, body ? form : "",
                     body ? "X-Form-Token: " : "", body ? c->token : "", body ? "\r\n" : "",
                     body ? strlen(body) : 0, body ? body : "");
    if (write(c->fd, request, (size_t)n) != n)
        die("cannot send", NULL);
    return read_reply(c);
}

static void expect(struct client *c, int status, int wanted, const char *what)
{
    if (status != wanted)
        die(what, c->reply);
}

static void one_check(struct client *c, unsigned serial)
{
    char attempt[128] = "", path[256], body[512];
    expect(c, call(c, "POST", "/courses/" COURSE "/check", "", "text/html"), 303, "start");
    char *at = strstr(c->reply, "/attempts/");
    if (!at || sscanf(at + 10, "%100[0-9a-f-]", attempt) != 1)
        die("no attempt in the reply to start", c->reply);
    snprintf(path, sizeof path, "/attempts/%s?view=all", attempt);
    expect(c, call(c, "GET", path, NULL, "application/json"), 200, "attempt");
    char items[40][64];
    int count = 0;
    for (char *s = c->reply; count < 40 && (s = strstr(s, "\"q-" COURSE "-")); s++) {
        char id[64];
        sscanf(s + 1, "%63[a-z0-9-]", id);
        if (count == 0 || strcmp(items[count - 1], id) != 0) {
            bool known = false;
            for (int i = 0; i < count; i++)
                known = known || strcmp(items[i], id) == 0;
            if (!known)
                strcpy(items[count++], id);
        }
    }
    if (count != 8)
        die("expected eight questions", c->reply);
    atomic_fetch_add(&writes, 2 + count);
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "/attempts/%s/answer", attempt);
        snprintf(body, sizeof body, "item=%.63s&answer=1&op_id=bench-%08x-%02d", items[i], serial,
                 i);
        expect(c, call(c, "POST", path, body, "application/json"), 200, "answer");
    }
    snprintf(path, sizeof path, "/attempts/%s/review", attempt);
    expect(c, call(c, "GET", path, NULL, "text/html"), 200, "review");
    snprintf(path, sizeof path, "/attempts/%s/submit", attempt);
    expect(c, call(c, "POST", path, "certificate_name=Ada+Bench", "text/html"), 303, "submit");
    snprintf(path, sizeof path, "/attempts/%s/result", attempt);
    expect(c, call(c, "GET", path, NULL, "text/html"), 200, "result");
    atomic_fetch_add(&checks, 1);
}

static void *run(void *arg)
{
    (void)arg;
    struct client c = {.fd = dial(), .reply = malloc(REPLY_MAX)};
    while (!atomic_load(&stop)) {
        size_t i = atomic_fetch_add(&next_person, 1);
        if (i >= people_count)
            die("ran out of people: give more, or fewer seconds", NULL);
        char *tab = strchr(people[i], '\t');
        *tab = 0;
        c.cookie = people[i];
        c.token = tab + 1;
        one_check(&c, (unsigned)i);
    }
    close(c.fd);
    free(c.reply);
    return NULL;
}

static void read_people(const char *path)
{
    FILE *f = fopen(path, "r");
    char line[512];
    size_t capacity = 0;
    while (f && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = 0;
        if (people_count == capacity)
            people = realloc(people, (capacity = capacity ? 2 * capacity : 1024) * sizeof *people);
        people[people_count++] = strdup(line);
    }
    if (!people_count)
        die("no people in the file", NULL);
    fclose(f);
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fputs("usage: checks PORT FILE CONNECTIONS SECONDS\n", stderr);
        return 2;
    }
    port = atoi(argv[1]);
    read_people(argv[2]);
    int connections = atoi(argv[3]);
    double seconds = atof(argv[4]);
    pthread_t *threads = calloc((size_t)connections, sizeof *threads);
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int i = 0; i < connections; i++)
        pthread_create(&threads[i], NULL, run, NULL);
    usleep((useconds_t)(seconds * 1e6));
    atomic_store(&stop, true);
    for (int i = 0; i < connections; i++)
        pthread_join(threads[i], NULL);
    clock_gettime(CLOCK_MONOTONIC, &to);
    double took = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
    printf("{\"checks\":%ld,\"writes\":%ld,\"seconds\":%.3f,\"people\":%zu}\n", checks, writes,
           took, (size_t)next_person);
    return 0;
}
