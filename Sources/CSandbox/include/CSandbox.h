// What Linux offers for programs and the files that they open, and Swift cannot express: the structures
// and the filter of seccomp, descriptors sent over a socket, and calls that C libraries declare in ways
// that Swift does not read. Nothing is decided here.
// Functions that can fail return a negative error number then.
#pragma once

#ifdef __linux__
#include <stdint.h>

enum csandbox_kind {
  csandbox_open,
  csandbox_execute,
  /// A file gets a further or another name.
  csandbox_move,
};

/// A call that a watched program waits to make.
struct csandbox_call {
  uint64_t id;
  int32_t pid;
  enum csandbox_kind kind;
  /// The descriptor of the folder that the path is relative to, and the path's address.
  int32_t folder;
  uint64_t path;
  /// The same of a second path, of a move.
  int32_t target_folder;
  uint64_t target;
  /// How a file is to be opened, or the address of these flags.
  uint64_t flags;
  uint64_t flags_address;
};

enum csandbox_report {
  /// Comes with the descriptor of a listener.
  csandbox_watched,
  csandbox_not_watched,
  csandbox_not_started,
};

/// Makes all later opening of files by this thread, and by what it becomes or starts, wait for
/// answers; gives the listener that takes them.
int csandbox_watch(void);
/// Makes answers quick, where the kernel knows how.
void csandbox_hurry(int listener);
/// Takes the next call that waits.
int csandbox_next(int listener, struct csandbox_call *call);
/// Reads from the memory of a process as far as the end of the page, at most; gives how much.
long csandbox_read(int32_t pid, uint64_t address, void *content, uint64_t count);
/// Tells whether a call still waits, so that what was read of its process was read of it.
int csandbox_waits(int listener, uint64_t id);
/// Lets a call go on, or fail with an error number.
int csandbox_answer(int listener, uint64_t id, int error);

/// Makes a socket that processes of this machine find by a name.
int csandbox_serve(const char *name);
/// Takes the next connection, if a process of the same user made it; gives its process too.
int csandbox_accept(int server, int32_t *pid);
int csandbox_connect(const char *name);
int csandbox_send(int socket, enum csandbox_report report, int error, int descriptor);
/// Takes a report that has come; 0 at the end of the connection. There may be no descriptor: -1.
int csandbox_receive(int socket, enum csandbox_report *report, int *error, int *descriptor);

/// Makes this process the parent of all that its descendants leave behind.
int csandbox_adopt_orphans(void);
/// Writes all that is not on the disk yet of the file system that a descriptor is open in.
int csandbox_sync_file_system(int descriptor);
#endif
