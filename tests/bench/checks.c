/*
 * Whole learning checks over HTTP: start, an answer to each question (durable on its own), review,
 * hand in, result. Each of N connections takes the next person from a file and walks one check.
 *
 *     checks PORT FILE CONNECTIONS SECONDS
 *
 * FILE has one line for each person: cookie TAB form token. Prints checks and durable writes done.
 * Like wrk -t2, with which the floor is measured: two threads that wait for whichever of their
 * connections is answered next. Any answer other than the expected one ends the run with a message:
 * a benchmark of errors is none.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define REPLY_MAX (1 << 19)
#define COURSE    "humility"
#define THREADS   2
#define QUESTIONS 8

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

enum step { STEP_START, STEP_ATTEMPT, STEP_ANSWER, STEP_REVIEW, STEP_SUBMIT, STEP_RESULT };

/* One connection, and the check that is walked on it. */
struct walk {
    int fd;
    unsigned serial;
    const char *cookie, *token;
    enum step step;
    char attempt[128];
    char items[QUESTIONS][64];
    int answered;
    char *reply;
    size_t length, head, total; /* read so far; of the head; of all, 0: not known yet */
};

static void call(struct walk *w, const char *method, const char *rest, const char *body,
                 const char *accept)
{
    static const char form[] = "Content-Type: application/x-www-form-urlencoded\r\n"
                               "Sec-Fetch-Site: same-origin\r\n";
    char request[2048], path[256];
    if (w->step == STEP_START)
        snprintf(path, sizeof path, "%s", rest);
    else
        snprintf(path, sizeof path, "/attempts/%s%s", w->attempt, rest);
    int n = snprintf(request, sizeof request,
                     "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: %s\r\nAccept: %s\r\n"
                     "%s%s%s%sContent-Length: %zu\r\n\r\n%s",
                     method, path, port, w->cookie, accept, body ? form : "",
                     body ? "X-Form-Token: " : "", body ? w->token : "", body ? "\r\n" : "",
                     body ? strlen(body) : 0, body ? body : "");
    if (write(w->fd, request, (size_t)n) != n)
        die("cannot send", NULL);
    w->length = w->head = w->total = 0;
}

static void ask(struct walk *w)
{
    char body[256];
    switch (w->step) {
    case STEP_START:
        call(w, "POST", "/courses/" COURSE "/check", "", "text/html");
        return;
    case STEP_ATTEMPT:
        call(w, "GET", "?view=all", NULL, "application/json");
        return;
    case STEP_ANSWER:
        snprintf(body, sizeof body, "item=%.63s&answer=1&op_id=bench-%08x-%02d",
                 w->items[w->answered], w->serial, w->answered);
        call(w, "POST", "/answer", body, "application/json");
        return;
    case STEP_REVIEW:
        call(w, "GET", "/review", NULL, "text/html");
        return;
    case STEP_SUBMIT:
        call(w, "POST", "/submit", "certificate_name=Ada+Bench", "text/html");
        return;
    case STEP_RESULT:
        call(w, "GET", "/result", NULL, "text/html");
        return;
    }
}

/* Begins the next person's check; false when it is time to stop. */
static bool begin(struct walk *w)
{
    if (atomic_load(&stop))
        return false;
    size_t i = atomic_fetch_add(&next_person, 1);
    if (i >= people_count)
        die("ran out of people: give more, or fewer seconds", NULL);
    char *tab = strchr(people[i], '\t');
    *tab = 0;
    w->cookie = people[i];
    w->token = tab + 1;
    w->serial = (unsigned)i;
    w->step = STEP_START;
    ask(w);
    return true;
}

