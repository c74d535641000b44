// The one editor, as the parts of it in this folder share it.
#ifndef GASCHAT_EDITOR_H
#define GASCHAT_EDITOR_H

#define _GNU_SOURCE
#include "cedit.h"

#include <histedit.h>
#include <stdio.h>
#include <sys/types.h>
#include <termios.h>

struct editor {
    EditLine *line;
    History *history;
    FILE *input;
    /// Collects in `frame`.
    FILE *output;
    /// What libedit draws; goes to `frame` as well.
    FILE *drawn;
    /// The bytes of a character that libedit has drawn a part of.
    char partial[8];
    size_t partial_count;
    int descriptor;
    struct termios saved;
    char *prompt;
    /// The same as libedit has it.
    char *hidden_prompt;
    char *area;
    /// By which width libedit draws, 0 when that has to be found out.
    int width;
    /// Whether prompt and line stand on the screen now.
    int is_shown;
    /// Whether the area does.
    int area_is_shown;
    char *entered;
    char *typed;
    char *frame;
    size_t frame_head;
    size_t frame_end;
    size_t frame_size;
    const int32_t *pending;
    int pending_count;
    int erase;
    enum cedit_outcome outcome;
};

extern struct editor editor;

/// Collects what is to be written; for fopencookie.
ssize_t collect(void *cookie, const char *bytes, size_t count);

/// What libedit draws goes here; for fopencookie.
ssize_t draw(void *cookie, const char *bytes, size_t count);

/// The character that stands in libedit's line for one without a cell; every other one itself.
int32_t hide_mark(int32_t scalar);

/// Whether a character stands for one without a cell.
int is_mark(wchar_t character);

/// A text as libedit has it, to be freed; NULL when the memory for it is missing.
char *hide_marks(const char *text);

/// A part of libedit's line as it was typed, UTF-8, to be freed; NULL when the memory for it is missing.
///
/// `place` becomes the byte of it at which `cursor` stands.
char *show_marks(const wchar_t *begin, const wchar_t *end, const wchar_t *cursor, size_t *place);

/// Whether something without a cell stands in the line.
int line_has_marks(void);

/// What libedit asks for the prompt.
char *show_prompt(EditLine *line);

/// Feeds libedit from the key at hand.
int next_scalar(EditLine *line, wchar_t *scalar);

/// Has the terminal restored at exit().
void register_exit(void);

/// Says what the keys do.
void bind_keys(EditLine *line);

#endif
