/*
 * civetweb keeps its sockets to itself, and three things need them: seeing how much of a body has
 * arrived (its reads block for every byte they were asked for), letting a refused client finish
 * hearing its answer, and taking no new connections while draining. They are found by their
 * addresses, which are unique among open sockets. Every caller can do without, only less well.
 */
#include "http/internal.h"
#include <arpa/inet.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define DESCRIPTORS_MAX 65536
#define GAP_MAX         512 /* unused numbers in a row: there are no more */

typedef bool (*wanted)(int fd, const void *what);

static int find(wanted is, const void *what)
{
    int gap = 0;
    for (int fd = 3; fd < DESCRIPTORS_MAX && gap < GAP_MAX; fd++) {
        int type;
        socklen_t n = sizeof type;
        if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &n) == 0 && type == SOCK_STREAM) {
            gap = 0;
            if (is(fd, what))
                return fd;
        } else {
            gap++;
        }
    }
    return -1;
}

static bool local_port_is(int fd, int port)
{
    struct sockaddr_in local;
    socklen_t n = sizeof local;
    return getsockname(fd, (struct sockaddr *)&local, &n) == 0 && local.sin_family == AF_INET &&
           ntohs(local.sin_port) == port;
}

static bool is_listener(int fd, const void *what)
{
    int listening = 0;
    socklen_t n = sizeof listening;
    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &n) == 0 && listening &&
           local_port_is(fd, *(const int *)what);
}

int socket_listening_on(int port)
{
    return find(is_listener, &port);
}

struct peer {
    struct in_addr address;
    int port, local_port;
};

static bool is_peer(int fd, const void *what)
{
    const struct peer *peer = what;
    struct sockaddr_in remote;
    socklen_t n = sizeof remote;
    return getpeername(fd, (struct sockaddr *)&remote, &n) == 0 && remote.sin_family == AF_INET &&
           ntohs(remote.sin_port) == peer->port && remote.sin_addr.s_addr == peer->address.s_addr &&
           local_port_is(fd, peer->local_port);
}

int socket_connected_to(const char *address, int remote_port, int local_port)
{
    struct peer peer = {.port = remote_port, .local_port = local_port};
    if (inet_pton(AF_INET, address, &peer.address) != 1)
        return -1;
    return find(is_peer, &peer);
}

/*
 * A packet filter on the listening socket that drops a connection's first packet (SYN without ACK)
 * and nothing else: connections that were made, also those still waiting to be accepted, go on; a
 * new client tries again a second later and is then refused by the system.
 */
int socket_refuse_new(int listener)
{
    enum { TCP_FLAGS = 13, SYN = 0x02, ACK = 0x10 };
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, TCP_FLAGS),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, SYN | ACK),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYN, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    return setsockopt(listener, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}
