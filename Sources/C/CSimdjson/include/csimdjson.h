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

/// One step of a walk through a document; `text` is UTF-8 and lives until the visit returns.
typedef struct {
    csimdjson_kind kind;
    const uint8_t *text;
    size_t length;
    int64_t integer;
    double number;
} csimdjson_event;

/// Returns false to end the walk.
typedef bool (*csimdjson_visit)(void *context, const csimdjson_event *event);

/// Where and why a document is broken.
typedef struct {
    size_t offset;
    const char *message;
} csimdjson_fault;

/// Visits every value of the JSON document `bytes` in its order.
///
/// `readable` bytes can be read there, at least `length`; with 64 more than that nothing is copied.
/// /// Returns false if the document is broken (`fault->message` says how) or a visit ended the walk (it is null).
bool csimdjson_walk(
    const uint8_t *bytes, size_t length, size_t readable, csimdjson_visit visit, void *context,
    csimdjson_fault *fault);

#ifdef __cplusplus
}
#endif

#endif
