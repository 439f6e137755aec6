/* C that is C++ as well: it is compiled with either client. */
#include "posix_websocket.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int posix_connect(const char *host, int port)
{
    struct addrinfo hints, *found;
    char service[8];
    int one = 1;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    snprintf(service, sizeof service, "%d", port & 0xffff);
    if (getaddrinfo(host, service, &hints, &found) != 0) return -1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd >= 0 && connect(fd, found->ai_addr, found->ai_addrlen) != 0) {
        close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    if (fd >= 0) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static bool send_all(int fd, const void *bytes, size_t length)
{
    const char *at = (const char *)bytes;
    while (length > 0) {
        ssize_t sent = send(fd, at, length, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        at += sent;
        length -= (size_t)sent;
    }
    return true;
}

int posix_shake_hands(int fd, const char *request, char *head, size_t size)
{
    size_t length = 0;
    int status = 0;
    if (!send_all(fd, request, strlen(request))) return 0;
    while (length + 1 < size) {
        if (posix_wait(fd, 5000) != 1 || !posix_read(fd, head + length, 1)) return 0;
        head[++length] = '\0';
        if (length >= 4 && strcmp(head + length - 4, "\r\n\r\n") == 0) break;
    }
    return sscanf(head, "HTTP/1.%*d %d", &status) == 1 ? status : 0;
}

int posix_wait(int fd, int ms)
{
    struct pollfd one = {fd, POLLIN, 0};
    char byte;
    int ready = poll(&one, 1, ms);
    if (ready <= 0) return ready;
    return recv(fd, &byte, 1, MSG_PEEK) == 1 ? 1 : -1;
}

bool posix_read(int fd, void *bytes, size_t length)
{
    char *at = (char *)bytes;
    while (length > 0) {
        ssize_t got = recv(fd, at, length, 0);
        if (got <= 0) return false;
        at += got;
        length -= (size_t)got;
    }
    return true;
}

bool posix_read_head(int fd, posix_frame *frame)
{
    uint8_t head[2], longer[8];
    if (!posix_read(fd, head, 2)) return false;
    frame->fin = head[0] & 0x80;
    frame->op_code = head[0] & 0x0f;
    frame->length = head[1] & 0x7f;
    size_t extra = frame->length == 126 ? 2 : frame->length == 127 ? 8 : 0;
    if (extra == 0) return true;
    if (!posix_read(fd, longer, extra)) return false;
    frame->length = 0;
    for (size_t i = 0; i < extra; i++) frame->length = frame->length << 8 | longer[i];
    return true;
}

bool posix_send_frame(int fd, int op_code, bool fin, const void *payload, size_t length, const uint8_t *mask)
{
    const uint8_t *from = (const uint8_t *)payload;
    uint8_t *bytes = (uint8_t *)malloc(length + 14);
    size_t at = 0;
    bytes[at++] = (uint8_t)((fin ? 0x80 : 0) | op_code);
    if (length < 126) bytes[at++] = (uint8_t)(0x80 | length);
    else {
        size_t extra = length < 65536 ? 2 : 8;
        bytes[at++] = extra == 2 ? 0xfe : 0xff;
        for (size_t i = extra; i > 0; i--) bytes[at++] = (uint8_t)(length >> (8 * (i - 1)));
    }
    memcpy(bytes + at, mask, 4);
    at += 4;
    for (size_t i = 0; i < length; i++) bytes[at++] = from[i] ^ mask[i % 4];
    bool sent = send_all(fd, bytes, at);
    free(bytes);
    return sent;
}

void posix_key(char *key)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    for (int i = 0; i < 21; i++) key[i] = letters[rand() % 62];
    strcpy(key + 21, "A==");
}
