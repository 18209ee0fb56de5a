// The words of the command line, as `main` gets them. Swift on Linux reads them from /proc, which minimal
// containers may not have.
#pragma once

#ifdef __linux__
/// How many words there are, the program's name among them; 0 where the C library does not tell.
int carguments_count(void);

/// The word at an index below the count; it stays until the process ends.
const char *carguments_word(int index);
#endif
