/* What the stand-ins of both C clients' WebSocket libraries have in common: sockets and frames as they are on the wire. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    bool fin;
    int op_code;
    size_t length;
} posix_frame;

/* A connected socket, or -1. */
int posix_connect(const char *host, int port);

/* Sends a request and reads the head of the answer, nothing beyond it. Gives its HTTP status, 0 for none. */
int posix_shake_hands(int fd, const char *request, char *head, size_t size);

/* Whether there is something to read within `ms`: 1, 0, or -1 at the end. */
int posix_wait(int fd, int ms);

/* Reads exactly so many bytes. */
bool posix_read(int fd, void *bytes, size_t length);

/* Reads the head of a frame, its payload still to come. */
bool posix_read_head(int fd, posix_frame *frame);

/* Sends one frame, masked with those four bytes. */
bool posix_send_frame(int fd, int op_code, bool fin, const void *payload, size_t length, const uint8_t *mask);

/* A key for the handshake, 24 characters. */
void posix_key(char *key);

#ifdef __cplusplus
}
#endif
