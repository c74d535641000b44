// What is used of ICU, declared here instead of included: ICU's own headers may not reach Swift. Foundation brings a
// second ICU whose types have the same names and other contents, and a module that sees both does not compile; and ICU
// renames its functions by macros (u_charType is u_charType_72), which Swift can't import. The declarations repeat
// ICU's stable C interface with plain integers; the values of its enumerations never change (ICU's API policy). Only
// the version, which is nothing but macros, comes from ICU.
#ifndef GASCHAT_CICU_SHIM_H
#define GASCHAT_CICU_SHIM_H

#include <stddef.h>
#include <stdint.h>
#include <unicode/uvernum.h>

#define CICU_NAME(name) U_ICU_ENTRY_POINT_RENAME(name)

/// Binary properties, of UProperty in uchar.h.
enum cicu_binary {
    cicu_bidi_control = 2,
    cicu_default_ignorable = 5,
    cicu_noncharacter = 24,
    cicu_white_space = 31,
    cicu_emoji_presentation = 58,
    cicu_emoji_modifier = 59,
    cicu_regional_indicator = 62,
    cicu_prepended_mark = 63,
};

/// Enumerated properties, of UProperty in uchar.h.
enum cicu_enumerated {
    cicu_combining_class = 0x1002,
    cicu_east_asian_width = 0x1004,
    cicu_joining_type = 0x1007,
    cicu_hangul_type = 0x100b,
};

/// Scripts, of UScriptCode in uscript.h.
enum cicu_script {
    cicu_greek = 14,
    cicu_han = 17,
    cicu_hebrew = 19,
    cicu_hiragana = 20,
    cicu_katakana = 22,
};

int8_t CICU_NAME(u_charType)(int32_t scalar);
int32_t CICU_NAME(u_charDirection)(int32_t scalar);
int8_t CICU_NAME(u_hasBinaryProperty)(int32_t scalar, int32_t property);
int32_t CICU_NAME(u_getIntPropertyValue)(int32_t scalar, int32_t property);
int32_t CICU_NAME(uscript_getScript)(int32_t scalar, int32_t *status);
void *CICU_NAME(uspoof_open)(int32_t *status);
int32_t CICU_NAME(uspoof_getSkeleton)(
    const void *checker, uint32_t type, const uint16_t *source, int32_t count, uint16_t *target, int32_t capacity,
    int32_t *status);
const void *CICU_NAME(unorm2_getNFCInstance)(int32_t *status);
const void *CICU_NAME(unorm2_getNFKCCasefoldInstance)(int32_t *status);
int32_t CICU_NAME(unorm2_normalize)(
    const void *form, const uint16_t *source, int32_t count, uint16_t *target, int32_t capacity, int32_t *status);
int32_t CICU_NAME(u_strToUpper)(
    uint16_t *target, int32_t capacity, const uint16_t *source, int32_t count, const char *locale, int32_t *status);
uint16_t *CICU_NAME(u_strFromUTF8)(
    uint16_t *target, int32_t capacity, int32_t *length, const char *source, int32_t count, int32_t *status);
char *CICU_NAME(u_strToUTF8)(
    char *target, int32_t capacity, int32_t *length, const uint16_t *source, int32_t count, int32_t *status);
int32_t *CICU_NAME(u_strToUTF32)(
    int32_t *target, int32_t capacity, int32_t *length, const uint16_t *source, int32_t count, int32_t *status);

/// General category of a code point, a value of UCharCategory.
static inline int32_t cicu_category(int32_t scalar) { return CICU_NAME(u_charType)(scalar); }

/// Bidirectional class of a code point, a value of UCharDirection.
static inline int32_t cicu_direction(int32_t scalar) { return CICU_NAME(u_charDirection)(scalar); }

/// Whether a code point has the binary property, a value of cicu_binary.
static inline int32_t cicu_has(int32_t scalar, int32_t property) {
    return CICU_NAME(u_hasBinaryProperty)(scalar, property) ? 1 : 0;
}

/// The value of an enumerated property, a value of cicu_enumerated.
static inline int32_t cicu_value(int32_t scalar, int32_t property) {
    return CICU_NAME(u_getIntPropertyValue)(scalar, property);
}

