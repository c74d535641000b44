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
/// The terminal is also restored at exit().
int cedit_open(int input, int output, const char *terminal, const char *prompt, int history_limit);

/// Erases the line being typed, restores the terminal and forgets everything. Harmless when not open.
void cedit_close(void);

/// Gives one complete key, as the scalars of its sequence, to the editor.
enum cedit_outcome cedit_key(const int32_t *scalars, int count);

/// The line that the last key completed, UTF-8 without line end; valid until the next key.
const char *cedit_entered(void);

/// Whether an entered line is erased (1) or stays visible (0).
void cedit_erase_entered(int erase);

/// Changes the prompt; shown by the next cedit_show.
void cedit_set_prompt(const char *prompt);

/// Erases prompt and line from the screen; the cursor stands where the prompt began.
void cedit_hide(void);

/// Shows prompt and line, beginning at the cursor's row. Returns 0, or -1 when the terminal can't be written to.
int cedit_show(void);

/// Writes bytes as they are. Returns 0, or -1 when the terminal can't be written to.
int cedit_write(const char *bytes, size_t count);

/// Takes over a new size of the terminal and shows the line anew.
void cedit_resize(void);

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

#endif
