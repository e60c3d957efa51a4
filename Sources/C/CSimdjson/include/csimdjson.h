#ifndef CSIMDJSON_H
#define CSIMDJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    csimdjson_begin_object,
    csimdjson_end_object,
    csimdjson_begin_array,
    csimdjson_end_array,
    csimdjson_key,
    csimdjson_string,
    csimdjson_integer,
    csimdjson_number,
    csimdjson_bool,
    csimdjson_null,
} csimdjson_kind;

/// A step of the walk through a document; `text` is UTF-8 and valid during the visit.
typedef struct {
    csimdjson_kind kind;
    const uint8_t *text;
    size_t length;
    int64_t integer;
    double number;
} csimdjson_event;

/// A callback for each step; it returns false to end the walk.
typedef bool (*csimdjson_visit)(void *context, const csimdjson_event *event);

/// The location and description of an error.
typedef struct {
    size_t offset;
    const char *message;
} csimdjson_fault;

/// Visits every value of the JSON document `bytes` in order.
///
/// At least `length` of `readable` bytes are accessible; with 64 more bytes, the document is not copied. Returns false
/// if the document is invalid (`fault->message` is the reason) or a visit ended the walk (it is NULL).
bool csimdjson_walk(
    const uint8_t *bytes, size_t length, size_t readable, csimdjson_visit visit, void *context,
    csimdjson_fault *fault);

#ifdef __cplusplus
}
#endif

#endif
