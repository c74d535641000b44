#include "editor.h"

#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct editor editor;

int cedit_use_utf8(void) {
    static const char *const names[] = {"", "C.UTF-8", "en_US.UTF-8"};
    for (size_t index = 0; index < sizeof names / sizeof *names; index += 1) {
        if (setlocale(LC_CTYPE, names[index]) && strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return 1;
    }
    return 0;
}

// MARK: taking and giving back the terminal

/// Terminals that know it say where a pasted text begins and ends; the others ignore this.
static const char *const mark_pastes = "\033[?2004h", *const mark_no_pastes = "\033[?2004l";

static void restore_at_exit(void) {
    cedit_close();
    cedit_answer_end_reading();
}

void register_exit(void) {
    static int registered;
    if (!registered) registered = atexit(restore_at_exit) == 0;
}

/// The terminal, opened once more for writes that don't wait; -1 where that can't be done.
static int open_again(int output) {
    char name[256];
    if (ttyname_r(output, name, sizeof name) != 0) return -1;
    return open(name, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
}

/// Opens the streams and remembers how the terminal was.
static int open_streams(int input, int output, int is_patient) {
    if (tcgetattr(input, &editor.saved) != 0) return -1;
    int in = fcntl(input, F_DUPFD_CLOEXEC, 3);
    editor.input = in < 0 ? NULL : fdopen(in, "r");
    if (!editor.input && in >= 0) close(in);
    editor.descriptor = is_patient ? -1 : open_again(output);
    if (editor.descriptor < 0) {
        editor.descriptor = fcntl(output, F_DUPFD_CLOEXEC, 3);
        // Another program may have left the terminal non-blocking.
        int flags = editor.descriptor < 0 ? -1 : fcntl(editor.descriptor, F_GETFL);
        if (flags >= 0 && (flags & O_NONBLOCK)) fcntl(editor.descriptor, F_SETFL, flags & ~O_NONBLOCK);
    }
    editor.output = fopencookie(NULL, "w", (cookie_io_functions_t){.write = collect});
    editor.drawn = fopencookie(NULL, "w", (cookie_io_functions_t){.write = draw});
    if (!editor.input || !editor.output || !editor.drawn || editor.descriptor < 0) return -1;
    return setvbuf(editor.drawn, NULL, _IONBF, 0);
}

static void release(void) {
    if (editor.line) el_end(editor.line);
    if (editor.history) history_end(editor.history);
    if (editor.input) fclose(editor.input);
    if (editor.drawn) fclose(editor.drawn);
    if (editor.output) fclose(editor.output);
    if (editor.descriptor >= 0) close(editor.descriptor);
    free(editor.prompt);
    free(editor.hidden_prompt);
    free(editor.area);
    free(editor.entered);
    free(editor.typed);
    free(editor.frame);
    memset(&editor, 0, sizeof editor);
}

int cedit_open(
    int input, int output, const char *terminal, const char *prompt, int history_limit, int is_patient) {
    if (editor.line) return -1;
    register_exit();
    editor.descriptor = -1;
    cedit_set_prompt(prompt);
    if (open_streams(input, output, is_patient) != 0 || !editor.hidden_prompt) {
        release();
        return -1;
    }
    editor.history = history_init();
    editor.line = el_init_fd(
        "gaschat", editor.input, editor.drawn, editor.drawn, fileno(editor.input), editor.descriptor,
        editor.descriptor);
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
    fputs(mark_pastes, editor.output);
    el_set(editor.line, EL_UNBUFFERED, 1);
    editor.is_shown = 1;
    return 0;
}

/// How long the last writes wait for a terminal that takes nothing, in milliseconds.
enum { last_patience = 500 };

void cedit_close(void) {
    if (!editor.line) return;
    struct termios saved = editor.saved;
    cedit_hide();
    fputs(mark_no_pastes, editor.output);
    cedit_flush(last_patience);
    int input = fcntl(fileno(editor.input), F_DUPFD_CLOEXEC, 3);
    release();
    if (input < 0) return;
    tcsetattr(input, TCSADRAIN, &saved);
    close(input);
}

void cedit_pause(void) {
    if (!editor.line) return;
    cedit_hide();
    fputs(mark_no_pastes, editor.output);
    cedit_flush(last_patience);
    el_set(editor.line, EL_PREP_TERM, 0);
}

void cedit_resume(void) {
    if (!editor.line) return;
    el_set(editor.line, EL_PREP_TERM, 1);
    fputs(mark_pastes, editor.output);
    el_resize(editor.line);
    cedit_show();
}
