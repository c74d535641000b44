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
    int descriptor;
    struct termios saved;
    char *prompt;
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

/// What libedit writes goes here; for fopencookie.
ssize_t collect(void *cookie, const char *bytes, size_t count);

/// What libedit asks for the prompt.
char *show_prompt(EditLine *line);

/// Feeds libedit from the key at hand.
int next_scalar(EditLine *line, wchar_t *scalar);

/// Has the terminal restored at exit().
void register_exit(void);

/// Says what the keys do.
void bind_keys(EditLine *line);

#endif
