#ifdef __linux__
// For reading another process's memory.
#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

// Newer than some headers.
#ifndef SECCOMP_USER_NOTIF_FLAG_CONTINUE
#define SECCOMP_USER_NOTIF_FLAG_CONTINUE 1
#endif
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#endif
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef SYS_io_uring_setup
#define SYS_io_uring_setup 425
#endif

#define FIELD(name) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, name))
#define ARGUMENT(index) \
  BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args) + 8 * (index))
#define END(action) BPF_STMT(BPF_RET | BPF_K, (action))
#define ON(number, action) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), END(action)
// Opening a folder or a mere place reads no file.
#define ON_OPEN(number, flags)                                                        \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 4), ARGUMENT(flags),               \
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_DIRECTORY | OPEN_PATH, 0, 1),            \
      END(SECCOMP_RET_ALLOW), END(SECCOMP_RET_USER_NOTIF)
#define OPEN_PATH 010000000

int csandbox_watch(void) {
#ifndef OWN_ARCHITECTURE
  return -ENOSYS;
#else
  struct sock_filter steps[] = {
      FIELD(arch),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCHITECTURE, 1, 0),
      // Programs for another processor would pass unseen.
      END(SECCOMP_RET_ERRNO | ENOSYS),
      FIELD(nr),
#ifdef __x86_64__
      // So would those with the numbers of the x32 interface.
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
      END(SECCOMP_RET_ERRNO | ENOSYS),
#endif
      ON_OPEN(SYS_openat, 2),
      FIELD(nr),
#ifdef SYS_open
      ON_OPEN(SYS_open, 1),
      FIELD(nr),
      ON(SYS_creat, SECCOMP_RET_USER_NOTIF),
      ON(SYS_rename, SECCOMP_RET_USER_NOTIF),
      ON(SYS_link, SECCOMP_RET_USER_NOTIF),
#endif
      ON(SYS_openat2, SECCOMP_RET_USER_NOTIF),
      ON(SYS_execve, SECCOMP_RET_USER_NOTIF),
      ON(SYS_execveat, SECCOMP_RET_USER_NOTIF),
      ON(SYS_renameat2, SECCOMP_RET_USER_NOTIF),
#ifdef SYS_renameat
      ON(SYS_renameat, SECCOMP_RET_USER_NOTIF),
#endif
      ON(SYS_linkat, SECCOMP_RET_USER_NOTIF),
      // Files are opened through it without a call that a filter sees.
      ON(SYS_io_uring_setup, SECCOMP_RET_ERRNO | ENOSYS),
      END(SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof(steps) / sizeof(steps[0]), steps};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -errno;
  unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
  long listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
      flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &program);
  if (listener < 0 && errno == EINVAL)
    listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
  return listener < 0 ? -errno : (int)listener;
#endif
}

static void understand(const struct seccomp_data *data, struct csandbox_call *call) {
  const __u64 *arguments = data->args;
  call->folder = call->target_folder = AT_FDCWD;
  call->kind = csandbox_open;
  switch (data->nr) {
    case SYS_openat2:
      call->flags_address = arguments[2];
      call->folder = (int32_t)arguments[0];
      call->path = arguments[1];
      break;
    case SYS_execve:
      call->kind = csandbox_execute;
      call->path = arguments[0];
      break;
    case SYS_execveat:
      call->kind = csandbox_execute;
      call->folder = (int32_t)arguments[0];
      call->path = arguments[1];
      break;
#ifdef SYS_open
    case SYS_open:
      call->path = arguments[0];
      call->flags = arguments[1];
      break;
    case SYS_creat:
      call->path = arguments[0];
      call->flags = O_CREAT | O_WRONLY | O_TRUNC;
      break;
    case SYS_rename:
    case SYS_link:
      call->kind = csandbox_move;
      call->path = arguments[0];
      call->target = arguments[1];
      break;
#endif
#ifdef SYS_renameat
    case SYS_renameat:
#endif
    case SYS_renameat2:
    case SYS_linkat:
      call->kind = csandbox_move;
      call->folder = (int32_t)arguments[0];
      call->path = arguments[1];
      call->target_folder = (int32_t)arguments[2];
      call->target = arguments[3];
      break;
    default:
      call->folder = (int32_t)arguments[0];
      call->path = arguments[1];
      call->flags = arguments[2];
  }
}

int csandbox_next(int listener, struct csandbox_call *call) {
  // The kernel's structures may be larger than those of our headers.
  union {
    struct seccomp_notif notification;
    char room[512];
  } next;
  memset(&next, 0, sizeof(next));
  if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &next) != 0) return -errno;
  memset(call, 0, sizeof(*call));
  call->id = next.notification.id;
  call->pid = (int32_t)next.notification.pid;
  understand(&next.notification.data, call);
  return 0;
}

long csandbox_read(int32_t pid, uint64_t address, void *content, uint64_t count) {
  // The next page may not be there.
  uint64_t rest = 4096 - address % 4096;
  if (count > rest) count = rest;
  struct iovec here = {content, count}, there = {(void *)(uintptr_t)address, count};
  long size = process_vm_readv(pid, &here, 1, &there, 1, 0);
  if (size >= 0 || (errno != ENOSYS && errno != EPERM)) return size < 0 ? -errno : size;
  // Some containers refuse the call, but not the file.
  char path[32];
  snprintf(path, sizeof(path), "/proc/%d/mem", pid);
  int memory = open(path, O_RDONLY | O_CLOEXEC);
  if (memory < 0) return -errno;
  size = pread(memory, content, count, (off_t)address);
  long error = errno;
  close(memory);
  return size < 0 ? -error : size;
}

int csandbox_waits(int listener, uint64_t id) {
  __u64 value = id;
  return ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &value) == 0;
}

int csandbox_answer(int listener, uint64_t id, int error) {
  union {
    struct seccomp_notif_resp answer;
    char room[512];
  } reply;
  memset(&reply, 0, sizeof(reply));
  reply.answer.id = id;
  reply.answer.error = -error;
  if (error == 0) reply.answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &reply) == 0 ? 0 : -errno;
}

void csandbox_hurry(int listener) {
  // The waiting process and the one that answers take turns: woken on one core they do so faster.
  ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, 1UL);
}
#endif