/// Script of a code point, a value of UScriptCode; -1 when ICU fails.
static inline int32_t cicu_script_of(int32_t scalar) {
    int32_t status = 0;
    int32_t script = CICU_NAME(uscript_getScript)(scalar, &status);
    return status > 0 ? -1 : script;
}

/// A checker whose skeleton function may be used from several threads at once; NULL when ICU fails.
static inline void *cicu_open_checker(void) {
    int32_t status = 0;
    void *checker = CICU_NAME(uspoof_open)(&status);
    return status > 0 ? NULL : checker;
}

// A status above zero is a failure; this one tells that the result needs more room.
enum { cicu_overflow = 15 };

static inline int32_t cicu_needed(int32_t length, int32_t status) {
    return status > 0 && status != cicu_overflow ? -1 : length;
}

static inline int32_t cicu_normalize(
    const void *form, const uint16_t *source, int32_t count, uint16_t *target, int32_t capacity,
    int32_t status) {
    if (status > 0) return -1;
    int32_t length = CICU_NAME(unorm2_normalize)(
        form, source, count, target, capacity, &status);
    return cicu_needed(length, status);
}

// The functions below return how many units the result has (more than `capacity` when it did not fit), or -1.

/// Normalization Form C (Unicode Standard Annex #15).
static inline int32_t cicu_nfc(const uint16_t *source, int32_t count, uint16_t *target, int32_t capacity) {
    int32_t status = 0;
    const void *form = CICU_NAME(unorm2_getNFCInstance)(&status);
    return cicu_normalize(form, source, count, target, capacity, status);
}

/// NFKC_Casefold: compatibility composition, full case folding, default ignorables removed.
static inline int32_t cicu_nfkc_casefold(const uint16_t *source, int32_t count, uint16_t *target, int32_t capacity) {
    int32_t status = 0;
    const void *form = CICU_NAME(unorm2_getNFKCCasefoldInstance)(&status);
    return cicu_normalize(form, source, count, target, capacity, status);
}

/// Upper case by the rules of no particular language.
static inline int32_t cicu_upper(const uint16_t *source, int32_t count, uint16_t *target, int32_t capacity) {
    int32_t status = 0;
    int32_t length = CICU_NAME(u_strToUpper)(target, capacity, source, count, "", &status);
    return cicu_needed(length, status);
}

/// Skeleton of look-alikes (Unicode Technical Standard #39, section 4).
static inline int32_t cicu_skeleton(
    const void *checker, const uint16_t *source, int32_t count, uint16_t *target, int32_t capacity) {
    int32_t status = 0;
    int32_t length = CICU_NAME(uspoof_getSkeleton)(
        checker, 0, source, count, target, capacity, &status);
    return cicu_needed(length, status);
}

/// UTF-8 to UTF-16; -1 when the bytes are no well-formed UTF-8 (RFC 3629).
static inline int32_t cicu_from_utf8(const uint8_t *source, int32_t count, uint16_t *target, int32_t capacity) {
    int32_t status = 0;
    int32_t length = 0;
    CICU_NAME(u_strFromUTF8)(target, capacity, &length, (const char *)source, count, &status);
    return cicu_needed(length, status);
}

/// UTF-16 to UTF-8.
static inline int32_t cicu_to_utf8(const uint16_t *source, int32_t count, uint8_t *target, int32_t capacity) {
    int32_t status = 0;
    int32_t length = 0;
    CICU_NAME(u_strToUTF8)((char *)target, capacity, &length, source, count, &status);
    return cicu_needed(length, status);
}

/// UTF-16 to scalars.
static inline int32_t cicu_to_utf32(const uint16_t *source, int32_t count, int32_t *target, int32_t capacity) {
    int32_t status = 0;
    int32_t length = 0;
    CICU_NAME(u_strToUTF32)(target, capacity, &length, source, count, &status);
    return cicu_needed(length, status);
}

/// Overwrites memory with zeros; volatile, so that the compiler keeps the stores to memory that nobody reads again.
static inline void cicu_wipe(void *memory, size_t count) {
    volatile unsigned char *byte = (volatile unsigned char *)memory;
    while (count > 0) {
        *byte++ = 0;
        count -= 1;
    }
}

#endif
