#include "editor.h"

#include <stdlib.h>
#include <string.h>
#include <wctype.h>

// MARK: the line

const char *cedit_line(size_t *cursor) {
    *cursor = 0;
    if (!editor.line) return "";
    const LineInfoW *info = el_wline(editor.line);
    char *copy = show_marks(info->buffer, info->lastchar, info->cursor, cursor);
    if (!copy) return "";
    free(editor.typed);
    editor.typed = copy;
    return copy;
}

static void insert(const char *text) {
    char *hidden = hide_marks(text);
    if (hidden && *hidden) el_insertstr(editor.line, hidden);
    free(hidden);
}

void cedit_replace(int before, const char *text) {
    if (!editor.line) return;
    cedit_hide();
    if (before > 0) el_deletestr(editor.line, before);
    insert(text);
    cedit_show();
}

void cedit_set_line(const char *text) {
    if (!editor.line) return;
    cedit_hide();
    const LineInfoW *info = el_wline(editor.line);
    el_cursor(editor.line, (int)(info->lastchar - info->cursor));
    info = el_wline(editor.line);
    if (info->cursor > info->buffer) el_deletestr(editor.line, (int)(info->cursor - info->buffer));
    insert(text);
    cedit_show();
}

void cedit_remember(const char *line) {
    if (!editor.history || !*line) return;
    char *hidden = hide_marks(line);
    if (!hidden) return;
    HistEvent event;
    history(editor.history, &event, H_ENTER, hidden);
    free(hidden);
}

// MARK: keys

char *show_prompt(EditLine *line) {
    (void)line;
    return editor.hidden_prompt;
}

/// Feeds libedit from the key at hand; nothing left is told as the end of input, which makes it return.
int next_scalar(EditLine *line, wchar_t *scalar) {
    (void)line;
    if (editor.pending_count <= 0) return 0;
    *scalar = (wchar_t)*editor.pending;
    editor.pending += 1;
    editor.pending_count -= 1;
    return 1;
}

static unsigned char enter_line(EditLine *line, int key) {
    (void)key;
    const LineInfoW *info = el_wline(line);
    size_t place;
    char *copy = show_marks(info->buffer, info->lastchar, info->lastchar, &place);
    if (!copy) return CC_ERROR;
    free(editor.entered);
    editor.entered = copy;
    editor.outcome = cedit_outcome_line;
    cedit_hide();
    if (!editor.erase) fprintf(editor.output, "%s%s\r\n", editor.prompt, copy);
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
    if (count == 1 && scalars[0] >= 0x80 && (!iswprint((wint_t)scalars[0]) || is_mark((wchar_t)scalars[0]))) {
        return cedit_outcome_editing;
    }
    // libedit draws only what the key changes, by the width that it knows.
    cedit_follow_size();
    editor.outcome = cedit_outcome_editing;
    int32_t alone = hide_mark(scalars[0]);
    editor.pending = count == 1 ? &alone : scalars;
    editor.pending_count = count;
    int has_marks = line_has_marks(), before = count + 1;
    while (editor.pending_count > 0 && editor.pending_count < before && editor.outcome == cedit_outcome_editing) {
        before = editor.pending_count;
        int length;
        (void)el_wgets(editor.line, &length);
    }
    editor.pending = NULL;
    editor.pending_count = 0;
    if (editor.outcome == cedit_outcome_line) {
        // libedit has drawn the prompt, without what stands above it.
        editor.is_shown = 1;
        cedit_hide();
        cedit_show();
    } else if (editor.outcome == cedit_outcome_editing && (has_marks || line_has_marks())) {
        // libedit draws the cells that changed. A mark stands in the cell of the character before it, too.
        cedit_hide();
        cedit_show();
    }
    return editor.outcome;
}

const char *cedit_entered(void) {
    return editor.entered ? editor.entered : "";
}

void cedit_erase_entered(int erase) {
    editor.erase = erase;
}

void cedit_set_prompt(const char *prompt) {
    char *copy = strdup(prompt), *hidden = hide_marks(prompt);
    if (!copy || !hidden) {
        free(copy);
        free(hidden);
        return;
    }
    free(editor.prompt);
    free(editor.hidden_prompt);
    editor.prompt = copy;
    editor.hidden_prompt = hidden;
}

void bind_keys(EditLine *line) {
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
    };
    for (size_t index = 0; index < sizeof keys / sizeof *keys; index += 1) {
        el_set(line, EL_BIND, keys[index][0], keys[index][1], NULL);
    }
    // Ctrl-S must not stop the terminal: a write would wait, and the connection with it.
    el_set(line, EL_SETTY, "-d", "-ixon", "-ixoff", NULL);
}
