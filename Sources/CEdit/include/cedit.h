// A line editor over libedit, for Swift.
//
// libedit is driven through its own interface (histedit.h) rather than through its imitation of readline: only there
// can the bytes come from the caller, so that nothing in here ever waits for a key. Its variadic calls and FILE
// pointers don't import into Swift; these functions do. There is one editor in a process. Not thread-safe.
#ifndef GASCHAT_CEDIT_H
#define GASCHAT_CEDIT_H

#include <stddef.h>
#include <stdint.h>

/// What a key led to.
enum cedit_outcome {
    cedit_outcome_editing = 0,
    cedit_outcome_line = 1,
    cedit_outcome_end = 2,
};

/// Makes the character type locale a UTF-8 one: that of the environment, else C.UTF-8. Returns 0 when none is UTF-8.
int cedit_use_utf8(void);

/// Takes the terminal over and shows the prompt. Returns 0, or -1 when that can't be done (the terminal is unchanged).
/// The terminal is also restored at exit(). What is shown is collected and written by cedit_flush.
///
/// Unless it is patient, the terminal is opened once more where that is possible, so that no write ever waits; the mode
/// of the descriptor that was given, which other programs share, stays as it is.
int cedit_open(
    int input, int output, const char *terminal, const char *prompt, int history_limit, int is_patient);

/// Erases the line being typed, restores the terminal and forgets everything. Harmless when not open.
void cedit_close(void);

/// Gives one complete key, as the scalars of its sequence, to the editor.
enum cedit_outcome cedit_key(const int32_t *scalars, int count);

/// The line that the last key completed, UTF-8 without line end; valid until the next key.
const char *cedit_entered(void);

/// Whether an entered line is erased (1) or stays visible (0).
void cedit_erase_entered(int erase);

/// The line being typed, UTF-8, and at which of its bytes the cursor stands; valid until the next call.
const char *cedit_line(size_t *cursor);

/// Removes so many characters in front of the cursor and inserts a text without controls there.
void cedit_replace(int before, const char *text);

/// Puts another line in the place of the one being typed; the cursor stands at its end.
void cedit_set_line(const char *text);

/// Adds a line to the history that the arrows walk through.
void cedit_remember(const char *line);

/// Empties the screen and shows prompt and line at its top.
void cedit_clear_screen(void);

/// Changes the prompt; shown by the next cedit_show.
void cedit_set_prompt(const char *prompt);

/// Hides what is shown and changes the rows above the prompt, each ended by a line feed; shown by the next cedit_show.
/// They may hold sequences of SGR (colours) and nothing else that moves the cursor.
void cedit_set_area(const char *rows);

/// Erases the rows above the prompt, prompt and line from the screen; the cursor stands where they began. Nothing happens
/// where they are hidden.
void cedit_hide(void);

/// Shows the rows above the prompt, prompt and line, beginning at the cursor's row, unless they are shown.
void cedit_show(void);

/// Writes bytes as they are. Returns 0, or -1 when the memory for them is missing.
int cedit_write(const char *bytes, size_t count);

/// Brings what was written to the terminal, waiting at most so many milliseconds for each piece, -1: as long as it takes.
/// Returns how many bytes are left, or -1 when the terminal can't be written to any more.
long cedit_flush(int patience);

/// Where cedit_flush writes, to wait for room there; -1 when not open.
int cedit_output(void);

/// Takes over a new size of the terminal and shows the line anew.
void cedit_resize(void);

/// Takes over a new size of the terminal if it has one.
void cedit_follow_size(void);

/// Gives the terminal back for a while, without losing the line.
void cedit_pause(void);

/// Takes the terminal again after cedit_pause.
void cedit_resume(void);

/// What waiting for a byte of an answer came to, where it is no byte.
enum {
    cedit_answer_end = -1,
    cedit_answer_signal = -2,
};

/// Prepares a terminal for an answer that is read byte by byte without echo; signals that end a process are held back
/// so that the terminal can be restored first. Returns 0, or -1 when the descriptor is no terminal.
int cedit_answer_begin(int input);

/// Waits for a byte: 0...255, cedit_answer_end, or cedit_answer_signal when a signal that ends the process waits.
int cedit_answer_byte(void);

/// Restores the terminal and lets the held signals through.
void cedit_answer_end_reading(void);

/// Overwrites memory with zeros in a way that the compiler keeps.
void cedit_wipe(void *memory, size_t count);

/// Columns of a terminal, 0 when unknown.
int cedit_columns(int descriptor);

/// Names of files that begin as `begin` does, a folder's with `/` at its end, each ended by NUL; the last is empty. At
/// most `limit` names. To be given to cedit_free; NULL when there is no such folder.
char *cedit_files(const char *folder, const char *begin, int limit);
void cedit_free(char *names);

#endif
