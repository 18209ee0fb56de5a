#ifdef __linux__
// For the peer's process and user.
#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/// A name outside the file system, which vanishes with its socket.
static socklen_t address_of(const char *name, struct sockaddr_un *address) {
  size_t length = strlen(name);
  if (length > sizeof(address->sun_path) - 1) length = sizeof(address->sun_path) - 1;
  memset(address, 0, sizeof(*address));
  address->sun_family = AF_UNIX;
  memcpy(address->sun_path + 1, name, length);
  return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length);
}

int csandbox_serve(const char *name) {
  struct sockaddr_un address;
  socklen_t length = address_of(name, &address);
  int server = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (server < 0) return -errno;
  if (bind(server, (struct sockaddr *)&address, length) == 0 && listen(server, 16) == 0)
    return server;
  int error = errno;
  close(server);
  return -error;
}

int csandbox_accept(int server, int32_t *pid) {
  int connection = accept4(server, NULL, NULL, SOCK_CLOEXEC);
  if (connection < 0) return -errno;
  struct ucred peer;
  socklen_t length = sizeof(peer);
  if (getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 &&
      peer.uid == geteuid()) {
    *pid = peer.pid;
    return connection;
  }
  close(connection);
  return -EPERM;
}

int csandbox_connect(const char *name) {
  struct sockaddr_un address;
  socklen_t length = address_of(name, &address);
  int connection = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (connection < 0) return -errno;
  if (connect(connection, (struct sockaddr *)&address, length) == 0) return connection;
  int error = errno;
  close(connection);
  return -error;
}

union control {
  struct cmsghdr header;
  char room[CMSG_SPACE(sizeof(int))];
};

int csandbox_send(int socket, enum csandbox_report report, int error, int descriptor) {
  int32_t values[2] = {(int32_t)report, error};
  struct iovec content = {values, sizeof(values)};
  struct msghdr message = {.msg_iov = &content, .msg_iovlen = 1};
  union control control;
  memset(&control, 0, sizeof(control));
  if (descriptor >= 0) {
    message.msg_control = &control;
    message.msg_controllen = sizeof(control);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
  }
  return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int csandbox_receive(int socket, enum csandbox_report *report, int *error, int *descriptor) {
  int32_t values[2] = {0, 0};
  struct iovec content = {values, sizeof(values)};
  union control control;
  memset(&control, 0, sizeof(control));
  struct msghdr message = {.msg_iov = &content, .msg_iovlen = 1, .msg_control = &control,
      .msg_controllen = sizeof(control)};
  *descriptor = -1;
  ssize_t count = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  if (count < 0) return -errno;
  if (count < (ssize_t)sizeof(values)) return 0;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header != NULL && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
    memcpy(descriptor, CMSG_DATA(header), sizeof(int));
  *report = (enum csandbox_report)values[0];
  *error = values[1];
  return 1;
}
#endif
