#include "editor.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

int cedit_columns(int descriptor) {
    struct winsize size;
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

// MARK: the screen

static int columns(void) {
    int count = cedit_columns(editor.descriptor);
    return count > 0 ? count : 80;
}

/// What libedit writes, and what stands around it, goes to the terminal in one piece: nothing half drawn is ever seen.
ssize_t collect(void *cookie, const char *bytes, size_t count) {
    (void)cookie;
    if (editor.frame_head == editor.frame_end) editor.frame_head = editor.frame_end = 0;
    if (editor.frame_end + count > editor.frame_size) {
        size_t size = (editor.frame_end + count) * 2;
        char *larger = realloc(editor.frame, size);
        if (!larger) return -1;
        editor.frame = larger;
        editor.frame_size = size;
    }
    memcpy(editor.frame + editor.frame_end, bytes, count);
    editor.frame_end += count;
    return (ssize_t)count;
}

long cedit_flush(int patience) {
    if (!editor.line) return 0;
    if (fflush(editor.output) != 0) return -1;
    while (editor.frame_head < editor.frame_end) {
        struct pollfd room = {.fd = editor.descriptor, .events = POLLOUT};
        int ready = poll(&room, 1, patience);
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) break;
        ssize_t count = write(editor.descriptor, editor.frame + editor.frame_head, editor.frame_end - editor.frame_head);
        if (count >= 0) {
            editor.frame_head += (size_t)count;
        } else if (errno == EAGAIN) {
            if (patience >= 0) break;
        } else if (errno != EINTR) {
            editor.frame_head = editor.frame_end;
            return -1;
        }
    }
    return (long)(editor.frame_end - editor.frame_head);
}

int cedit_output(void) {
    return editor.line ? editor.descriptor : -1;
}

/// Takes the next character off a text; 0 at its end, or where it is malformed.
static int take_character(const char **byte, mbstate_t *state, wchar_t *character) {
    size_t length = mbrtowc(character, *byte, MB_CUR_MAX, state);
    if (length == 0 || length > MB_CUR_MAX) return 0;
    *byte += length;
    return 1;
}

/// Moves a position on as libedit does when it draws a character: a row that is full wraps at once, a wide character
/// that does not fit goes to the next row.
static void advance(int *row, int *column, int width, wchar_t character) {
    int cells = wcwidth(character);
    if (cells < 0) cells = 1;
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
    const char *byte = editor.hidden_prompt;
    mbstate_t state;
    memset(&state, 0, sizeof state);
    wchar_t character;
    while (take_character(&byte, &state, &character)) advance(&row, &column, width, character);
    const LineInfoW *line = el_wline(editor.line);
    for (const wchar_t *typed = line->buffer; typed < line->cursor; typed += 1) {
        advance(&row, &column, width, *typed);
    }
    return row;
}

/// How many rows the area takes, by the width that the terminal has now. Sequences of SGR take no cell.
static int area_rows(void) {
    int row = 0, column = 0, width = columns();
    const char *byte = editor.area ? editor.area : "";
    mbstate_t state;
    memset(&state, 0, sizeof state);
    wchar_t character;
    while (take_character(&byte, &state, &character)) {
        if (character == L'\033') {
            while (*byte && *byte != 'm' && *byte != '\n') byte += 1;
            if (*byte == 'm') byte += 1;
        } else if (character == L'\n') {
            row += 1;
            column = 0;
        } else {
            int cells = wcwidth(character);
            if (cells < 0) cells = 1;
            if (column + cells > width) {
                row += 1;
                column = 0;
            }
            column += cells;
        }
    }
    return row;
}

void cedit_hide(void) {
    if (!editor.line || !editor.is_shown) return;
    int row = cursor_row();
    if (editor.area_is_shown) row += area_rows();
    editor.is_shown = editor.area_is_shown = 0;
    if (row > 0) fprintf(editor.output, "\033[%dA", row);
    // Not ED at the screen's first cell: tmux takes that for a wish to empty the screen, and keeps what stood there in
    // its history, each time.
    fputs("\r\033[K\033[C\033[J\r", editor.output);
}

/// Lets libedit draw by the width that the terminal has now, though nobody has told of a new one yet.
static void follow_width(void) {
    int width = columns();
    if (width == editor.width) return;
    editor.width = width;
    el_resize(editor.line);
}

void cedit_show(void) {
    if (!editor.line || editor.is_shown) return;
    follow_width();
    for (const char *byte = editor.area ? editor.area : ""; *byte; byte += 1) {
        if (*byte == '\n') fputc('\r', editor.output);
        fputc(*byte, editor.output);
    }
    editor.is_shown = editor.area_is_shown = 1;
    el_set(editor.line, EL_REFRESH);
}

void cedit_clear_screen(void) {
    if (!editor.line) return;
    cedit_hide();
    fputs("\033[H\033[2J", editor.output);
    cedit_show();
}

int cedit_write(const char *bytes, size_t count) {
    if (!editor.line) return -1;
    return fwrite(bytes, 1, count, editor.output) == count ? 0 : -1;
}

void cedit_resize(void) {
    if (!editor.line) return;
    // Terminals wrap what is on the screen anew, so the rows are counted by the new width, which columns() already is.
    cedit_hide();
    editor.width = 0;
    cedit_show();
}

void cedit_follow_size(void) {
    if (editor.line && columns() != editor.width) cedit_resize();
}

void cedit_set_area(const char *rows) {
    // The rows that stand on the screen are those that have to go from it.
    cedit_hide();
    char *copy = strdup(rows);
    if (!copy) return;
    free(editor.area);
    editor.area = copy;
}
