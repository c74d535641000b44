#include "editor.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

// libedit has no cell for a character that takes none, such as an accent of its own or what joins the people of a
// family: it leaves it out when it draws. Terminals draw it, yet don't agree about how many cells several such take
// together. So each stands in libedit's line as a character of one cell, from the planes for private use, and is put back
// when the line is read. It is drawn as something that takes one cell everywhere.

/// From a character of the first two planes to its place in the last two.
enum { private_planes = 0xf0000 };

static wchar_t hidden(wchar_t character) {
    if (character < 0x80 || character >= 0x20000 || wcwidth(character) != 0) return character;
    return character + private_planes;
}

static wchar_t shown(wchar_t character) {
    if (character < private_planes) return character;
    wchar_t former = character - private_planes;
    return former >= 0x80 && wcwidth(former) == 0 ? former : character;
}

int is_mark(wchar_t character) {
    return shown(character) != character;
}

int32_t hide_mark(int32_t scalar) {
    return (int32_t)hidden((wchar_t)scalar);
}

char *hide_marks(const char *text) {
    // No character has more than 4 bytes, and none is shorter than 1.
    char *copy = malloc(strlen(text) * 4 + 1);
    if (!copy) return NULL;
    char *end = copy;
    mbstate_t from, to;
    memset(&from, 0, sizeof from);
    memset(&to, 0, sizeof to);
    while (*text) {
        wchar_t character;
        size_t length = mbrtowc(&character, text, MB_CUR_MAX, &from);
        if (length == 0 || length > MB_CUR_MAX) break;
        text += length;
        // What would be taken for one of ours when it is read is left out.
        if (!is_mark(character)) end += wcrtomb(end, hidden(character), &to);
    }
    *end = 0;
    return copy;
}

char *show_marks(const wchar_t *begin, const wchar_t *end, const wchar_t *cursor, size_t *place) {
    char *copy = malloc((size_t)(end - begin) * 4 + 1), *next = copy;
    if (!copy) return NULL;
    mbstate_t state;
    memset(&state, 0, sizeof state);
    *place = 0;
    for (; begin < end; begin += 1) {
        if (begin == cursor) *place = (size_t)(next - copy);
        size_t length = wcrtomb(next, shown(*begin), &state);
        if (length != (size_t)-1) next += length;
    }
    if (begin == cursor) *place = (size_t)(next - copy);
    *next = 0;
    return copy;
}

int line_has_marks(void) {
    const LineInfoW *line = el_wline(editor.line);
    for (const wchar_t *character = line->buffer; character < line->lastchar; character += 1) {
        if (is_mark(*character)) return 1;
    }
    return 0;
}

/// What stands on a letter stays there, and a blank behind it has the cell; what can't be seen is a dot.
static void draw_mark(wchar_t mark) {
    char bytes[16];
    mbstate_t state;
    memset(&state, 0, sizeof state);
    size_t length = wcrtomb(bytes, mark, &state);
    int is_seen = iswctype((wint_t)mark, wctype("combining")) || iswalpha((wint_t)mark);
    if (length != (size_t)-1 && is_seen) {
        collect(NULL, bytes, length);
        collect(NULL, " ", 1);
    } else {
        collect(NULL, "\xc2\xb7", 2);
    }
}

ssize_t draw(void *cookie, const char *bytes, size_t count) {
    (void)cookie;
    fflush(editor.output);
    for (size_t index = 0; index < count; index += 1) {
        editor.partial[editor.partial_count] = bytes[index];
        editor.partial_count += 1;
        mbstate_t state;
        memset(&state, 0, sizeof state);
        wchar_t character = 0;
        size_t length = mbrtowc(&character, editor.partial, editor.partial_count, &state);
        if (length == (size_t)-2 && editor.partial_count < sizeof editor.partial) continue;
        if (length <= editor.partial_count && is_mark(character)) {
            draw_mark(shown(character));
        } else {
            collect(NULL, editor.partial, editor.partial_count);
        }
        editor.partial_count = 0;
    }
    return (ssize_t)count;
}
