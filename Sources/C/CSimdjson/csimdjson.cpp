#include "csimdjson.h"

#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

using namespace simdjson;

namespace {

// The maximum nesting, which bounds the recursion; split and prompt files are less deep.
constexpr int depth_limit = 64;

struct Walk {
    csimdjson_visit visit;
    void *context;
    bool ended = false;

    error_code event(csimdjson_kind kind) { return pass({kind, nullptr, 0, 0, 0}); }

    error_code text(csimdjson_kind kind, std::string_view text) {
        return pass({kind, reinterpret_cast<const uint8_t *>(text.data()), text.size(), 0, 0});
    }

    error_code pass(const csimdjson_event &event) {
        if (visit(context, &event)) return SUCCESS;
        ended = true;
        return INCORRECT_TYPE;
    }

    error_code number(ondemand::number number) {
        if (number.is_int64()) return pass({csimdjson_integer, nullptr, 0, number.get_int64(), 0});
        return pass({csimdjson_number, nullptr, 0, 0, number.as_double()});
    }

    // `Value` is a document at the top level and a value below.
    template <typename Value> error_code walk(Value &value, int depth) {
        if (depth == depth_limit) return DEPTH_ERROR;
        ondemand::json_type type;
        if (auto error = value.type().get(type)) return error;
        switch (type) {
        case ondemand::json_type::object: {
            ondemand::object object;
            if (auto error = value.get_object().get(object)) return error;
            return members(object, depth);
        }
        case ondemand::json_type::array: {
            ondemand::array array;
            if (auto error = value.get_array().get(array)) return error;
            return elements(array, depth);
        }
        case ondemand::json_type::string: {
            std::string_view found;
            if (auto error = value.get_string().get(found)) return error;
            return text(csimdjson_string, found);
        }
        case ondemand::json_type::number: {
            ondemand::number found;
            if (auto error = value.get_number().get(found)) return error;
            return number(found);
        }
        case ondemand::json_type::boolean: {
            bool found;
            if (auto error = value.get_bool().get(found)) return error;
            return pass({csimdjson_bool, nullptr, 0, found, 0});
        }
        case ondemand::json_type::null: {
            bool found;
            if (auto error = value.is_null().get(found)) return error;
            return found ? event(csimdjson_null) : N_ATOM_ERROR;
        }
        }
        return TAPE_ERROR;
    }

    error_code members(ondemand::object &object, int depth) {
        if (auto error = event(csimdjson_begin_object)) return error;
        for (auto field : object) {
            std::string_view key;
            if (auto error = field.unescaped_key().get(key)) return error;
            if (auto error = text(csimdjson_key, key)) return error;
            ondemand::value member;
            if (auto error = field.value().get(member)) return error;
            if (auto error = walk(member, depth + 1)) return error;
        }
        return event(csimdjson_end_object);
    }

    error_code elements(ondemand::array &array, int depth) {
        if (auto error = event(csimdjson_begin_array)) return error;
        for (auto item : array) {
            ondemand::value element;
            if (auto error = item.get(element)) return error;
            if (auto error = walk(element, depth + 1)) return error;
        }
        return event(csimdjson_end_array);
    }
};

}  // namespace

bool csimdjson_walk(
    const uint8_t *bytes, size_t length, size_t readable, csimdjson_visit visit, void *context,
    csimdjson_fault *fault) {
    *fault = {0, nullptr};
    auto text = reinterpret_cast<const char *>(bytes);
    padded_string copy;
    if (readable < length + SIMDJSON_PADDING) {
        copy = padded_string(text, length);
        text = copy.data();
        readable = length + SIMDJSON_PADDING;
    }
    ondemand::parser parser;
    ondemand::document document;
    Walk walk{visit, context};
    auto error = parser.iterate(padded_string_view(text, length, readable)).get(document);
    if (error) {
        // Errors before the walk, an unclosed string or invalid UTF-8, have no location; the caller determines it.
        *fault = {length, error_message(error)};
        return false;
    }
    error = walk.walk(document, 0);
    if (walk.ended) return false;
    const char *location;
    // A missing last bracket is reported at the first one; its location is the end.
    bool known = error != INCOMPLETE_ARRAY_OR_OBJECT && document.current_location().get(location) == SUCCESS;
    if (!error) {
        if (!known) return true;
        error = TRAILING_CONTENT;
    }
    *fault = {known ? size_t(location - text) : length, error_message(error)};
    return false;
}