/* Reads what has come; true when the reply (with Content-Length) is whole. */
static bool read_reply(struct walk *w)
{
    ssize_t n = read(w->fd, w->reply + w->length, REPLY_MAX - w->length - 1);
    if (n <= 0)
        die("connection closed", w->reply);
    w->length += (size_t)n;
    w->reply[w->length] = 0;
    char *end = w->head ? NULL : strstr(w->reply, "\r\n\r\n");
    if (end) {
        char *length = strcasestr(w->reply, "\r\nContent-Length:");
        w->head = (size_t)(end - w->reply) + 4;
        w->total = w->head + (length && length < end ? strtoul(length + 17, NULL, 10) : 0);
        if (w->total >= REPLY_MAX)
            die("reply too long", NULL);
    }
    return w->head && w->length >= w->total;
}

static void read_items(struct walk *w)
{
    int count = 0;
    for (char *s = w->reply; (s = strstr(s, "\"item\":\"q-" COURSE "-")); s++) {
        if (count == QUESTIONS || sscanf(s + 8, "%63[a-z0-9-]", w->items[count]) != 1)
            die("expected eight questions", w->reply);
        count++;
    }
    if (count != QUESTIONS)
        die("expected eight questions", w->reply);
}

/* What a whole reply means; false when this connection is done. */
static bool go_on(struct walk *w)
{
    static const int wanted[] = {[STEP_START] = 303,  [STEP_ATTEMPT] = 200, [STEP_ANSWER] = 200,
                                 [STEP_REVIEW] = 200, [STEP_SUBMIT] = 303,  [STEP_RESULT] = 200};
    static const char *const names[] = {"start", "attempt", "answer", "review", "submit", "result"};
    if (atoi(w->reply + 9) != wanted[w->step])
        die(names[w->step], w->reply);
    const char *at = w->step == STEP_START ? strstr(w->reply, "/attempts/") : NULL;
    if (w->step == STEP_START && (!at || sscanf(at + 10, "%100[0-9a-f-]", w->attempt) != 1))
        die("no attempt in the reply to start", w->reply);
    if (w->step == STEP_ATTEMPT) {
        read_items(w);
        w->answered = 0;
    }
    if (w->step == STEP_RESULT) {
        atomic_fetch_add(&writes, 2 + QUESTIONS);
        atomic_fetch_add(&checks, 1);
        return begin(w);
    }
    if (w->step != STEP_ANSWER || ++w->answered == QUESTIONS)
        w->step++;
    ask(w);
    return true;
}

static void *run(void *arg)
{
    int open = *(int *)arg, loop = epoll_create1(0);
    struct walk *walks = calloc((size_t)open, sizeof *walks);
    for (int i = 0; i < open; i++) {
        walks[i].fd = dial();
        walks[i].reply = malloc(REPLY_MAX);
        epoll_ctl(loop, EPOLL_CTL_ADD, walks[i].fd,
                  &(struct epoll_event){.events = EPOLLIN, .data.ptr = &walks[i]});
    }
    for (int i = open - 1; i >= 0; i--)
        open -= !begin(&walks[i]);
    while (open > 0) {
        struct epoll_event events[64];
        int n = epoll_wait(loop, events, 64, -1);
        for (int i = 0; i < n; i++) {
            struct walk *w = events[i].data.ptr;
            if (read_reply(w) && !go_on(w)) {
                close(w->fd); /* idle, it would be closed on us, which means something else here */
                open--;
            }
        }
    }
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
    int connections = atoi(argv[3]), each[THREADS];
    double seconds = atof(argv[4]);
    pthread_t threads[THREADS];
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int i = 0; i < THREADS; i++) {
        each[i] = connections / THREADS + (i < connections % THREADS);
        pthread_create(&threads[i], NULL, run, &each[i]);
    }
    usleep((useconds_t)(seconds * 1e6));
    atomic_store(&stop, true);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    clock_gettime(CLOCK_MONOTONIC, &to);
    double took = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
    printf("{\"checks\":%ld,\"writes\":%ld,\"seconds\":%.3f,\"people\":%zu}\n", checks, writes,
           took, (size_t)next_person);
    return 0;
}
