#define _GNU_SOURCE
#include "cedit.h"

#include <errno.h>
#include <fcntl.h>
#include <histedit.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

static struct {
    EditLine *line;
    History *history;
    FILE *input;
    FILE *output;
    struct termios saved;
    char *prompt;
    char *entered;
    const int32_t *pending;
    int pending_count;
    int erase;
    enum cedit_outcome outcome;
} editor;

static struct {
    int input;
    int signals;
    struct termios saved;
    sigset_t mask;
    int open;
} answer = {.signals = -1};

int cedit_use_utf8(void) {
    static const char *const names[] = {"", "C.UTF-8", "en_US.UTF-8"};
    for (size_t index = 0; index < sizeof names / sizeof *names; index += 1) {
        if (setlocale(LC_CTYPE, names[index]) && strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return 1;
    }
    return 0;
}

int cedit_columns(int descriptor) {
    struct winsize size;
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void cedit_wipe(void *memory, size_t count) {
    explicit_bzero(memory, count);
}

// MARK: the screen

static int columns(void) {
    int count = cedit_columns(fileno(editor.output));
    return count > 0 ? count : 80;
}

/// Moves a position on as libedit does when it draws a character: a row that is full wraps at once, a wide character
/// that does not fit goes to the next row, and what has no width takes a cell.
static void advance(int *row, int *column, int width, wchar_t character) {
    int cells = wcwidth(character);
    if (cells <= 0) cells = 1;
    if (*column + cells > width) {
        *row += 1;
        *column = 0;
    }
    *column += cells;
    if (*column >= width) {
        *row += 1;
        *column = 0;
    }
}

/// How many rows below the prompt's first row the cursor stands.
static int cursor_row(void) {
    int row = 0, column = 0, width = columns();
    const char *byte = editor.prompt;
    mbstate_t state;
    memset(&state, 0, sizeof state);
    while (*byte) {
        wchar_t character;
        size_t length = mbrtowc(&character, byte, MB_CUR_MAX, &state);
        if (length == 0 || length > MB_CUR_MAX) break;
        advance(&row, &column, width, character);
        byte += length;
    }
    const LineInfoW *line = el_wline(editor.line);
    for (const wchar_t *character = line->buffer; character < line->cursor; character += 1) {
        advance(&row, &column, width, *character);
    }
    return row;
}

void cedit_hide(void) {
    if (!editor.line) return;
    int row = cursor_row();
    if (row > 0) fprintf(editor.output, "\033[%dA", row);
    fputs("\r\033[J", editor.output);
}

int cedit_show(void) {
    if (!editor.line) return -1;
    el_set(editor.line, EL_REFRESH);
    int failed = fflush(editor.output) != 0 || ferror(editor.output);
    return failed ? -1 : 0;
}

int cedit_write(const char *bytes, size_t count) {
    if (!editor.line) return -1;
    return fwrite(bytes, 1, count, editor.output) == count ? 0 : -1;
}

void cedit_resize(void) {
    if (!editor.line) return;
    // Terminals wrap what is on the screen anew, so the rows are counted by the new width, which columns() already is.
    cedit_hide();
    fflush(editor.output);
    el_resize(editor.line);
    cedit_show();
}

// MARK: keys

static char *show_prompt(EditLine *line) {
    (void)line;
    return editor.prompt;
}

/// Feeds libedit from the key at hand; nothing left is told as the end of input, which makes it return.
static int next_scalar(EditLine *line, wchar_t *scalar) {
    (void)line;
    if (editor.pending_count <= 0) return 0;
    *scalar = (wchar_t)*editor.pending;
    editor.pending += 1;
    editor.pending_count -= 1;
    return 1;
}

static unsigned char enter_line(EditLine *line, int key) {
    (void)key;
    const LineInfo *info = el_line(line);
    size_t length = (size_t)(info->lastchar - info->buffer);
    char *copy = malloc(length + 1);
    if (!copy) return CC_ERROR;
    memcpy(copy, info->buffer, length);
    copy[length] = 0;
    free(editor.entered);
    editor.entered = copy;
    editor.outcome = cedit_outcome_line;
    cedit_hide();
    if (!editor.erase) fprintf(editor.output, "%s%s\r\n", editor.prompt, copy);
    if (length > 0) {
        HistEvent event;
        history(editor.history, &event, H_ENTER, copy);
    }
    // Not CC_NEWLINE: libedit would leave raw mode between two lines, and keys typed meanwhile would be echoed.
    // CC_FATAL empties the line, leaves the history at its newest entry and draws the prompt where the cursor stands.
    return CC_FATAL;
}

static unsigned char delete_next(EditLine *line, int key) {
    (void)key;
    const LineInfoW *info = el_wline(line);
    if (info->cursor >= info->lastchar) return CC_ERROR;
    el_cursor(line, 1);
    el_deletestr(line, 1);
    return CC_REFRESH;
}

static unsigned char delete_or_end(EditLine *line, int key) {
    const LineInfoW *info = el_wline(line);
    if (info->buffer < info->lastchar) return delete_next(line, key);
    editor.outcome = cedit_outcome_end;
    return CC_NORM;
}

enum cedit_outcome cedit_key(const int32_t *scalars, int count) {
    if (!editor.line) return cedit_outcome_end;
    if (count == 1 && scalars[0] >= 0x80 && !iswprint((wint_t)scalars[0])) return cedit_outcome_editing;
    editor.outcome = cedit_outcome_editing;
    editor.pending = scalars;
    editor.pending_count = count;
    int before = count + 1;
    while (editor.pending_count > 0 && editor.pending_count < before && editor.outcome == cedit_outcome_editing) {
        before = editor.pending_count;
        int length;
        (void)el_wgets(editor.line, &length);
    }
    editor.pending_count = 0;
    return editor.outcome;
}

const char *cedit_entered(void) {
    return editor.entered ? editor.entered : "";
}

void cedit_erase_entered(int erase) {
    editor.erase = erase;
}

void cedit_set_prompt(const char *prompt) {
    char *copy = strdup(prompt);
    if (!copy) return;
    free(editor.prompt);
    editor.prompt = copy;
}

// MARK: taking and giving back the terminal

static void restore_at_exit(void) {
    cedit_close();
    cedit_answer_end_reading();
}

static void register_exit(void) {
    static int registered;
    if (!registered) registered = atexit(restore_at_exit) == 0;
}

static void bind_keys(EditLine *line) {
    el_set(line, EL_EDITOR, "emacs");
    el_set(line, EL_ADDFN, "gaschat-enter", "Enter the line", enter_line);
    el_set(line, EL_ADDFN, "gaschat-delete", "Delete the next character", delete_next);
    el_set(line, EL_ADDFN, "gaschat-delete-or-end", "Delete the next character, end on an empty line", delete_or_end);
    static const char *const keys[][2] = {
        {"^M", "gaschat-enter"},       {"^J", "gaschat-enter"},
        {"^D", "gaschat-delete-or-end"}, {"^_", "gaschat-delete"},
        {"^W", "ed-delete-prev-word"}, {"^U", "vi-kill-line-prev"},
        {"^H", "ed-delete-prev-char"}, {"^?", "ed-delete-prev-char"},
        {"^P", "ed-prev-history"},     {"^N", "ed-next-history"},
        // libedit's incremental search waits for keys by itself; this one does not.
        {"^R", "ed-search-prev-history"},
    };
    for (size_t index = 0; index < sizeof keys / sizeof *keys; index += 1) {
        el_set(line, EL_BIND, keys[index][0], keys[index][1], NULL);
    }
    // Ctrl-S must not stop the terminal: a write would wait, and the connection with it.
    el_set(line, EL_SETTY, "-d", "-ixon", "-ixoff", NULL);
}

/// Opens the streams and remembers how the terminal was.
static int open_streams(int input, int output) {
    if (tcgetattr(input, &editor.saved) != 0) return -1;
    int in = fcntl(input, F_DUPFD_CLOEXEC, 3), out = fcntl(output, F_DUPFD_CLOEXEC, 3);
    editor.input = in < 0 ? NULL : fdopen(in, "r");
    editor.output = out < 0 ? NULL : fdopen(out, "w");
    if (!editor.input && in >= 0) close(in);
    if (!editor.output && out >= 0) close(out);
    if (!editor.input || !editor.output) return -1;
    // Another program may have left the terminal non-blocking; half a redraw would be lost.
    int flags = fcntl(out, F_GETFL);
    if (flags >= 0 && (flags & O_NONBLOCK)) fcntl(out, F_SETFL, flags & ~O_NONBLOCK);
    return 0;
}

static void release(void) {
    if (editor.line) el_end(editor.line);
    if (editor.history) history_end(editor.history);
    if (editor.input) fclose(editor.input);
    if (editor.output) fclose(editor.output);
    free(editor.prompt);
    free(editor.entered);
    memset(&editor, 0, sizeof editor);
}

int cedit_open(int input, int output, const char *terminal, const char *prompt, int history_limit) {
    if (editor.line) return -1;
    register_exit();
    cedit_set_prompt(prompt);
    if (open_streams(input, output) != 0 || !editor.prompt) {
        release();
        return -1;
    }
    editor.history = history_init();
    editor.line = el_init("gaschat", editor.input, editor.output, editor.output);
    if (!editor.line || !editor.history) {
        release();
        return -1;
    }
    HistEvent event;
    history(editor.history, &event, H_SETSIZE, history_limit);
    history(editor.history, &event, H_SETUNIQUE, 1);
    el_set(editor.line, EL_TERMINAL, terminal);
    el_set(editor.line, EL_HIST, history, editor.history);
    el_set(editor.line, EL_PROMPT, show_prompt);
    el_set(editor.line, EL_GETCFN, next_scalar);
    bind_keys(editor.line);
    el_set(editor.line, EL_UNBUFFERED, 1);
    fflush(editor.output);
    return 0;
}

void cedit_close(void) {
    if (!editor.line) return;
    struct termios saved = editor.saved;
    cedit_hide();
    fflush(editor.output);
    int input = fcntl(fileno(editor.input), F_DUPFD_CLOEXEC, 3);
    release();
    if (input < 0) return;
    tcsetattr(input, TCSADRAIN, &saved);
    close(input);
}

void cedit_pause(void) {
    if (!editor.line) return;
    cedit_hide();
    fflush(editor.output);
    el_set(editor.line, EL_PREP_TERM, 0);
}

void cedit_resume(void) {
    if (!editor.line) return;
    el_set(editor.line, EL_PREP_TERM, 1);
    el_resize(editor.line);
    cedit_show();
}

// MARK: answers

int cedit_answer_begin(int input) {
    if (answer.open || tcgetattr(input, &answer.saved) != 0) return -1;
    register_exit();
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    sigaddset(&held, SIGHUP);
    sigaddset(&held, SIGQUIT);
    pthread_sigmask(SIG_BLOCK, &held, &answer.mask);
    answer.signals = signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK);
    answer.input = input;
    answer.open = 1;
    struct termios raw = answer.saved;
    raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    raw.c_iflag &= ~(tcflag_t)(IXON | IXOFF);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    if (tcsetattr(input, TCSADRAIN, &raw) == 0) return 0;
    cedit_answer_end_reading();
    return -1;
}

int cedit_answer_byte(void) {
    if (!answer.open) return cedit_answer_end;
    for (;;) {
        // A signal is only seen here, not taken: it does its work when the mask is restored.
        struct pollfd ready[2] = {
            {.fd = answer.signals, .events = POLLIN},
            {.fd = answer.input, .events = POLLIN},
        };
        if (poll(ready, 2, -1) < 0) {
            if (errno == EINTR) continue;
            return cedit_answer_end;
        }
        if (ready[0].revents & POLLIN) return cedit_answer_signal;
        if (!ready[1].revents) continue;
        unsigned char byte;
        ssize_t count = read(answer.input, &byte, 1);
        if (count == 1) {
            int value = byte;
            cedit_wipe(&byte, 1);
            return value;
        }
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        return cedit_answer_end;
    }
}

void cedit_answer_end_reading(void) {
    if (!answer.open) return;
    answer.open = 0;
    tcsetattr(answer.input, TCSADRAIN, &answer.saved);
    if (answer.signals >= 0) close(answer.signals);
    answer.signals = -1;
    pthread_sigmask(SIG_SETMASK, &answer.mask, NULL);
}
